"""A button that calls a service: the shape of most acts of the room."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views import View

from accounts.access import AllowedMixin
from core.exceptions import DomainError


class ActView(AllowedMixin, View):
    """A button: one service call, then back to `back(target)` with the answer or the refusal in words."""

    http_method_names = ["post"]

    def find(self) -> Any:
        raise NotImplementedError

    def act(self, target: Any) -> str:
        """Call the service; the sentence to show when it worked."""
        raise NotImplementedError

    def back(self, target: Any) -> str:
        raise NotImplementedError

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        target = self.find()
        try:
            messages.success(request, self.act(target))
        except DomainError as refusal:
            messages.error(request, refusal.message)
        return redirect(self.back(target))


def whole_number(text: str) -> int:
    """The id a form sent; anything else is a tampered request and refused."""
    if not text.isdecimal() or len(text) > 18:
        raise PermissionDenied
    return int(text)
