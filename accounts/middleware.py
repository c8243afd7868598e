"""Signing in again must lead to a page, never to an address that only takes what a form sends."""

from urllib.parse import urlsplit

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.utils.http import url_has_allowed_host_and_scheme

SAFE_METHODS = {"GET", "HEAD"}


class SignInFirstMiddleware(LoginRequiredMiddleware):
    """As Django's, but after a form sent without a session people come back to the page of the form."""

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
