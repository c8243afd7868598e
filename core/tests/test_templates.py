"""What holds for every template file: it compiles, and the strict Content-Security-Policy can stand."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines
from django.template.loader import get_template, render_to_string

FOLDER = settings.BASE_DIR / "templates"
TEMPLATES = sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.html"))
# Papers are printed by WeasyPrint, not shown by a browser: style sheets inside them are fine.
PAGES = [name for name in TEMPLATES if not name.startswith("pdf/")]
FORBIDDEN = {
    "style attribute": re.compile(r"<[^>]+\sstyle\s*=", re.IGNORECASE),
    "style element": re.compile(r"<style\b", re.IGNORECASE),
    "event handler": re.compile(r"<[^>]+\son[a-z]+\s*=", re.IGNORECASE),
    "inline script": re.compile(r"<script\b(?![^>]*\ssrc=)", re.IGNORECASE),
    "javascript address": re.compile(r"javascript:", re.IGNORECASE),
    "foreign host": re.compile(r"""(?:src|href|action)=["'](?:https?:)?//""", re.IGNORECASE),
}


@pytest.mark.parametrize("name", TEMPLATES)
def test_template_compiles(name):
    get_template(name)


@pytest.mark.parametrize("name", PAGES)
def test_page_has_nothing_the_policy_forbids(name):
    source = Path(FOLDER / name).read_text(encoding="utf-8")
    found = [what for what, pattern in FORBIDDEN.items() if pattern.search(source)]
    assert found == []


@pytest.mark.parametrize("name", ["400.html", "500.html", "403_csrf.html"])
def test_error_pages_need_no_context_at_all(name):
    """Django renders these without request, user or context processors."""
    page = render_to_string(name)
    assert 'id="main"' in page and "Về trang đầu" in page


def test_refused_form_links_its_summary_to_the_fields():
    from django import forms

    class Entity(forms.Form):
        name = forms.CharField(label="Tên chủ thể")

    source = "{% load crispy_forms_tags %}{{ form|crispy }}"
    page = engines["django"].from_string(source).render({"form": Entity({})})
    assert 'href="#id_name"' in page
    assert 'id="id_name_error"' in page and 'aria-describedby="id_name_error"' in page
