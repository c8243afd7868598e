"""What the pages of plans share."""

import logging

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property

from accounts.access import AllowedMixin
from core.models import AdminUnit
from training.models import Plan

log = logging.getLogger(__name__)

# Digits of the longest id the database can hold; a longer number in a request is no id.
LONGEST_ID = 18
# Allocations of single communes shown among a plan's targets; more are folded away.
FEW = 6


class OfPlan(AllowedMixin):
    """A page about the plan whose code is in the address."""

    @cached_property
    def plan(self) -> Plan:
        return self.fetch(Plan.objects.select_related("unit", "parent"), code=self.kwargs["code"])

    def get_context_data(self, **kwargs):
        return super().get_context_data(plan=self.plan, **kwargs)


def inner_unit(plan: Plan, asked: str) -> AdminUnit | None:
    """The unit an address names, of the plan's area (404 for any other); None where it names none."""
    if not asked:
        return None
    if not asked.isdecimal() or len(asked) > LONGEST_ID:
        raise Http404
    inside = AdminUnit.objects.filter(Q(parent=plan.unit_id) | Q(pk=plan.unit_id))
    return get_object_or_404(inside, pk=int(asked))


class LineOfPlan(AllowedMixin):
    """A page about a row of a plan (pk in the address); who may do what is decided by its plan."""

    model: type
    # The right is asked on the row itself: a commune's officer holds it on what the commune owes.
    asked_of_line = False

    @cached_property
    def line(self):
        lines = self.model.objects.visible_to(self.request.user).select_related("plan__unit")
        line = get_object_or_404(lines, pk=self.kwargs["pk"])
        if not self.request.user.has_perm(self.permission, line if self.asked_of_line else line.plan):
            raise PermissionDenied
        return line

    @property
    def plan(self) -> Plan:
        return self.line.plan

    def get_context_data(self, **kwargs):
        return super().get_context_data(plan=self.plan, line=self.line, **kwargs)


def send_file(stored, name: str) -> FileResponse:
    """A kept file as it was uploaded; never opened by the browser as a page."""
    if stored is None:
        raise Http404
    try:
        file = stored.file.open("rb")
    except FileNotFoundError as gone:
        log.error("file %s is gone from the storage", stored.sha256)
        raise Http404 from gone
    return FileResponse(file, as_attachment=True, filename=name, content_type=stored.content_type)
