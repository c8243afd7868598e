"""To be written."""

from django.views import View


class ResultView(View):
    pass


class CloseItemView(View):
    pass


class ConcludeView(View):
    pass


class ExcludeView(View):
    pass


class DecideView(View):
    pass


class DossierResultView(View):
    pass
