"""To be written."""

from django.views import View


class CouncilListView(View):
    pass


class CouncilCreateView(View):
    pass


class CouncilView(View):
    pass


class SeatAddView(View):
    pass
