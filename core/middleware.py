"""Every refused attempt to change something leaves a trace."""

from django.http import HttpRequest, HttpResponse

from core import audit, request_info

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
REFUSALS = {403: "refused", 404: "refused"}


class RefusalAuditMiddleware:
    """Keeps the request's origin for the audit log and records 403 and 404 answers to writes."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # The database takes no NUL, an address typed by an attacker may hold one.
        path = request.path.replace("\x00", "")[:300]
        info = request_info.RequestInfo(ip=request.META.get("REMOTE_ADDR") or None, path=path)
        token = request_info.current.set(info)
        try:
            response = self.get_response(request)
            if response.status_code in REFUSALS and request.method not in SAFE_METHODS:
                verb = REFUSALS[response.status_code]
                audit.record(by=request.user, verb=verb, after={"status": response.status_code})
            return response
        finally:
            request_info.current.reset(token)
