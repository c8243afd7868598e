"""Scoring sheets: one a member and dossier, one row a choice, locked once submitted."""

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Exists, OuterRef, Q

from evaluation.enums import SheetState
from evaluation.models.councils import AgendaItem, Seat, place_of_role
from evaluation.models.criteria import CriteriaSet, Criterion, Option


class SheetQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A sheet is its member's alone, to others shown by the result; who left keeps what was submitted."""
        return self.filter(Q(seat__left_on=None) | Q(state=SheetState.SUBMITTED), seat__user=user)

    def submitted(self):
        return self.filter(state=SheetState.SUBMITTED)

    def counted(self):
        """The sheets a result is made of: of every member who is not recused, the latest submitted one.

        Item by item in the order chair, vice-chairs, secretary, members, experts.
        """
        same = {"item": OuterRef("item"), "seat": OuterRef("seat")}
        later = Sheet.objects.submitted().filter(number__gt=OuterRef("number"), **same)
        recused = Seat.objects.filter(
            pk=OuterRef("seat"), recusals__item=OuterRef("item"), recusals__withdrawn_at=None
        )
        return (
            self.submitted()
            .exclude(Exists(later))
            .exclude(Exists(recused))
            .order_by("item", place_of_role("seat__role"), "seat")
        )


@pgtrigger.register(
    pgtrigger.Protect(
        name="locked_once_submitted",
        operation=pgtrigger.Update | pgtrigger.Delete,
        condition=pgtrigger.Q(old__state=SheetState.SUBMITTED),
    )
)
@pghistory.track()
class Sheet(models.Model):
    """Phiếu đánh giá of one member for one dossier.

    A re-scoring asks for another sheet with the next number; the earlier one stays as submitted. The latest
    submitted one counts.
    """

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="sheets")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="sheets")
    criteria_set = models.ForeignKey(CriteriaSet, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField("lần chấm", default=1)
    state = models.CharField("trạng thái", max_length=10, choices=SheetState, default=SheetState.DRAFT)
    stopped_at = models.ForeignKey(
        Criterion, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    opinion = models.TextField("ý kiến", blank=True)
    # Counts the writings of the opinion: of two tabs the later one sees that the other has written.
    opinion_revision = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField(auto_now_add=True)
    submitted_at = models.DateTimeField("nộp lúc", null=True, blank=True)

    objects = SheetQuerySet.as_manager()

    class Meta:
        verbose_name = "phiếu đánh giá"
        ordering = ["seat"]
        constraints = [
            models.UniqueConstraint(fields=["item", "seat", "number"], name="sheet_once_a_number"),
            # At most one sheet of a member and dossier is being written.
            models.UniqueConstraint(
                fields=["item", "seat"], condition=Q(state="draft"), name="sheet_one_draft_a_member"
            ),
            models.UniqueConstraint(fields=["criteria_set", "id"], name="sheet_of_set"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "set_aside"], submitted_at=None)
                | Q(state="submitted", submitted_at__isnull=False),
                name="sheet_submitted_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"Phiếu của {self.seat.user}: {self.item}"

    @property
    def is_locked(self) -> bool:
        return self.state == SheetState.SUBMITTED


@pgtrigger.register(
    pgtrigger.Trigger(
        name="locked_with_its_sheet",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("found", "TEXT")],
        # FOR SHARE: a choice cannot slip in while the sheet is being submitted. A move to another
        # sheet changes both: OLD and NEW are asked.
        func="""
            IF TG_OP <> 'INSERT' THEN
                SELECT state INTO found FROM evaluation_sheet WHERE id = OLD.sheet_id FOR SHARE;
            END IF;
            IF TG_OP <> 'DELETE' AND found IS DISTINCT FROM 'submitted' THEN
                SELECT state INTO found FROM evaluation_sheet WHERE id = NEW.sheet_id FOR SHARE;
            END IF;
            IF found IN ('submitted', 'set_aside') THEN
                RAISE EXCEPTION 'choices of a submitted sheet cannot change'
                    USING ERRCODE = 'restrict_violation';
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    )
)
@pghistory.track()
class Choice(models.Model):
    """The option a member chose on a leaf; no option means "không đạt mức nào" (0 points).

    Composite foreign keys (migration 0002) make a choice of another criterion's option, or of
    another set's criterion, impossible to store.
    """

    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="choices")
    criteria_set = models.ForeignKey(CriteriaSet, on_delete=models.PROTECT, related_name="+")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+")
    option = models.ForeignKey(Option, on_delete=models.PROTECT, null=True, related_name="+")
    # Counts the writings: a device sends the one it saw, so that two never overwrite each other unseen.
    revision = models.PositiveIntegerField(default=1)
    # Names the act on the device; the same act sent twice is kept once.
    key = models.UUIDField(null=True, blank=True)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "lựa chọn"
        constraints = [models.UniqueConstraint(fields=["sheet", "criterion"], name="choice_one_per_leaf")]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.option or 'không đạt mức nào'}"
