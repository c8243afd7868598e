"""What every request passes: the visitor's true address, the trace of refusals, no copies left behind."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from core import audit, request_info

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
REFUSALS = {403: "refused", 404: "refused"}


class ProxyAddressMiddleware:
    """Puts the visitor's address in place of the proxy's, for the log and for the lock after wrong passwords.

    `OCOP_PROXY_COUNT` proxies of our own stand in front; each appends the address it saw, so the one
    written by the outermost of them is that many places from the end. What stands before it was
    typed by the visitor and is not believed.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        count = settings.OCOP_PROXY_COUNT
        forwarded = request.headers.get("X-Forwarded-For", "").split(",")
        seen = [part.strip() for part in forwarded if part.strip()]
        if count and len(seen) >= count and _is_address(seen[-count]):
            request.META["REMOTE_ADDR"] = seen[-count]
        return self.get_response(request)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


class RefusalAuditMiddleware:
    """Keeps the request's origin for the audit log and records 403 and 404 answers to writes.

    Only for people who are signed in: a stranger is sent to sign in, and could fill the log at will.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # The database takes no NUL, an address typed by an attacker may hold one.
        path = request.path.replace("\x00", "")[:300]
        info = request_info.RequestInfo(ip=request.META.get("REMOTE_ADDR") or None, path=path)
        token = request_info.current.set(info)
        try:
            response = self.get_response(request)
            self._record(request, response)
            return response
        finally:
            request_info.current.reset(token)

    def _record(self, request: HttpRequest, response: HttpResponse) -> None:
        refused = response.status_code in REFUSALS and request.method not in SAFE_METHODS
        if refused and request.user.is_authenticated:
            verb = REFUSALS[response.status_code]
            audit.record(by=request.user, verb=verb, after={"status": response.status_code})


class NoStoreMiddleware:
    """Pages of a signed-in person stay in no cache: offices share machines, and "back" must not show them."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # An answer that says itself who may keep it is asked first: a public page has no visitor to look up.
        if not response.has_header("Cache-Control") and request.user.is_authenticated:
            add_never_cache_headers(response)
        return response


class MethodInWordsMiddleware:
    """An address that only takes what a form sends, opened by itself: a page in words, not an empty one."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or response.content or request.method == "HEAD":
            return response
        page = render(request, "405.html", status=405)
        page["Allow"] = response["Allow"]
        return page
