"""Renaming and dropping one's saved views; they are made on the list itself."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import NoReverseMatch, reverse
from django.views import View

from accounts import saved_views
from accounts.models import SavedView
from core.exceptions import DomainError


class SavedViewRenameView(View):
    """POST `name`."""

    def post(self, request: Any, pk: int) -> HttpResponse:
        view = get_object_or_404(SavedView.objects.visible_to(request.user), pk=pk)
        try:
            saved_views.rename_view(view, name=request.POST.get("name", ""))
            messages.success(request, f"Đã đổi tên thành “{view}”.")
        except DomainError as refusal:
            messages.error(request, refusal.message)
        return redirect(list_of(view))


class SavedViewDeleteView(View):
    def post(self, request: Any, pk: int) -> HttpResponse:
        view = get_object_or_404(SavedView.objects.visible_to(request.user), pk=pk)
        saved_views.delete_view(view)
        messages.success(request, f"Đã xóa chế độ xem “{view}”.")
        return redirect(list_of(view))


def list_of(view: SavedView) -> str:
    """The list with the saved view's filters; home when the list has moved since."""
    try:
        return f"{reverse(view.page)}?{view.query}"
    except NoReverseMatch:
        return reverse("accounts:home")
