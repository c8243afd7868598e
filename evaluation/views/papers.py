"""Papers in this room: attached to criteria by the entity, read by council and advisory members."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import cached_property
from django.views import View

from accounts.access import AllowedMixin
from core.exceptions import DomainError
from evaluation.models import Criterion
from evaluation.queries import papers as queries
from evaluation.queries import self_assessment as assessments
from evaluation.services import self_assessment as services
from products.models import Dossier
from products.queries import papers_of
from products.views import evidence, facts
from products.views.evidence import BY_SCRIPT, latest, may_change_papers

BLOCK = "evaluation/self_assessment_papers.html"


class CriterionPapersView(AllowedMixin, View):
    """The papers of one criterion: a fragment in the self-assessment, or a page without JavaScript.

    GET: the line, with `?mo` the list to choose from. POST: what is chosen, or new files.
    """

    permission = "products.view_dossier"

    @cached_property
    def version(self):
        return latest(self.fetch(Dossier.objects.with_names(), pk=self.kwargs["pk"]))

    @cached_property
    def criterion(self):
        """A leaf of the set the version is assessed by."""
        try:
            assessment = assessments.assessment_of(self.version)
            criteria_set = assessment.criteria_set if assessment else services.set_for(self.version)
        except DomainError as refusal:
            raise Http404 from refusal
        leaves = Criterion.objects.filter(criteria_set=criteria_set, is_leaf=True)
        return get_object_or_404(leaves, pk=self.kwargs["criterion"])

    def get(self, request, pk, criterion):
        if request.htmx:
            return HttpResponse(self.block(opened="mo" in request.GET))
        return render(request, "evaluation/criterion_papers.html", self.context(opened=True))

    def post(self, request, pk, criterion):
        try:
            return self.carry_out()
        except services.UnknownChoice as tampered:
            raise Http404 from tampered
        except DomainError as refusal:
            return self.refused(refusal)

    def carry_out(self) -> HttpResponse:
        files = self.request.FILES.getlist("files")
        if BY_SCRIPT not in self.request.headers:
            self.keep_chosen()
        for file in files:
            services.add_paper(
                version=self.version, criterion_id=self.criterion.pk, upload=file, by=self.request.user
            )
        if BY_SCRIPT in self.request.headers:
            return HttpResponse(self.block(opened="mo" in self.request.GET), status=201)
        return HttpResponse(status=204) if self.request.htmx else self.back()

    def keep_chosen(self) -> None:
        data, pk = self.request.POST, self.criterion.pk
        services.set_papers(
            version=self.version,
            criterion_id=pk,
            evidence_ids=_ids(data.getlist(f"evidence-{pk}")),
            among=_ids(data.getlist(f"shown-{pk}")),
            by=self.request.user,
        )

    def back(self) -> HttpResponse:
        messages.success(self.request, f"Đã lưu minh chứng của tiêu chí {self.criterion.code}.")
        page = reverse("evaluation:self_assessment", args=[self.version.dossier.pk])
        return redirect(f"{page}#tc-{self.criterion.code}")

    def refused(self, refusal: DomainError) -> HttpResponse:
        if BY_SCRIPT in self.request.headers or self.request.htmx:
            status = 422 if BY_SCRIPT in self.request.headers else 409
            return HttpResponse(refusal.message, status=status, content_type="text/plain; charset=utf-8")
        messages.error(self.request, refusal.message)
        return redirect(self.request.path)

    def block(self, *, opened: bool) -> str:
        return render_to_string(BLOCK, self.context(opened=opened))

    def context(self, *, opened: bool) -> dict[str, Any]:
        attached = assessments.papers_by_criterion(self.version).get(self.criterion.pk, [])
        return {
            "dossier": self.version.dossier,
            "criterion": self.criterion,
            "head_line": facts.line_of(self.version.dossier),
            "papers": attached,
            "choices": self.choices(attached) if opened else None,
            "may_change": may_change_papers(self.request.user, self.version),
        }

    def choices(self, attached: list) -> list:
        chosen = {paper.pk for paper in attached}
        return [(paper, paper.pk in chosen) for paper in papers_of(self.version).rows]


def _ids(values: list[str]) -> list[int]:
    try:
        return [int(value) for value in values]
    except ValueError as tampered:
        raise Http404 from tampered


class MembersDoor:
    """Papers of the filed versions a person reads in this room: on an agenda, or given to advise on."""

    permission = "evaluation.view_evidence"
    namespace = "evaluation"
    request: Any

    def find(self, papers: Any, pk: int) -> Any:
        return get_object_or_404(queries.readable(papers, self.request.user), pk=pk)


class MemberPaperView(MembersDoor, evidence.PaperView):
    pass


class MemberPictureView(MembersDoor, evidence.PagePictureView):
    pass


class MemberDownloadView(MembersDoor, evidence.PaperDownloadView):
    pass


class MemberPapersView(AllowedMixin, View):
    """All papers of the last filed version of a dossier (pk: dossier) that this person reads."""

    permission = "evaluation.view_evidence"

    def get(self, request, pk):
        version = queries.readable_versions(request.user).filter(dossier=pk).order_by("number").last()
        if version is None:
            raise Http404
        context = {
            "dossier": version.dossier,
            "context_line": facts.line_of(version.dossier),
            "papers": papers_of(version),
        }
        return render(request, "evaluation/member_papers.html", context)
