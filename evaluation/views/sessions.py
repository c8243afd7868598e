"""To be written."""

from django.views import View


class SessionListView(View):
    pass


class SessionCreateView(View):
    pass


class SessionView(View):
    pass


class AgendaAddView(View):
    pass


class SessionOpenView(View):
    pass


class SessionCloseView(View):
    pass
