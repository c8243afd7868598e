"""The law as data: version > set > section > criterion tree > option.

A version that is no longer a draft never changes: triggers on every table below it refuse.
"""

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q

from evaluation.enums import VersionStatus
from products.models import ProductSet


@pgtrigger.register(
    pgtrigger.Protect(
        name="published_stays",
        operation=pgtrigger.Delete,
        condition=pgtrigger.Q(old__status__in=VersionStatus.published),
    ),
    pgtrigger.Trigger(
        name="published_text_frozen",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(old__status__in=VersionStatus.published),
        func="""
            IF (NEW.code, NEW.title, NEW.legal_basis, NEW.valid_from, NEW.source_digest)
               IS DISTINCT FROM (OLD.code, OLD.title, OLD.legal_basis, OLD.valid_from, OLD.source_digest)
               OR NEW.status = 'draft' THEN
                RAISE EXCEPTION 'criteria version % is published and cannot change', OLD.code
                    USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
        """,
    ),
)
@pghistory.track()
class CriteriaVersion(models.Model):
    """One decision's scoring tables. Only the status and the end of validity move after publication."""

    code = models.SlugField("mã", unique=True)
    title = models.CharField("tên", max_length=200)
    legal_basis = models.CharField("căn cứ", max_length=60)
    valid_from = models.DateField("hiệu lực từ")
    valid_to = models.DateField("đến", null=True, blank=True)
    status = models.CharField("tình trạng", max_length=10, choices=VersionStatus, default=VersionStatus.DRAFT)
    source_digest = models.CharField("mã băm dữ liệu", max_length=64, blank=True)

    class Meta:
        verbose_name = "phiên bản bộ tiêu chí"
        ordering = ["-valid_from"]

    def __str__(self) -> str:
        return self.title


def frozen_when_published(set_id: str) -> pgtrigger.Trigger:
    """Refuse any write to a row whose set belongs to a published version.

    `set_id`: SQL that names the set's id in terms of `ROW`, which stands for OLD or NEW.
    """
    check = f"""
        SELECT v.status INTO found FROM evaluation_criteriaset s
        JOIN evaluation_criteriaversion v ON v.id = s.version_id WHERE s.id = ({set_id});
        IF found IN ('in_force', 'retired') THEN
            RAISE EXCEPTION 'criteria of a published version cannot change'
                USING ERRCODE = 'restrict_violation';
        END IF;
    """  # noqa: S608  set_id is written in this module
    return pgtrigger.Trigger(
        name="frozen_when_published",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("found", "TEXT")],
        func=f"""
            IF TG_OP IN ('UPDATE', 'DELETE') THEN
                {check.replace("ROW", "OLD")}
            END IF;
            IF TG_OP IN ('INSERT', 'UPDATE') THEN
                {check.replace("ROW", "NEW")}
                RETURN NEW;
            END IF;
            RETURN OLD;
        """,
    )


@pgtrigger.register(
    pgtrigger.Trigger(
        name="set_frozen_when_published",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("found", "TEXT")],
        func="""
            IF TG_OP IN ('UPDATE', 'DELETE') THEN
                SELECT status INTO found FROM evaluation_criteriaversion WHERE id = OLD.version_id;
                IF found IN ('in_force', 'retired') THEN
                    RAISE EXCEPTION 'criteria set of a published version cannot change'
                        USING ERRCODE = 'restrict_violation';
                END IF;
            END IF;
            IF TG_OP IN ('INSERT', 'UPDATE') THEN
                SELECT status INTO found FROM evaluation_criteriaversion WHERE id = NEW.version_id;
                IF found IN ('in_force', 'retired') THEN
                    RAISE EXCEPTION 'criteria set of a published version cannot change'
                        USING ERRCODE = 'restrict_violation';
                END IF;
                RETURN NEW;
            END IF;
            RETURN OLD;
        """,
    )
)
class CriteriaSet(models.Model):
    """One scoring table (bộ tiêu chí), 100 points."""

    version = models.ForeignKey(CriteriaVersion, on_delete=models.PROTECT, related_name="sets")
    product_set = models.ForeignKey(ProductSet, on_delete=models.PROTECT, related_name="criteria_sets")
    code = models.SlugField("mã", unique=True)
    name = models.CharField("tên", max_length=200)
    managing_agency = models.CharField("cơ quan quản lý", max_length=200)
    appendix = models.CharField("phụ lục", max_length=100)
    samples_required = models.PositiveSmallIntegerField("số mẫu", default=5)
    excluded_if = models.JSONField("hồ sơ bị loại khi", default=list)

    class Meta:
        verbose_name = "bộ tiêu chí"
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["version", "product_set"], name="criteria_set_once_per_version"),
        ]

    def __str__(self) -> str:
        return f"Bộ {self.product_set.number} - {self.name}"


@pgtrigger.register(frozen_when_published("ROW.criteria_set_id"))
class Section(models.Model):
    """Phần A, B, C: 40, 25, 35 points."""

    criteria_set = models.ForeignKey(CriteriaSet, on_delete=models.PROTECT, related_name="sections")
    code = models.CharField(max_length=1)
    title = models.CharField(max_length=100)
    max_points = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["criteria_set", "code"], name="section_once"),
            models.CheckConstraint(
                condition=Q(code="A", max_points=40)
                | Q(code="B", max_points=25)
                | Q(code="C", max_points=35),
                name="section_points_of_the_law",
            ),
        ]

    def __str__(self) -> str:
        return f"Phần {self.code}. {self.title}"


@pgtrigger.register(frozen_when_published("ROW.criteria_set_id"))
class Criterion(models.Model):
    """A line of the table: a heading with children, or a leaf with options. `position` is table order."""

    criteria_set = models.ForeignKey(CriteriaSet, on_delete=models.PROTECT, related_name="criteria")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="criteria")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=10)
    title = models.CharField(max_length=300)
    max_points = models.PositiveSmallIntegerField()
    is_leaf = models.BooleanField()
    guidance = models.TextField(blank=True)
    requirement = models.JSONField(default=list)
    disqualifier = models.JSONField(default=list)
    stop = models.JSONField(default=list)
    applies_if = models.CharField(max_length=30, blank=True)

    class Meta:
        ordering = ["criteria_set", "position"]
        constraints = [
            models.UniqueConstraint(fields=["criteria_set", "code"], name="criterion_code_once_per_set"),
            models.UniqueConstraint(
                fields=["criteria_set", "position"], name="criterion_position_once_per_set"
            ),
            # Target of the composite foreign keys of choices.
            models.UniqueConstraint(fields=["criteria_set", "id"], name="criterion_of_set"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


@pgtrigger.register(
    frozen_when_published("SELECT criteria_set_id FROM evaluation_criterion WHERE id = ROW.criterion_id")
)
class Option(models.Model):
    """A level of a leaf. Points come only from here."""

    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="options")
    position = models.PositiveSmallIntegerField(help_text="As printed, from 1 over the whole list.")
    points = models.PositiveSmallIntegerField()
    label = models.TextField()
    min_star = models.PositiveSmallIntegerField(null=True)
    case = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["criterion", "position"]
        constraints = [
            models.UniqueConstraint(fields=["criterion", "position"], name="option_position_once"),
            models.UniqueConstraint(fields=["criterion", "id"], name="option_of_criterion"),
            models.CheckConstraint(
                condition=Q(min_star=None) | Q(min_star__gte=3, min_star__lte=5),
                name="option_mark_three_to_five",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.points} điểm: {self.label}"


class Erratum(models.Model):
    """A slip of the printed tables: what is printed, what is used, and why (shown to everybody)."""

    version = models.ForeignKey(CriteriaVersion, on_delete=models.CASCADE, related_name="errata")
    position = models.PositiveSmallIntegerField()
    set_label = models.CharField(max_length=60)
    criterion = models.CharField(max_length=60)
    printed = models.CharField(max_length=300)
    used = models.CharField(max_length=300, blank=True)
    kept = models.BooleanField(default=False)
    why = models.CharField(max_length=300)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["version", "position"], name="erratum_once")]

    def __str__(self) -> str:
        return f"{self.set_label}, tiêu chí {self.criterion}"

    @property
    def sets(self) -> str:
        """The sets as people call them: "Bộ 4, 7" for the label "qd26-04, 07"; other labels are words."""
        prefix = f"{self.version.code}-"
        if not self.set_label.startswith(prefix):
            return self.set_label[:1].upper() + self.set_label[1:]
        numbers = self.set_label.removeprefix(prefix).split(", ")
        return "Bộ " + ", ".join(number.lstrip("0") for number in numbers)
