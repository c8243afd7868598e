"""Self-assessment of a dossier version (Mẫu 02): the entity's own choice on every leaf."""

import pghistory
import pgtrigger
from django.db import models

from evaluation.models.criteria import CriteriaSet, Criterion, Option
from products.models import DossierVersion, Evidence


@pgtrigger.register(
    pgtrigger.Trigger(
        name="pinned_with_its_version",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        declare=[("found", "TIMESTAMPTZ")],
        func="""
            SELECT submitted_at INTO found FROM products_dossierversion WHERE id = OLD.version_id FOR SHARE;
            IF found IS NOT NULL THEN
                RAISE EXCEPTION 'the self-assessment of a submitted dossier version cannot change'
                    USING ERRCODE = 'restrict_violation';
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    )
)
@pghistory.track()
class SelfAssessment(models.Model):
    """Pins the criteria set a version is filed under; frozen together with the version."""

    version = models.OneToOneField(DossierVersion, on_delete=models.PROTECT, related_name="self_assessment")
    criteria_set = models.ForeignKey(CriteriaSet, on_delete=models.PROTECT, related_name="self_assessments")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "tự đánh giá"
        constraints = [models.UniqueConstraint(fields=["criteria_set", "id"], name="self_assessment_of_set")]

    def __str__(self) -> str:
        return f"Tự đánh giá: {self.version}"


@pgtrigger.register(
    pgtrigger.Trigger(
        name="frozen_with_its_version",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("found", "TIMESTAMPTZ")],
        # A move to another assessment changes both: OLD and NEW are asked.
        func="""
            IF TG_OP <> 'INSERT' THEN
                SELECT v.submitted_at INTO found FROM products_dossierversion v
                JOIN evaluation_selfassessment a ON a.version_id = v.id
                WHERE a.id = OLD.assessment_id FOR SHARE OF v;
            END IF;
            IF TG_OP <> 'DELETE' AND found IS NULL THEN
                SELECT v.submitted_at INTO found FROM products_dossierversion v
                JOIN evaluation_selfassessment a ON a.version_id = v.id
                WHERE a.id = NEW.assessment_id FOR SHARE OF v;
            END IF;
            IF found IS NOT NULL THEN
                RAISE EXCEPTION 'the self-assessment of a submitted dossier version cannot change'
                    USING ERRCODE = 'restrict_violation';
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    )
)
@pghistory.track()
class SelfChoice(models.Model):
    assessment = models.ForeignKey(SelfAssessment, on_delete=models.CASCADE, related_name="choices")
    criteria_set = models.ForeignKey(CriteriaSet, on_delete=models.PROTECT, related_name="+")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+")
    option = models.ForeignKey(Option, on_delete=models.PROTECT, null=True, related_name="+")
    note = models.TextField("thuyết minh, minh chứng", blank=True)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "lựa chọn tự đánh giá"
        constraints = [
            models.UniqueConstraint(fields=["assessment", "criterion"], name="self_choice_one_per_leaf"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.option or 'không đạt mức nào'}"


@pgtrigger.register(
    pgtrigger.Trigger(
        name="paper_of_the_same_version",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("found", "TIMESTAMPTZ"), ("own_version", "BIGINT"), ("paper_version", "BIGINT")],
        func="""
            IF TG_OP <> 'INSERT' THEN
                SELECT v.submitted_at INTO found FROM products_dossierversion v
                JOIN evaluation_selfassessment a ON a.version_id = v.id
                WHERE a.id = OLD.assessment_id FOR SHARE OF v;
            END IF;
            IF TG_OP <> 'DELETE' AND found IS NULL THEN
                SELECT v.submitted_at, v.id INTO found, own_version FROM products_dossierversion v
                JOIN evaluation_selfassessment a ON a.version_id = v.id
                WHERE a.id = NEW.assessment_id FOR SHARE OF v;
                SELECT version_id INTO paper_version FROM products_evidence WHERE id = NEW.evidence_id;
                IF paper_version IS DISTINCT FROM own_version THEN
                    RAISE EXCEPTION 'the paper belongs to another dossier version'
                        USING ERRCODE = 'restrict_violation';
                END IF;
            END IF;
            IF found IS NOT NULL THEN
                RAISE EXCEPTION 'the self-assessment of a submitted dossier version cannot change'
                    USING ERRCODE = 'restrict_violation';
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    )
)
@pghistory.track()
class CriterionEvidence(models.Model):
    """A paper of the version that proves a criterion; frozen with the version."""

    assessment = models.ForeignKey(SelfAssessment, on_delete=models.CASCADE, related_name="paper_links")
    criteria_set = models.ForeignKey(CriteriaSet, on_delete=models.PROTECT, related_name="+")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+")
    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="criterion_links")

    class Meta:
        verbose_name = "minh chứng của tiêu chí"
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "criterion", "evidence"], name="paper_once_a_criterion"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.evidence}"
