"""The self-assessment of a dossier: its page, and the choices saved one by one."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views import View

from accounts.access import AllowedMixin
from core.exceptions import DomainError
from evaluation.models import SelfAssessment, SelfChoice
from evaluation.queries import self_assessment as assessments
from evaluation.queries.criteria import parts_of
from evaluation.services import self_assessment as services
from products.models import Dossier, DossierVersion

TEMPLATE = "evaluation/self_assessment.html"


class SelfAssessmentView(AllowedMixin, View):
    """Read the assessment; POST saves everything on the page (for browsers without JavaScript)."""

    permission = "products.view_dossier"

    def get(self, request, pk):
        dossier = self.fetch(Dossier.objects.with_names(), pk=pk)
        return _page(request, _latest(dossier))

    def post(self, request, pk):
        version = _latest(self.fetch(Dossier.objects.with_names(), pk=pk))
        answers = _answers(request.POST)
        try:
            if "start_again" in request.POST:
                services.start_again(version=version, by=request.user)
            else:
                services.save_answers(version=version, answers=answers, by=request.user)
        except services.UnknownChoice as tampered:
            raise Http404 from tampered
        except DomainError as refusal:
            # A text that is too long is mended on the page; nothing else on it is lost.
            return (
                _refused(request, refusal)
                if refusal.field is None
                else _page(request, version, typed=answers, mend=refusal.message)
            )
        messages.success(request, "Đã lưu bản tự đánh giá.")
        return redirect("evaluation:self_assessment", pk)


class SelfChoiceView(AllowedMixin, View):
    """Save one choice and answer the panel worked out anew."""

    permission = "products.change_dossier"
    http_method_names = ["post"]

    def post(self, request, pk):
        version = _latest(self.fetch(Dossier.objects.with_names(), pk=pk))
        answer = _answer(request.POST.dict(), "criterion", "option", "note")
        try:
            assessment = services.save_answers(version=version, answers=[answer], by=request.user)
        except services.UnknownChoice as tampered:
            raise Http404 from tampered
        except DomainError as refusal:
            return _refused(request, refusal)
        # Without the request: a fragment needs no navigation with its counts.
        fragment = "evaluation/self_assessment_saved.html"
        return HttpResponse(render_to_string(fragment, _saved(version, assessment, answer)))


def _latest(dossier: Dossier) -> DossierVersion:
    version = dossier.current_version
    version.dossier = dossier
    return version


def _page(
    request, version: DossierVersion, *, typed: Sequence[services.Answer] = (), mend: str = ""
) -> HttpResponse:
    """The whole table. `typed`: answers just refused, shown as sent; `mend`: what is wrong with them."""
    assessment = assessments.assessment_of(version)
    context = {"version": version, "dossier": version.dossier, "head_line": _head_line(version.dossier)}
    try:
        criteria_set = assessment.criteria_set if assessment else services.set_for(version)
    except DomainError as refusal:
        return render(request, TEMPLATE, {**context, "refusal": refusal})
    stored = assessments.choices_of(assessment)
    chosen = {**stored, **_as_choices(typed)}
    panel = assessments.panel_of(criteria_set.pk, stored)
    context |= {
        "words": "",
        "mend": mend,
        "badge_kind": version.dossier.badge_kind,
        "last_saved": max((choice.saved_at for choice in stored.values()), default=None),
        "criteria_set": criteria_set,
        "panel": panel,
        "parts": assessments.rows_of(
            parts_of(criteria_set.pk), panel, chosen, assessments.papers_by_criterion(version)
        ),
        "may_change": _may_change(request.user, version),
        "other_set": assessment is not None and assessments.is_of_another_set(assessment, version),
    }
    return render(request, TEMPLATE, context, status=422 if mend else 200)


def _as_choices(answers: Sequence[services.Answer]) -> dict[int, SelfChoice]:
    """Answers as the page shows choices; nothing is stored."""
    return {
        answer.criterion_id: SelfChoice(
            criterion_id=answer.criterion_id, option_id=answer.option_id, note=answer.note
        )
        for answer in answers
    }


def _head_line(dossier: Dossier) -> str:
    product = dossier.product
    return f"{product} · {product.entity} · {product.product_set}"


def _may_change(user, version: DossierVersion) -> bool:
    if version.is_frozen or not version.dossier.is_editable:
        return False
    return user.has_perm(services.CHANGE, version.dossier)


def _saved(version: DossierVersion, assessment: SelfAssessment, answer: services.Answer) -> dict:
    """The panel worked out anew, and the marks beside the criteria that the choice changed."""
    panel = assessments.panel_of(assessment.criteria_set_id, assessments.choices_of(assessment))
    marks = assessments.touched_marks(panel, answer.criterion_id)
    return {
        "dossier": version.dossier,
        "panel": panel,
        "marks": marks,
        "may_change": True,
        "last_saved": timezone.now(),
    }


def _refused(request, refusal: DomainError) -> HttpResponse:
    if request.htmx:
        return HttpResponse(refusal.message, status=409, content_type="text/plain; charset=utf-8")
    return render(request, "409.html", {"message": refusal.message}, status=409)


def _answers(data: QueryDict) -> list[services.Answer]:
    """Every choice of the whole form: fields `option-ID` and `note-ID`."""
    fields = data.dict()
    ids = [name.partition("-")[2] for name in fields if name.startswith("option-")]
    return [_answer({**fields, "criterion": pk}, "criterion", f"option-{pk}", f"note-{pk}") for pk in ids]


def _answer(data: dict[str, str], criterion: str, option: str, note: str) -> services.Answer:
    """One choice; ids that are not numbers were not on our page."""
    try:
        chosen = data[option]
        return services.Answer(int(data[criterion]), int(chosen) if chosen else None, data.get(note, ""))
    except (KeyError, ValueError) as tampered:
        raise Http404 from tampered
