"""Two shapes most views of the room have: a button that calls a service, and a form that does."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views import View
from django.views.generic import FormView

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


class ServiceFormView(AllowedMixin, FormView):
    """A form whose clean data go to one service call; a refusal stands beside its field, nothing is lost."""

    def carry_out(self, form: Any) -> str:
        """Call the service; the address to go to."""
        raise NotImplementedError

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return redirect(self.carry_out(form))
        except DomainError as refusal:
            say_refusal(form, refusal)
            return self.form_invalid(form)


def say_refusal(form: Any, refusal: DomainError) -> None:
    """Put a service's refusal beside the field it belongs to, or on top of the form."""
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)


def whole_number(text: str) -> int:
    """The id a form sent; anything else is a tampered request and refused."""
    if not text.isdecimal() or len(text) > 18:
        raise PermissionDenied
    return int(text)
