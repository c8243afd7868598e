"""Pages for everybody, without sign-in: counted, cacheable, and without any trace of the visitor.

Such a page is drawn without the request, so that no session, cookie or CSRF token comes into it.
"""

import hashlib
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag
from django.views import View

from core.context_processors import site
from core.rate_limit import Limit, seconds_to_wait

MAX_AGE = 300


class PublicView(View):
    """A page anybody may open, as often as `limit` allows. `get` answers with `page` or any response.

    Good answers may be kept for `max_age` seconds by browsers and proxies and are asked for again by ETag; a
    refusal is kept by nobody.
    """

    http_method_names = ["get", "head", "options"]
    limit: Limit
    max_age = MAX_AGE
    # Whether search engines may list the page.
    indexed = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if wait := seconds_to_wait(self.limit, request.META.get("REMOTE_ADDR", "")):
            return self.too_many(wait)
        response = super().dispatch(request, *args, **kwargs)
        if not self.indexed:
            response["X-Robots-Tag"] = "noindex"
        if response.status_code != 200 or response.streaming:
            _keep_nowhere(response, unless_said=True)
            return response
        return self._cacheable(request, response)

    # Read by the middleware (as_view copies them): no sign-in, and nobody asks who the visitor is.
    dispatch.login_required = False  # type: ignore[attr-defined]
    dispatch.without_session = True  # type: ignore[attr-defined]

    def page(
        self, template: str, context: dict[str, Any] | None = None, *, status: int = 200
    ) -> HttpResponse:
        """A page drawn from the context and what every page knows of the installation."""
        html = render_to_string(template, {**site(None), **(context or {})})
        return HttpResponse(html, status=status)

    def too_many(self, wait: int) -> HttpResponse:
        response = self.page("public/too_many.html", {"seconds": wait}, status=429)
        response["Retry-After"] = str(wait)
        _keep_nowhere(response)
        return response

    def _cacheable(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, public=True, max_age=self.max_age)
        etag = quote_etag(hashlib.sha256(response.content).hexdigest()[:32])
        response["ETag"] = etag
        return get_conditional_response(request, etag=etag, response=response)


def _keep_nowhere(response: HttpResponse, *, unless_said: bool = False) -> None:
    if not (unless_said and response.has_header("Cache-Control")):
        response["Cache-Control"] = "no-store"
