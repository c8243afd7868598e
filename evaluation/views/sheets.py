"""To be written."""

from django.views import View


class MySheetsView(View):
    pass


class SheetView(View):
    pass


class ChoiceView(View):
    pass


class StopView(View):
    pass


class OpinionView(View):
    pass


class SubmitView(View):
    pass
