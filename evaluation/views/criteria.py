"""To be written."""

from django.views import View


class CriteriaListView(View):
    pass


class ErrataView(View):
    pass


class CriteriaSetView(View):
    pass
