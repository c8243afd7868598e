"""What the pages of this app share: filtered lists, and forms that hand over to a service."""

from typing import Any

from django.http import HttpResponse
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
    """A form page with one service call; what the service refuses is shown beside its field."""

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "user": self.request.user}

    def carry_out(self, form) -> HttpResponse:
        """Call the service and answer. May raise DomainError."""
        raise NotImplementedError

    def form_valid(self, form):
        try:
            return self.carry_out(form)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
            return self.form_invalid(form)
