"""The scoring tables of the law to read and search."""

from django.shortcuts import get_object_or_404
from django.views.generic import TemplateView

from accounts.access import AllowedMixin
from core.text import nfc
from evaluation.enums import VersionStatus
from evaluation.models import CriteriaSet, Erratum
from evaluation.queries import criteria


class CriteriaPage(AllowedMixin, TemplateView):
    permission = "evaluation.view_criteria"

    @property
    def words(self) -> str:
        """What is searched for, from the address."""
        return nfc(self.request.GET.get("q", ""))[:100]


class CriteriaListView(CriteriaPage):
    template_name = "evaluation/criteria_list.html"

    def get_context_data(self, **kwargs):
        finds = criteria.find_everywhere(self.words) if self.words else []
        return super().get_context_data(
            words=self.words,
            versions=criteria.versions_with_sets(),
            finds=finds[: criteria.SHOWN_FINDS],
            find_count=len(finds),
            find_set_count=len({find.criteria_set.pk for find in finds}),
            **kwargs,
        )


class CriteriaSetView(CriteriaPage):
    template_name = "evaluation/criteria_set.html"

    def get_context_data(self, **kwargs):
        criteria_set = get_object_or_404(criteria.published_sets(), code=self.kwargs["code"])
        parts = criteria.parts_of(criteria_set.pk)
        return super().get_context_data(
            words=self.words,
            criteria_set=criteria_set,
            all_parts=parts,
            set_facts=_facts(criteria_set),
            badge_kind="good" if criteria_set.version.status == VersionStatus.IN_FORCE else "neutral",
            **_found(parts, self.words),
            **kwargs,
        )


class ErrataView(CriteriaPage):
    template_name = "evaluation/criteria_errata.html"

    def get_context_data(self, **kwargs):
        errata = Erratum.objects.select_related("version").order_by("-version__valid_from", "position")
        return super().get_context_data(errata=errata, **kwargs)


def _found(parts: list[criteria.Part], words: str) -> dict:
    """The parts to show, and how many leaves hold the words searched for."""
    shown = criteria.narrowed(parts, words) if words else parts
    return {
        "parts": shown,
        "find_count": sum(line.criterion.is_leaf for part in shown for line in part.lines),
    }


def _facts(criteria_set: CriteriaSet) -> list[tuple[str, str]]:
    samples = criteria_set.samples_required
    return [
        ("Ngành", criteria_set.product_set.family),
        ("Nhóm", criteria_set.product_set.group),
        ("Căn cứ", f"{criteria_set.version.legal_basis}, {criteria_set.appendix}"),
        ("Cơ quan quản lý", criteria_set.managing_agency),
        ("Sản phẩm mẫu", f"{samples} mẫu" if samples else "không yêu cầu"),
        ("Thang điểm", "100 điểm: A 40, B 25, C 35"),
    ]
