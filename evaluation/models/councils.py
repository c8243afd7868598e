"""Councils with their regulation, rounds, sessions and agenda."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, When

from accounts.enums import Role
from core.fields import NFCCharField
from core.models import AdminUnit
from evaluation.enums import (
    GateRule,
    ItemState,
    QuorumBasis,
    RecusalRule,
    ScoreSight,
    SeatRole,
    SessionKind,
    SessionState,
    SheetState,
)
from evaluation.models.criteria import CriteriaSet
from products.models import Dossier, DossierVersion


@pgtrigger.register(
    pgtrigger.Protect(name="regulation_written_once", operation=pgtrigger.Update | pgtrigger.Delete)
)
@pghistory.track()
class Regulation(models.Model):
    """The SETTINGS of a council's operating regulation: what the law leaves to the province.

    Written once: a change is a new version that names the one it replaces. A session keeps the version it
    was opened under.
    """

    unit = models.ForeignKey(AdminUnit, on_delete=models.PROTECT, related_name="regulations")
    name = NFCCharField("tên", max_length=200)
    version = models.PositiveSmallIntegerField("phiên bản", default=1)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    decision_number = NFCCharField("số quyết định ban hành", max_length=60, blank=True)
    decided_on = models.DateField("ngày ban hành", null=True, blank=True)
    gate_rule = models.CharField(
        "điều kiện tối thiểu xét theo", max_length=10, choices=GateRule, default=GateRule.MAJORITY
    )
    quorum_numerator = models.PositiveSmallIntegerField("túc số: tử số", default=2)
    quorum_denominator = models.PositiveSmallIntegerField("túc số: mẫu số", default=3)
    quorum_basis = models.CharField(
        "túc số tính theo", max_length=12, choices=QuorumBasis, default=QuorumBasis.SHEETS
    )
    spread_limit = models.PositiveSmallIntegerField("chênh lệch điểm phải thảo luận", default=10)
    score_sight = models.CharField(
        "thành viên xem điểm của người khác",
        max_length=14,
        choices=ScoreSight,
        default=ScoreSight.AFTER_CLOSING,
    )
    shows_advice = models.BooleanField("thành viên xem điểm đề xuất của Tổ tư vấn", default=True)
    allows_written = models.BooleanField("đánh giá lại bằng ý kiến văn bản", default=True)
    recusal_rule = models.CharField(
        "thành viên không chấm vì xung đột lợi ích",
        max_length=8,
        choices=RecusalRule,
        default=RecusalRule.LEAVES,
    )

    class Meta:
        verbose_name = "quy chế Hội đồng"
        constraints = [
            models.CheckConstraint(
                condition=Q(quorum_numerator__gte=1) & Q(quorum_numerator__lte=F("quorum_denominator")),
                name="regulation_quorum_is_a_share",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def quorum_text(self) -> str:
        return f"{self.quorum_numerator}/{self.quorum_denominator}"


class CouncilQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The province's people see its councils; a member those the person has not left."""
        condition = user.scope.unit_q("unit", *Role.province_wide)
        if user.scope.has(Role.COUNCIL_MEMBER):
            # By subquery: a join would make every later count of seats see only the own one.
            condition |= Q(pk__in=Seat.objects.active().filter(user=user).values("council"))
        return self.filter(condition)


@pghistory.track()
class Council(models.Model):
    """Hội đồng đánh giá, phân hạng, resting on a numbered decision (Đ7 k3b)."""

    unit = models.ForeignKey(AdminUnit, on_delete=models.PROTECT, related_name="councils")
    name = NFCCharField("tên Hội đồng", max_length=200)
    decision_number = NFCCharField("số quyết định thành lập", max_length=60)
    decided_on = models.DateField("ngày quyết định")
    regulation = models.ForeignKey(
        Regulation, on_delete=models.PROTECT, related_name="councils", verbose_name="quy chế"
    )
    # The advisory team has a decision of its own, or that of the council.
    team_decision_number = NFCCharField("số quyết định thành lập Tổ tư vấn", max_length=60, blank=True)
    team_decided_on = models.DateField("ngày quyết định Tổ tư vấn", null=True, blank=True)

    objects = CouncilQuerySet.as_manager()

    class Meta:
        verbose_name = "Hội đồng"
        ordering = ["-decided_on"]

    def __str__(self) -> str:
        return self.name


def place_of_role(field):
    """The place of a seat's role in a list of the council's people; `field` leads to the role."""
    order = (SeatRole.CHAIR, SeatRole.VICE_CHAIR, SeatRole.SECRETARY, SeatRole.MEMBER)
    return Case(*(When(**{field: role}, then=place) for place, role in enumerate(order)), default=len(order))


class SeatQuerySet(models.QuerySet):
    def active(self):
        """Seats of those who have not left the council."""
        return self.filter(left_on=None)

    def in_order(self):
        """Chair, vice-chairs, secretary, members, experts; each in the order of joining."""
        return self.order_by(place_of_role("role"), "pk")

    def scoring(self):
        """Seats whose people fill in a sheet."""
        return self.filter(scores=True)


@pghistory.track()
class Seat(models.Model):
    """A person on a council."""

    council = models.ForeignKey(Council, on_delete=models.CASCADE, related_name="seats")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="seats", verbose_name="người"
    )
    role = models.CharField("vai trò", max_length=10, choices=SeatRole, default=SeatRole.MEMBER)
    agency = NFCCharField("cơ quan", max_length=200, blank=True)
    # A secretary or an invited expert may sit on the council without a sheet: not counted in the quorum.
    scores = models.BooleanField("chấm điểm", default=True)
    left_on = models.DateField("thôi tham gia", null=True, blank=True)

    objects = SeatQuerySet.as_manager()

    class Meta:
        verbose_name = "thành viên Hội đồng"
        ordering = ["role", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["council", "user"], name="seat_once"),
            models.UniqueConstraint(
                fields=["council"], condition=Q(role="chair", left_on=None), name="council_one_chair"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"


@pghistory.track()
class TeamSeat(models.Model):
    """A person of the council's advisory team (Tổ tư vấn giúp việc)."""

    council = models.ForeignKey(Council, on_delete=models.CASCADE, related_name="team")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="team_seats", verbose_name="người"
    )
    is_head = models.BooleanField("tổ trưởng", default=False)
    agency = NFCCharField("cơ quan", max_length=200, blank=True)
    left_on = models.DateField("thôi tham gia", null=True, blank=True)

    objects = SeatQuerySet.as_manager()

    class Meta:
        verbose_name = "thành viên Tổ tư vấn"
        ordering = ["-is_head", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["council", "user"], name="team_seat_once"),
            models.UniqueConstraint(
                fields=["council"], condition=Q(is_head=True, left_on=None), name="team_one_head"
            ),
        ]

    def __str__(self) -> str:
        return str(self.user)


class RoundQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Rounds of the provinces a person works or reads for."""
        return self.filter(user.scope.unit_q("unit", *Role.province_wide))


@pghistory.track()
class Round(models.Model):
    """Đợt đánh giá: at least two a year (Đ5)."""

    unit = models.ForeignKey(AdminUnit, on_delete=models.PROTECT, related_name="rounds")
    year = models.PositiveSmallIntegerField("năm")
    number = models.PositiveSmallIntegerField("đợt")
    name = NFCCharField("tên", max_length=200)
    files_until = models.DateField("nhận hồ sơ đến")
    finish_until = models.DateField("hoàn thành trước")
    # Beyond the two legal rounds: the regulation or decision that allows it.
    extra_basis = NFCCharField("căn cứ tổ chức đợt bổ sung", max_length=300, blank=True)

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = "đợt đánh giá"
        ordering = ["-year", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "year", "number"], name="round_once_a_year"),
            models.CheckConstraint(
                condition=Q(finish_until__gt=F("files_until")), name="round_dates_in_order"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RoundEntryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Entries of the rounds the user may see."""
        return self.filter(round__in=Round.objects.visible_to(user))


@pghistory.track()
class RoundEntry(models.Model):
    """A dossier the province accepted into a round."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="entries")
    dossier = models.OneToOneField(Dossier, on_delete=models.PROTECT, related_name="round_entry")
    # The commune proposed it after the round's last day; the province took it all the same, and says why.
    late_reason = models.TextField("lý do tiếp nhận sau hạn", blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField("đưa vào đợt lúc", auto_now_add=True)

    objects = RoundEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "hồ sơ trong đợt"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.dossier} - {self.round}"


class AdvisoryAssignmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A member's own assignments, and all of the provinces a person works or reads for."""
        condition = user.scope.commune_q("dossier__commune", *Role.province_wide)
        mine = Q(member=user) & user.scope.commune_q("dossier__commune", Role.ADVISORY_MEMBER)
        return self.filter(condition | mine)

    def given_to(self, user):
        """What a member reads: given by a province whose advisory team the person is of today."""
        return self.filter(user.scope.commune_q("dossier__commune", Role.ADVISORY_MEMBER), member=user)


@pghistory.track()
class AdvisoryAssignment(models.Model):
    """A member of the advisory team who is to review a dossier for the council (Tổ tư vấn)."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="advisory_assignments")
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="advisory_assignments"
    )
    due_on = models.DateField("hạn tham mưu", null=True, blank=True)
    note = models.TextField("nội dung giao", blank=True)
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField("giao lúc", auto_now_add=True)

    objects = AdvisoryAssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = "giao tổ tư vấn"
        ordering = ["assigned_at"]
        constraints = [
            models.UniqueConstraint(fields=["dossier", "member"], name="advisory_member_once_a_dossier"),
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.dossier}"


class SessionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Sessions of the user's councils; who left one keeps those with a sheet the person submitted."""
        condition = Q(council__in=Council.objects.visible_to(user))
        if user.scope.has(Role.COUNCIL_MEMBER):
            condition |= Q(pk__in=AgendaItem.objects.scored_by(user).values("session"))
        return self.filter(condition)


@pghistory.track()
class Session(models.Model):
    """Phiên họp of a council."""

    council = models.ForeignKey(
        Council, on_delete=models.PROTECT, related_name="sessions", verbose_name="Hội đồng"
    )
    round = models.ForeignKey(
        Round, on_delete=models.PROTECT, related_name="sessions", verbose_name="đợt đánh giá"
    )
    name = NFCCharField("tên phiên", max_length=200)
    held_on = models.DateField("ngày họp")
    place = NFCCharField("địa điểm", max_length=200, blank=True)
    kind = models.CharField("hình thức", max_length=8, choices=SessionKind, default=SessionKind.MEETING)
    opinions_until = models.DateField("hạn gửi ý kiến", null=True, blank=True)
    state = models.CharField("trạng thái", max_length=10, choices=SessionState, default=SessionState.PLANNED)
    pause_reason = models.TextField("lý do tạm dừng", blank=True)
    # Pinned on opening: a later version of the regulation does not touch a session that has begun.
    regulation = models.ForeignKey(
        Regulation, on_delete=models.PROTECT, related_name="sessions", null=True, blank=True
    )
    # For the minutes, where the records of the session do not show it (`queries.course`).
    started_at = models.DateTimeField("bắt đầu", null=True, blank=True)
    ended_at = models.DateTimeField("kết thúc", null=True, blank=True)
    chaired_by = models.ForeignKey(
        Seat, on_delete=models.PROTECT, related_name="+", null=True, blank=True, verbose_name="chủ tọa"
    )
    minuted_by = models.ForeignKey(
        Seat, on_delete=models.PROTECT, related_name="+", null=True, blank=True, verbose_name="thư ký"
    )

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = "phiên họp"
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="planned") | Q(regulation__isnull=False),
                name="session_begun_has_regulation",
            ),
            models.CheckConstraint(
                condition=~Q(state="paused") | ~Q(pause_reason=""), name="session_paused_says_why"
            ),
            models.CheckConstraint(
                condition=Q(started_at=None) | Q(ended_at=None) | Q(ended_at__gt=F("started_at")),
                name="session_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def regulation_in_use(self) -> Regulation:
        """The version the session was opened under; before that, the council's present one."""
        return self.regulation or self.council.regulation


class AgendaItemQuerySet(models.QuerySet):
    def scored_by(self, user):
        """Items on which the person has submitted a sheet; it counts after leaving, so it stays readable."""
        return self.filter(sheets__seat__user=user, sheets__state=SheetState.SUBMITTED)

    def visible_to(self, user):
        """Items of the user's councils; who left one keeps those the person submitted a sheet for."""
        condition = Q(session__council__in=Council.objects.visible_to(user))
        if user.scope.has(Role.COUNCIL_MEMBER):
            condition |= Q(pk__in=AgendaItem.objects.scored_by(user).values("pk"))
        return self.filter(condition)


@pghistory.track()
class AgendaItem(models.Model):
    """A dossier on a session's agenda, scored against the criteria set it was filed under."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="items")
    # One that was not sent back; a second item decides anew on a result sent back.
    version = models.ForeignKey(DossierVersion, on_delete=models.PROTECT, related_name="agenda_items")
    criteria_set = models.ForeignKey(CriteriaSet, on_delete=models.PROTECT, related_name="agenda_items")
    position = models.PositiveSmallIntegerField("thứ tự")
    state = models.CharField("trạng thái", max_length=10, choices=ItemState, default=ItemState.SCORING)
    # Why scoring is held up, or why the result was sent back.
    state_reason = models.TextField("lý do", blank=True)

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        verbose_name = "hồ sơ trong phiên họp"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["session", "position"], name="agenda_position_once"),
            models.UniqueConstraint(fields=["criteria_set", "id"], name="agenda_item_of_set"),
            models.UniqueConstraint(
                fields=["version"], condition=~Q(state="sent_back"), name="agenda_version_once"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["paused", "sent_back"]) | ~Q(state_reason=""),
                name="agenda_item_held_up_says_why",
            ),
        ]

    def __str__(self) -> str:
        return str(self.version.dossier.product)
