"""Shapes that pages of every room have: a filtered list, and a form that hands over to a service."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.forms import BaseForm, ModelChoiceField
from django.http import FileResponse, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import slugify
from django.views.generic import FormView, ListView

from accounts import saved_views
from accounts.access import AllowedMixin
from accounts.models import SavedView
from core import tables, workbooks
from core.exceptions import DomainError
from core.numbers import format_datetime
from core.text import search_key

PAGE_SIZE = tables.PAGE_SIZES[0]
# Rows of a workbook read at a time, so that a long list never stands in memory whole.
CHUNK = 1000


class FilteredList(AllowedMixin, ListView):
    """A list of the user's area: filters, order, columns and page size in the address, few queries a page.

    `columns` makes it a table people arrange, with saved views; `workbook` names the address of its .xlsx.
    Without columns the page draws its own table.
    """

    filters: Any = None
    columns: Sequence[tables.Column] = ()
    title = ""
    workbook = ""

    def rows(self):
        """All rows of the user's area in their own order, with what the page shows."""
        raise NotImplementedError

    @cached_property
    def arrangement(self) -> tables.Arrangement:
        return tables.arrange(self.columns, self.request.GET)

    def get_queryset(self):
        self.filterset = self.filters(self.request.GET, queryset=self.rows(), request=self.request)
        return self.arrangement.sort(self.filterset.qs)

    def get_paginate_by(self, queryset):
        return self.arrangement.size

    def paginate_queryset(self, queryset, page_size):
        """A page number out of range shows the nearest page instead of an error."""
        paginator = tables.IndexedPaginator(queryset, page_size, shape=self.rows())
        page = paginator.get_page(self.request.GET.get(tables.PAGE))
        return paginator, page, page.object_list, page.has_other_pages()

    def get_context_data(self, **kwargs):
        filtered = any(self.request.GET.get(name) for name in self.filterset.form.fields)
        if self.columns:
            kwargs = {**self.arranged_context(), **kwargs}
        return super().get_context_data(filter_form=self.filterset.form, is_filtered=filtered, **kwargs)

    def arranged_context(self) -> dict[str, Any]:
        """What the bar above the table needs: the arrangement, the saved views, the workbook's address."""
        query = saved_views.tidy(self.request.GET.urlencode())
        return {
            "table": self.arrangement,
            "table_title": self.title,
            "page_sizes": tables.PAGE_SIZES,
            "kept_by_filters": self.kept(*tables.ARRANGING),
            "kept_by_columns": self.kept_except(tables.COLUMNS, tables.PAGE),
            "kept_by_size": self.kept_except(tables.SIZE, tables.PAGE),
            "query": query,
            "saved_views": self.own_views(),
            "workbook_url": f"{reverse(self.workbook)}?{query}" if self.workbook else "",
        }

    def kept(self, *names: str) -> list[tuple[str, str]]:
        """These parts of the address, for a form that must not lose them."""
        return [(name, value) for name in names for value in self.request.GET.getlist(name) if value]

    def kept_except(self, *names: str) -> list[tuple[str, str]]:
        return self.kept(*(name for name in self.request.GET if name not in names))

    def own_views(self):
        page = self.request.resolver_match.view_name
        return SavedView.objects.visible_to(self.request.user).filter(page=page)

    def post(self, request, *args, **kwargs):
        """Keep the present address as a saved view."""
        if not self.columns:
            return HttpResponseNotAllowed(["GET"])
        try:
            view = saved_views.save_view(
                by=request.user,
                page=request.resolver_match.view_name,
                name=request.POST.get("name", ""),
                query=request.GET.urlencode(),
            )
            messages.success(request, f"Đã lưu chế độ xem “{view}”.")
        except DomainError as refusal:
            messages.error(request, refusal.message)
        return redirect(request.get_full_path())


class ListWorkbook:
    """The same list as .xlsx: the same permission, filters, order and columns, all pages. Mix in first."""

    def get(self, request, *args, **kwargs):
        rows = self.get_queryset()[: workbooks.ROW_LIMIT + 1]
        file = workbooks.write_list(
            title=self.title,
            notes=[
                describe(self.filterset.form),
                f"Lập lúc {format_datetime(timezone.now())}, {request.user}.",
            ],
            columns=self.arrangement.columns,
            rows=rows.iterator(chunk_size=CHUNK),
        )
        name = f"{slugify(search_key(self.title))}-{timezone.localdate():%Y-%m-%d}.xlsx"
        return FileResponse(file, as_attachment=True, filename=name, content_type=workbooks.CONTENT_TYPE)

    def post(self, request, *args, **kwargs):
        return HttpResponseNotAllowed(["GET"])


def describe(form: BaseForm) -> str:
    """The filters of a list in words: "Lọc: Trạng thái: Đang soạn; Năm: 2026"."""
    parts = [
        f"{form.fields[name].label}: {_choice_label(form.fields[name], value)}"
        for name, value in form.cleaned_data.items()
        if value not in (None, "", [])
    ]
    return f"Lọc: {'; '.join(parts)}" if parts else "Không lọc: toàn bộ danh sách được xem."


def _choice_label(field: Any, value: Any) -> str:
    if isinstance(field, ModelChoiceField):
        return str(value)
    return str(dict(getattr(field, "choices", ())).get(str(value), value))


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
