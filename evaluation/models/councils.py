"""Councils with their regulation, rounds, sessions and agenda."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, When

from accounts.enums import Role
from core.fields import NFCCharField
from core.models import AdminUnit
from evaluation.enums import GateRule, ItemState, SeatRole, SessionState, SheetState
from evaluation.models.criteria import CriteriaSet
from products.models import Dossier, DossierVersion


@pghistory.track()
class Regulation(models.Model):
    """The SETTINGS of a council's operating regulation: what the law leaves to the province."""

    unit = models.ForeignKey(AdminUnit, on_delete=models.PROTECT, related_name="regulations")
    name = NFCCharField("tên", max_length=200)
    gate_rule = models.CharField(
        "điều kiện tối thiểu xét theo", max_length=10, choices=GateRule, default=GateRule.MAJORITY
    )
    quorum_numerator = models.PositiveSmallIntegerField("túc số: tử số", default=2)
    quorum_denominator = models.PositiveSmallIntegerField("túc số: mẫu số", default=3)
    spread_limit = models.PositiveSmallIntegerField("chênh lệch điểm phải thảo luận", default=10)

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

    objects = CouncilQuerySet.as_manager()

    class Meta:
        verbose_name = "Hội đồng"
        ordering = ["-decided_on"]

    def __str__(self) -> str:
        return self.name


class SeatQuerySet(models.QuerySet):
    def active(self):
        """Seats of those who have not left the council."""
        return self.filter(left_on=None)

    def in_order(self):
        """Chair, secretary, members; each in the order of joining."""
        places = {SeatRole.CHAIR: 0, SeatRole.SECRETARY: 1}
        whens = [When(role=role, then=place) for role, place in places.items()]
        return self.order_by(Case(*whens, default=2), "pk")


@pghistory.track()
class Seat(models.Model):
    """A person on a council."""

    council = models.ForeignKey(Council, on_delete=models.CASCADE, related_name="seats")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="seats", verbose_name="người"
    )
    role = models.CharField("vai trò", max_length=10, choices=SeatRole, default=SeatRole.MEMBER)
    agency = NFCCharField("cơ quan", max_length=200, blank=True)
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
    state = models.CharField("trạng thái", max_length=10, choices=SessionState, default=SessionState.PLANNED)

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = "phiên họp"
        ordering = ["-held_on", "-pk"]

    def __str__(self) -> str:
        return self.name


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
    version = models.OneToOneField(DossierVersion, on_delete=models.PROTECT, related_name="agenda_item")
    criteria_set = models.ForeignKey(CriteriaSet, on_delete=models.PROTECT, related_name="agenda_items")
    position = models.PositiveSmallIntegerField("thứ tự")
    state = models.CharField("trạng thái", max_length=10, choices=ItemState, default=ItemState.SCORING)

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        verbose_name = "hồ sơ trong phiên họp"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["session", "position"], name="agenda_position_once"),
            models.UniqueConstraint(fields=["criteria_set", "id"], name="agenda_item_of_set"),
        ]

    def __str__(self) -> str:
        return str(self.version.dossier.product)
