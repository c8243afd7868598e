"""What happens at a session: who attends, who does not score and why, what is scored again, what is said."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from evaluation.enums import AttendanceState, MinuteKind, RecusalGround, SheetState
from evaluation.models.councils import AgendaItem, Seat, Session
from evaluation.models.sheets import Sheet


@pghistory.track()
class Attendance(models.Model):
    """Whether a person of the council attends a session."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="attendances")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="attendances")
    state = models.CharField("dự họp", max_length=8, choices=AttendanceState)
    note = models.TextField("ghi chú", blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "điểm danh"
        constraints = [models.UniqueConstraint(fields=["session", "seat"], name="attendance_once")]

    def __str__(self) -> str:
        return f"{self.seat.user}: {self.get_state_display()}"


class RecusalQuerySet(models.QuerySet):
    def in_force(self):
        """Those not taken back."""
        return self.filter(withdrawn_at=None)


@pghistory.track()
class Recusal(models.Model):
    """A member who does not score a dossier because of a conflict of interest; printed on the minutes."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="recusals")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="recusals")
    ground = models.CharField("căn cứ", max_length=14, choices=RecusalGround)
    reason = models.TextField("nội dung", blank=True)
    # By the member, or by the chair or secretary for the council.
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    declared_at = models.DateTimeField(auto_now_add=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdraw_reason = models.TextField("lý do rút", blank=True)

    objects = RecusalQuerySet.as_manager()

    class Meta:
        verbose_name = "không chấm vì xung đột lợi ích"
        ordering = ["declared_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "seat"], condition=Q(withdrawn_at=None), name="recusal_once_in_force"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdraw_reason="")),
                name="recusal_withdrawn_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(ground="other") | ~Q(reason=""), name="recusal_other_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seat.user}: {self.get_ground_display()}"


class ReScoringQuerySet(models.QuerySet):
    def waiting(self):
        """Those neither answered nor taken back, of members who are still on the council."""
        return self.filter(
            withdrawn_at=None, new_sheet__state=SheetState.DRAFT, new_sheet__seat__left_on=None
        )


@pghistory.track()
class ReScoring(models.Model):
    """A submitted sheet that its member is asked to score again, with the reason; both sheets are kept.

    One that was taken back is kept too, and the same sheet may be asked for once more.
    """

    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, related_name="rescorings")
    new_sheet = models.OneToOneField(Sheet, on_delete=models.PROTECT, related_name="rescoring_of")
    reason = models.TextField("lý do")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(auto_now_add=True)
    # Asked of everybody because the council meets after a written opinion, not for two sheets too far apart.
    for_meeting = models.BooleanField("chấm lại tại cuộc họp", default=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdraw_reason = models.TextField("lý do rút", blank=True)

    objects = ReScoringQuerySet.as_manager()

    class Meta:
        verbose_name = "yêu cầu chấm lại"
        ordering = ["requested_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["sheet"], condition=Q(withdrawn_at=None), name="rescoring_once_in_force"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="rescoring_says_why"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdraw_reason="")),
                name="rescoring_withdrawn_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"Chấm lại: {self.sheet}"


@pgtrigger.register(
    pgtrigger.Protect(name="minute_written_once", operation=pgtrigger.Update | pgtrigger.Delete)
)
class MinuteEntry(models.Model):
    """What is written into the minutes of a dossier: the discussion, or a member's dissent. Never changed."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="minutes")
    kind = models.CharField("loại", max_length=10, choices=MinuteKind)
    seat = models.ForeignKey(
        Seat, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="thành viên"
    )
    text = models.TextField("nội dung")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "nội dung biên bản"
        ordering = ["recorded_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="minute_has_text"),
            # Dissent is somebody's.
            models.CheckConstraint(
                condition=~Q(kind="dissent") | Q(seat__isnull=False), name="dissent_has_a_member"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.item}"
