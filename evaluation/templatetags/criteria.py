"""Filters of the criteria pages."""

from django import template

from evaluation.search_text import marked

register = template.Library()

register.filter("found", marked)
