"""Papers the system renders: what they are about, the data they rest on, the bytes, how they were issued."""

from typing import Any

import pghistory
import pgtrigger
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import ExtractYear
from django.urls import reverse

from accounts.enums import Role
from core.enums import JobState
from core.fields import NFCCharField
from core.models import AdminUnit, Job
from evaluation.models import Certificate, Session, Sheet, Submission
from products.models import Dossier, DossierVersion
from reports.enums import PaperKind, PaperState
from training.models import FigureSet, Plan, TrainingClass

SUBJECTS = tuple(dict.fromkeys(PaperKind.subjects.values()))


class PaperQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The province's people: those of their units. Commune and entity: issued ones of own dossiers."""
        condition = user.scope.unit_q("unit", *Role.province_wide)
        if user.scope.has(*Role.commune_roles):
            dossiers = Dossier.objects.visible_to(user)
            own = (
                Q(dossier__in=dossiers)
                | Q(version__dossier__in=dossiers)
                | Q(certificate__in=Certificate.objects.visible_to(user))
            )
            of_commune = user.scope.has(Role.COMMUNE_OFFICER)
            kinds = PaperKind.of_the_commune if of_commune else PaperKind.of_the_entity
            condition |= Q(state=PaperState.ISSUED, kind__in=kinds) & own
        return self.filter(condition)

    def same_as(self, paper):
        """Papers of the kind, the subject and, of reports on closed periods, the period of this one."""
        same = self.filter(**{"kind": paper.kind, PaperKind.subjects[paper.kind]: paper.subject_id})
        if paper.figure_set_id is None:
            return same.filter(figure_set=None)
        return same.filter(figure_set__period=paper.figure_set.period_id)

    def with_people(self):
        """With what a list or a page of papers shows, in one query; the snapshot stays in the database."""
        people = ("requested_by", "reviewed_by", "returned_by", "issued_by")
        return self.select_related("plan", "unit", "job", "replaces", "replaced_by", *people).defer(
            "data", "replaces__data", "replaced_by__data"
        )


def about(kind: str) -> Q:
    """Papers of a kind that have the one subject of this kind and no other."""
    subject = PaperKind.subjects[kind]
    return Q(kind=kind, **{f"{name}__isnull": name != subject for name in SUBJECTS})


def _one_subject() -> Q:
    condition = Q()
    for kind in PaperKind.values:
        condition |= about(kind)
    return condition


# What of a rendered paper never changes; of an issued one nothing changes. What a draft replaces is not among
# it: a draft that was not right after all gives way to a better one.
CLOSED_COLUMNS = (
    "kind",
    "title",
    "unit_id",
    *(f"{name}_id" for name in SUBJECTS),
    "figure_set_id",
    "period_from",
    "period_to",
    "year",
    "requested_by_id",
    "requested_at",
    "content",
    "data",
    "template_version",
    "file",
    "sha256",
    "pages",
    "size",
    "replace_reason",
)


def _columns(row: str) -> str:
    return ", ".join(f'{row}."{name}"' for name in CLOSED_COLUMNS)


@pgtrigger.register(
    pgtrigger.Protect(
        name="rendered_is_kept", operation=pgtrigger.Delete, condition=~pgtrigger.Q(old__sha256="")
    ),
    pgtrigger.Trigger(
        name="rendered_stays",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=~pgtrigger.Q(old__sha256=""),
        func=f"""
            IF OLD.state = 'issued' OR ({_columns("NEW")}) IS DISTINCT FROM ({_columns("OLD")}) THEN
                RAISE EXCEPTION 'a rendered paper cannot change; a correction is a new paper'
                    USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
        """,
    ),
)
@pghistory.track(exclude=["data", "search_text"])
class Paper(models.Model):
    """One paper. Once it has bytes they never change: printed again it is the same file.

    Issued it has a number, a day and a signer, and nothing of it changes any more; a correction is a new
    paper that replaces it.
    """

    kind = models.CharField("loại", max_length=20, choices=PaperKind, default=PaperKind.PROGRESS)
    title = models.CharField("tên", max_length=300)
    unit = models.ForeignKey(AdminUnit, on_delete=models.PROTECT, related_name="papers")
    # What it is about: the one of these that belongs to the kind.
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, null=True, blank=True, related_name="papers")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    submission = models.ForeignKey(
        Submission, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    version = models.ForeignKey(
        DossierVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    certificate = models.ForeignKey(
        Certificate, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    training_class = models.ForeignKey(
        TrainingClass, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # A report rests on the frozen figures of a period; without them it is a working draft.
    figure_set = models.ForeignKey(
        FigureSet, on_delete=models.PROTECT, null=True, blank=True, related_name="papers"
    )
    period_from = models.DateField("từ ngày", null=True, blank=True)
    period_to = models.DateField("đến ngày", null=True, blank=True)
    year = models.PositiveSmallIntegerField("năm")
    state = models.CharField("trạng thái", max_length=10, choices=PaperState, default=PaperState.RENDERING)
    job = models.OneToOneField(Job, on_delete=models.SET_NULL, null=True, related_name="paper")
    # What was asked, while a worker has it: the same request twice is one paper.
    request_key = models.CharField(max_length=80, null=True, blank=True, unique=True)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField("yêu cầu lúc", auto_now_add=True)
    # Prepared by the system on the day figures close, once a plan and period.
    prepared = models.BooleanField("hệ thống tự lập", default=False)
    # What officers entered before it was rendered (`reports.builders.progress`).
    content = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)
    data = models.JSONField(null=True, blank=True, encoder=DjangoJSONEncoder)
    template_version = models.CharField(max_length=20, blank=True)
    file = models.FileField("tệp", upload_to="papers/%Y/%m", blank=True)
    sha256 = models.CharField("mã băm", max_length=64, blank=True, db_index=True)
    pages = models.PositiveIntegerField("số trang", null=True, blank=True)
    size = models.PositiveIntegerField("dung lượng", null=True, blank=True)
    search_text = models.TextField(blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reviewed_at = models.DateTimeField("soát lúc", null=True, blank=True)
    returned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    returned_at = models.DateTimeField("trả lại lúc", null=True, blank=True)
    return_reason = models.TextField("lý do trả lại", blank=True)
    number = models.PositiveIntegerField("số", null=True, blank=True)
    symbol = NFCCharField("ký hiệu", max_length=40, blank=True)
    issued_on = models.DateField("ngày ban hành", null=True, blank=True)
    signer_name = NFCCharField("người ký", max_length=100, blank=True)
    signer_position = NFCCharField("chức vụ người ký", max_length=200, blank=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    issued_at = models.DateTimeField("phát hành lúc", null=True, blank=True)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    replace_reason = models.TextField("lý do thay thế", blank=True)

    objects = PaperQuerySet.as_manager()

    class Meta:
        verbose_name = "văn bản"
        ordering = ["-requested_at", "-pk"]
        indexes = [models.Index(fields=["unit", "year", "kind"], name="paper_archive")]
        constraints = [
            models.CheckConstraint(condition=_one_subject(), name="paper_has_the_subject_of_its_kind"),
            models.CheckConstraint(
                condition=Q(kind="progress", period_from__isnull=False, period_to__gte=F("period_from"))
                | ~Q(kind="progress") & Q(period_from=None, period_to=None, figure_set=None),
                name="paper_period_of_reports",
            ),
            models.UniqueConstraint(
                fields=["plan", "period_to"], condition=Q(prepared=True), name="paper_prepared_once"
            ),
            # One series a kind of paper and year (NĐ 30/2020 Đ15).
            models.UniqueConstraint(
                "unit",
                "symbol",
                ExtractYear("issued_on"),
                "number",
                name="paper_number_once_a_year",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["reviewed", "issued"]) | Q(reviewed_at__isnull=False),
                name="paper_reviewed_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="returned")
                | Q(returned_by__isnull=False, returned_at__isnull=False) & ~Q(return_reason=""),
                name="paper_returned_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(state="issued")
                | Q(issued_on__isnull=False, issued_at__isnull=False) & ~Q(signer_name=""),
                name="paper_issued_has_day_and_signer",
            ),
            models.CheckConstraint(
                condition=Q(replaces=None) | ~Q(replace_reason=""), name="paper_replacing_says_why"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("reports:detail", args=[self.pk])

    @property
    def subject(self) -> Any:
        """What the paper is about."""
        return getattr(self, PaperKind.subjects[self.kind])

    @property
    def subject_id(self) -> int:
        """Key of the same, without reading it."""
        key: int = getattr(self, f"{PaperKind.subjects[self.kind]}_id")
        return key

    @property
    def number_text(self) -> str:
        """ "05/BC-SNNMT"; empty while no number was given."""
        return f"{self.number:02d}/{self.symbol}" if self.number else ""

    @property
    def is_rendered(self) -> bool:
        return bool(self.sha256)

    @property
    def is_waiting(self) -> bool:
        """A worker has it or will take it."""
        return not self.is_rendered and self.job is not None and not self.job.is_finished

    @property
    def is_being_issued(self) -> bool:
        """Its number is given; a worker writes the final file."""
        return (
            self.state == PaperState.REVIEWED
            and self.issued_on is not None
            and self.job is not None
            and not self.job.is_finished
        )

    @property
    def is_issued(self) -> bool:
        return self.state == PaperState.ISSUED

    @property
    def is_returned(self) -> bool:
        return self.state == PaperState.RETURNED

    @property
    def may_go_back(self) -> bool:
        """Written to be issued and not issued yet: the reviewer may return it."""
        is_before_issue = self.state in (PaperState.DRAFT, PaperState.REVIEWED) and not self.is_being_issued
        return is_before_issue and not self.is_batch and not self.is_working_draft

    @property
    def is_batch(self) -> bool:
        return self.kind in PaperKind.batches

    @property
    def is_working_draft(self) -> bool:
        """A report on figures that are not frozen: to read and prepare, never to be issued."""
        return self.kind == PaperKind.PROGRESS and self.figure_set_id is None

    @property
    def state_now(self) -> tuple[str, str]:
        """Word and badge kind; a paper without a file stands where its job stands."""
        if self.is_rendered:
            if self.is_being_issued:
                return "Đang phát hành", "waiting"
            if self.state == PaperState.DRAFT and (self.is_batch or self.is_working_draft):
                return ("Đã lập", "info") if self.is_batch else ("Bản nháp", "neutral")
            return PaperState(self.state).label, _BADGES.get(self.state, "info")
        if self.is_waiting:
            return PaperState.RENDERING.label, "waiting"
        if self.job is not None and self.job.state == JobState.CANCELLED:
            return JobState.CANCELLED.label, "neutral"
        return PaperState.FAILED.label, "danger"


_BADGES = {
    PaperState.DRAFT: "neutral",
    PaperState.REVIEWED: "info",
    PaperState.RETURNED: "warning",
    PaperState.ISSUED: "good",
}
