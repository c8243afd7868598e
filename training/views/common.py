"""What the pages of plans share."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property

from accounts.access import AllowedMixin
from training.models import Plan

# Digits of the longest id the database can hold; a longer number in a request is no id.
LONGEST_ID = 18


class OfPlan(AllowedMixin):
    """A page about the plan whose code is in the address."""

    @cached_property
    def plan(self) -> Plan:
        return self.fetch(Plan.objects.select_related("unit"), code=self.kwargs["code"])

    def get_context_data(self, **kwargs):
        return super().get_context_data(plan=self.plan, **kwargs)


class LineOfPlan(AllowedMixin):
    """A page about a target or task (pk in the address); who may do what is decided by its plan."""

    model: type

    @cached_property
    def line(self):
        lines = self.model.objects.visible_to(self.request.user).select_related("plan__unit")
        line = get_object_or_404(lines, pk=self.kwargs["pk"])
        if not self.request.user.has_perm(self.permission, line.plan):
            raise PermissionDenied
        return line

    @property
    def plan(self) -> Plan:
        return self.line.plan

    def get_context_data(self, **kwargs):
        return super().get_context_data(plan=self.plan, line=self.line, **kwargs)
