"""To be written."""

from django.views import View


class PaperListView(View):
    pass


class PaperRequestView(View):
    pass


class PaperView(View):
    pass


class PaperDownloadView(View):
    pass
