"""What an adviser found: notes and suggested levels per criterion, survey, tests asked for."""

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q

from evaluation.enums import ReviewState
from evaluation.models.councils import AdvisoryAssignment
from evaluation.models.criteria import CriteriaSet, Criterion, Option
from products.models import DossierVersion


@pgtrigger.register(
    pgtrigger.Protect(
        name="review_locked_once_submitted",
        operation=pgtrigger.Update | pgtrigger.Delete,
        condition=pgtrigger.Q(old__state=ReviewState.SUBMITTED),
    )
)
@pghistory.track()
class AdvisoryReview(models.Model):
    """Báo cáo tham mưu of one adviser on one filed version."""

    assignment = models.OneToOneField(AdvisoryAssignment, on_delete=models.PROTECT, related_name="review")
    version = models.ForeignKey(DossierVersion, on_delete=models.PROTECT, related_name="advisory_reviews")
    criteria_set = models.ForeignKey(CriteriaSet, on_delete=models.PROTECT, related_name="+")
    state = models.CharField("trạng thái", max_length=10, choices=ReviewState, default=ReviewState.DRAFT)
    summary = models.TextField("nhận xét chung", blank=True)
    site_survey = models.TextField("khảo sát thực tế", blank=True)
    extra_tests = models.TextField("đề nghị kiểm nghiệm bổ sung", blank=True)
    # Counts the writings of the three texts, so that two tabs never overwrite each other unseen.
    revision = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(auto_now_add=True)
    submitted_at = models.DateTimeField("gửi lúc", null=True, blank=True)

    class Meta:
        verbose_name = "báo cáo tham mưu"
        constraints = [
            # Target of the composite keys of its notes.
            models.UniqueConstraint(fields=["criteria_set", "id"], name="review_of_set"),
            models.CheckConstraint(
                condition=Q(state="draft", submitted_at=None)
                | Q(state="submitted", submitted_at__isnull=False),
                name="review_submitted_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"Tham mưu: {self.version}"


@pgtrigger.register(
    pgtrigger.Trigger(
        name="locked_with_its_review",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("found", "TEXT")],
        # As with choices of sheets: a move to another review changes both.
        func="""
            IF TG_OP <> 'INSERT' THEN
                SELECT state INTO found FROM evaluation_advisoryreview WHERE id = OLD.review_id FOR SHARE;
            END IF;
            IF TG_OP <> 'DELETE' AND found IS DISTINCT FROM 'submitted' THEN
                SELECT state INTO found FROM evaluation_advisoryreview WHERE id = NEW.review_id FOR SHARE;
            END IF;
            IF found = 'submitted' THEN
                RAISE EXCEPTION 'notes of a submitted review cannot change'
                    USING ERRCODE = 'restrict_violation';
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    )
)
@pghistory.track()
class AdvisoryNote(models.Model):
    """An adviser's note on a criterion; `suggests` with no option means "không đạt mức nào"."""

    review = models.ForeignKey(AdvisoryReview, on_delete=models.CASCADE, related_name="notes")
    criteria_set = models.ForeignKey(CriteriaSet, on_delete=models.PROTECT, related_name="+")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+")
    suggests = models.BooleanField("đề xuất mức", default=False)
    option = models.ForeignKey(Option, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    comment = models.TextField("nhận xét", blank=True)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "nhận xét tiêu chí"
        constraints = [
            models.UniqueConstraint(fields=["review", "criterion"], name="advisory_note_once"),
            models.CheckConstraint(
                condition=Q(suggests=True) | Q(option=None), name="advisory_option_is_a_suggestion"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.comment[:80]}"
