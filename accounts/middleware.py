"""Signing in again must lead to a page, never to an address that only takes what a form sends; and a
password somebody else has seen is changed before anything else.
"""

from urllib.parse import urlsplit

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

SAFE_METHODS = {"GET", "HEAD"}


class SignInFirstMiddleware(LoginRequiredMiddleware):
    """As Django's, but after a form sent without a session people come back to the page of the form, and
    a page for everybody (`core.public`) does not ask who the visitor is.
    """

    def process_view(self, request, view_func, view_args, view_kwargs):
        if getattr(view_func, "without_session", False):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(self, request, view_func):
        if request.method in SAFE_METHODS:
            return super().handle_no_permission(request, view_func)
        return redirect_to_login(self._page_of_the_form(request), self.get_login_url(view_func))

    def _page_of_the_form(self, request) -> str:
        page = request.headers.get("Referer", "")
        if not url_has_allowed_host_and_scheme(page, {request.get_host()}):
            return "/"
        parts = urlsplit(page)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path


class FirstPasswordMiddleware:
    """Who signed in with a password given by somebody else is led to changing it, from every page."""

    OPEN = frozenset({"accounts:password_change", "accounts:logout", "accounts:login", "core:keep_alive"})

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        if getattr(view_func, "without_session", False):
            return None
        if not (request.user.is_authenticated and request.user.must_change_password):
            return None
        if request.resolver_match.view_name in self.OPEN:
            return None
        if request.headers.get("HX-Request"):
            # A redirect would be swapped into a corner of the page; this one htmx follows as a whole page.
            return HttpResponse(headers={"HX-Redirect": reverse("accounts:password_change")})
        return redirect("accounts:password_change")
