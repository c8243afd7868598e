"""Shapes that pages of every room have: a filtered list, and a form that hands over to a service."""

from typing import Any

from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.generic import FormView, ListView

from accounts.access import AllowedMixin
from core.exceptions import DomainError

PAGE_SIZE = 25


class FilteredList(AllowedMixin, ListView):
    """A list of the user's area: filters in the address, Vietnamese order, pages of 25."""

    paginate_by = PAGE_SIZE
    filters: Any = None

    def rows(self):
        raise NotImplementedError

    def get_queryset(self):
        self.filterset = self.filters(self.request.GET, queryset=self.rows(), request=self.request)
        return self.filterset.qs

    def paginate_queryset(self, queryset, page_size):
        """A page number out of range shows the nearest page instead of an error."""
        paginator = self.get_paginator(queryset, page_size)
        page = paginator.get_page(self.request.GET.get("page"))
        return paginator, page, page.object_list, page.has_other_pages()

    def get_context_data(self, **kwargs):
        filtered = any(self.request.GET.get(name) for name in self.filterset.form.fields)
        return super().get_context_data(filter_form=self.filterset.form, is_filtered=filtered, **kwargs)


class ServiceForm(AllowedMixin, FormView):
    """A form whose clean data go to one service call; a refusal stands beside its field, nothing is lost."""

    def carry_out(self, form: Any) -> str:
        """Call the service; the address to go to. May raise DomainError."""
        raise NotImplementedError

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return redirect(self.carry_out(form))
        except DomainError as refusal:
            say_refusal(form, refusal)
            return self.form_invalid(form)


class ModelServiceForm(ServiceForm):
    """The same for a form that must know who fills it in (`core.forms.SaidByService`)."""

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "user": self.request.user}


def say_refusal(form: BaseForm, refusal: DomainError) -> None:
    """Put a service's refusal beside the field it belongs to, or on top of the form."""
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
