"""Keeping a session alive while somebody writes."""

from django.http import HttpResponse
from django.views import View


class KeepAliveView(View):
    """Asked by the page while it is being typed into; renews the session, answers nothing."""

    def get(self, request):
        request.session.modified = True
        return HttpResponse(status=204)
