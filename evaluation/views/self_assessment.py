"""To be written."""

from django.views import View


class SelfAssessmentView(View):
    pass


class SelfChoiceView(View):
    pass
