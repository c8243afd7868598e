"""What the council decided: conclusions, exclusions, and the result frozen on closing."""

import pghistory
import pgtrigger
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from evaluation.models.councils import AgendaItem
from evaluation.models.criteria import CriteriaSet, Criterion, Option

WRITTEN_ONCE = pgtrigger.Protect(name="written_once", operation=pgtrigger.Update | pgtrigger.Delete)


@pghistory.track()
class Conclusion(models.Model):
    """The council's recorded conclusion on a criterion; it prevails over the members' choices."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="conclusions")
    criteria_set = models.ForeignKey(CriteriaSet, on_delete=models.PROTECT, related_name="+")
    criterion = models.ForeignKey(
        Criterion, on_delete=models.PROTECT, related_name="+", verbose_name="tiêu chí"
    )
    option = models.ForeignKey(
        Option, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="mức kết luận"
    )
    reason = models.TextField("lý do")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "kết luận của Hội đồng"
        constraints = [models.UniqueConstraint(fields=["item", "criterion"], name="conclusion_once")]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.option or 'không đạt mức nào'}"


@pghistory.track()
@pgtrigger.register(WRITTEN_ONCE)
class Exclusion(models.Model):
    """Hồ sơ bị loại: a recorded council decision; no star then."""

    item = models.OneToOneField(AgendaItem, on_delete=models.PROTECT, related_name="exclusion")
    ground = models.TextField("căn cứ loại")
    evidence = models.TextField("chứng cứ")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "quyết định loại hồ sơ"

    def __str__(self) -> str:
        return f"{self.item}: {self.ground[:100]}"


@pgtrigger.register(WRITTEN_ONCE)
class Result(models.Model):
    """The frozen result. Totals are kept as exact fractions; nothing recomputes them."""

    item = models.OneToOneField(AgendaItem, on_delete=models.PROTECT, related_name="result")
    total_numerator = models.IntegerField()
    total_denominator = models.PositiveIntegerField()
    star_by_score = models.PositiveSmallIntegerField("sao theo điểm")
    star = models.PositiveSmallIntegerField("hạng sao", null=True)
    excluded = models.BooleanField(default=False)
    recognisable = models.BooleanField()
    potential_five = models.BooleanField()
    gate_rule = models.CharField(max_length=10)
    sheets_counted = models.PositiveSmallIntegerField()
    detail = models.JSONField(encoder=DjangoJSONEncoder)
    closed_at = models.DateTimeField("đóng lúc", auto_now_add=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "kết quả"
        constraints = [
            models.CheckConstraint(condition=Q(total_denominator__gt=0), name="result_denominator_positive"),
            models.CheckConstraint(
                condition=Q(star_by_score__gte=1, star_by_score__lte=5), name="result_star_range"
            ),
            models.CheckConstraint(
                condition=Q(excluded=True, star=None, recognisable=False)
                | Q(excluded=False, star__gte=1, star__lte=models.F("star_by_score")),
                name="result_star_never_above_score",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.star or 'bị loại'}"
