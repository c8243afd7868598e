"""Evidence papers: the step of the guided form, one paper read page by page, its file, the whole dossier."""

import logging
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import cached_property
from django.views import View

from accounts.access import AllowedMixin
from core.exceptions import DomainError
from core.freshness import as_of
from products import completeness, evidence_files, evidence_pictures, evidence_zip, queries, services
from products.forms.evidence import PaperForm
from products.models import Dossier, DossierVersion, Evidence
from products.views import facts, steps

log = logging.getLogger(__name__)

PAGE = "products/evidence.html"
# Sent by static/js/evidence.js with every file: the answer is the new row, or the refusal in words.
BY_SCRIPT = "X-Upload"


def latest(dossier: Dossier) -> DossierVersion:
    """The version being written or filed last, knowing its dossier."""
    version = dossier.current_version
    version.dossier = dossier
    return version


class EvidenceView(AllowedMixin, View):
    """The papers of a dossier. POST takes files in: one by script, or many by the plain form."""

    permission = "products.view_dossier"

    @cached_property
    def version(self):
        return latest(self.fetch(Dossier.objects.with_names(), pk=self.kwargs["pk"]))

    def get(self, request, pk):
        return render(request, PAGE, page_of(request.user, self.version))

    def post(self, request, pk):
        files = request.FILES.getlist("files")
        if BY_SCRIPT in request.headers:
            return self.answer_script(files)
        for file in files:
            self.take(file)
        if not files:
            messages.error(request, "Chưa chọn tệp nào. Hãy bấm Chọn tệp rồi tải lên.")
        return redirect("products:evidence", pk)

    def take(self, file: Any) -> None:
        """One file of the plain form; a refused one does not hold back the others."""
        try:
            paper = services.add_evidence(dossier=self.version.dossier, upload=file, by=self.request.user)
            messages.success(self.request, f"Đã tải lên: {paper.filename}.")
        except DomainError as refusal:
            messages.error(self.request, f"{file.name}: {refusal.message}")

    def answer_script(self, files: list) -> HttpResponse:
        if len(files) != 1:
            return _in_words("Không nhận được tệp. Hãy thử lại.")
        user = self.request.user
        try:
            paper = services.add_evidence(dossier=self.version.dossier, upload=files[0], by=user)
        except DomainError as refusal:
            return _in_words(refusal.message)
        context = page_of(user, self.version)
        context["row"] = next(row for row in context["rows"] if row.paper.pk == paper.pk)
        return HttpResponse(_fragment("added", context), status=201)


@dataclass
class Row:
    """A paper in the list: what it is, the form that describes it, what it serves."""

    paper: Evidence
    form: PaperForm | None
    uses: list[str]

    @property
    def has_picture(self) -> bool:
        return evidence_pictures.has_pictures(self.paper.stored)


def page_of(user: Any, version: DossierVersion, bound: PaperForm | None = None) -> dict[str, Any]:
    """Everything the page shows; `bound`: the form of one paper as it was sent and refused."""
    dossier, read_at = version.dossier, as_of()
    may_change = may_change_papers(user, version)
    papers, uses = queries.papers_of(version), queries.uses_of(version)
    missing, unfinished = queries.steps_left(version) if may_change else ([], set())
    return {
        "as_of": read_at,
        "dossier": dossier,
        "version": version,
        "context_line": facts.line_of(dossier),
        "papers": papers,
        "rows": [_row(paper, uses, may_change, bound) for paper in papers.rows],
        "may_change": may_change,
        "missing": missing,
        "steps": steps.of_draft(dossier, unfinished, here=completeness.EVIDENCE) if may_change else [],
        "step_before": completeness.STEPS[-1],
        "accept": evidence_files.ACCEPT,
        "taken": evidence_files.TAKEN,
        "limits": {"file": settings.EVIDENCE_MAX_FILE_MB, "dossier": settings.EVIDENCE_MAX_DOSSIER_MB},
    }


def may_change_papers(user: Any, version: DossierVersion) -> bool:
    if version.is_frozen or not version.dossier.is_editable:
        return False
    return user.has_perm("products.change_dossier", version.dossier)


def _row(paper: Evidence, uses: dict, may_change: bool, bound: PaperForm | None) -> Row:
    form = None
    if may_change:
        form = bound if bound and bound.instance.pk == paper.pk else PaperForm(instance=paper)
    return Row(paper, form, uses.get(paper.pk, []))


def _fragment(name: str, context: dict[str, Any]) -> str:
    # Without the request: a fragment needs no navigation with its counts.
    return render_to_string(f"{PAGE}#{name}", {**context, "oob": True})


def _in_words(text: str) -> HttpResponse:
    return HttpResponse(text, status=422, content_type="text/plain; charset=utf-8")


class PaperDoor(AllowedMixin, View):
    """A view of one paper. Another app opens its own door by its own permission and its own `find`."""

    permission = "products.view_evidence"
    namespace = "products"

    @cached_property
    def paper(self) -> Evidence:
        return self.find(Evidence.objects.with_dossier(), self.kwargs["pk"])

    def find(self, papers: Any, pk: int) -> Any:
        return self.fetch(papers, pk=pk)

    def address(self, name: str, *args: Any) -> str:
        return reverse(f"{self.namespace}:{name}", args=args)


class PaperEditView(PaperDoor):
    """What is typed about a paper, kept while typing; the button saves without JavaScript."""

    permission = "products.change_evidence"
    http_method_names = ["post"]

    def post(self, request, pk):
        stored = self.paper
        form = PaperForm(request.POST, instance=Evidence.objects.with_dossier().get(pk=pk))
        refusal = self.save(stored, form) if form.is_valid() else None
        if refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return self.answer(form)

    def save(self, stored: Evidence, form: PaperForm) -> DomainError | None:
        try:
            services.update_evidence(stored, by=self.request.user, data=form.cleaned_data)
        except DomainError as refusal:
            return refusal
        return None

    def answer(self, form: PaperForm) -> HttpResponse:
        status = 422 if form.errors else 200
        version = latest(self.paper.version.dossier)
        if not self.request.htmx and not form.errors:
            messages.success(self.request, "Đã lưu thông tin giấy tờ.")
            page = reverse("products:evidence", args=[version.dossier.pk])
            return redirect(f"{page}#giay-{form.instance.pk}")
        context = page_of(self.request.user, version, bound=form)
        context["row"] = next((row for row in context["rows"] if row.paper.pk == form.instance.pk), None)
        if self.request.htmx and context["row"]:
            return HttpResponse(_fragment("kept", context), status=status)
        return render(self.request, PAGE, context, status=status)


class PaperRemoveView(PaperDoor):
    permission = "products.change_evidence"
    http_method_names = ["post"]

    def post(self, request, pk):
        dossier = self.paper.version.dossier
        try:
            services.remove_evidence(self.paper, by=request.user)
            messages.success(request, f"Đã bỏ: {self.paper}.")
        except DomainError as refusal:
            messages.error(request, refusal.message)
        return redirect("products:evidence", dossier.pk)


class PaperView(PaperDoor):
    """A paper read page by page as pictures. For htmx: the viewer alone, to stand beside other things."""

    def get(self, request, pk):
        viewer = self.viewer()
        if request.htmx:
            return render(request, "products/evidence_viewer.html", viewer)
        dossier = self.paper.version.dossier
        page = {"dossier": dossier, "context_line": facts.line_of(dossier), "back_url": self.back_url()}
        return render(request, "products/evidence_view.html", {**viewer, **page})

    def back_url(self) -> str:
        return self.address("evidence", self.paper.version.dossier_id)

    def viewer(self) -> dict[str, Any]:
        before, after = queries.neighbours(self.paper)
        return {
            "paper": self.paper,
            "pages": self.pages(),
            "download_url": self.address("evidence_download", self.paper.pk),
            "before_url": before and self.address("evidence_view", before.pk),
            "after_url": after and self.address("evidence_view", after.pk),
            "uses": queries.uses_of(self.paper.version).get(self.paper.pk, []),
            "in_panel": bool(self.request.htmx),
        }

    def pages(self) -> list[dict[str, Any]]:
        if not evidence_pictures.has_pictures(self.paper.stored):
            return []
        numbers = range(1, (self.paper.stored.pages or 1) + 1)
        return [
            {"number": number, "url": self.address("evidence_picture", self.paper.pk, number)}
            for number in numbers
        ]


class PagePictureView(PaperDoor):
    """A page as a picture; `?co=nho` a thumbnail, `?co=lon` to look closely."""

    def get(self, request, pk, page):
        size = request.GET.get("co", "")
        width = {"nho": evidence_pictures.THUMBNAIL, "lon": evidence_pictures.CLOSE}.get(
            size, evidence_pictures.READING
        )
        try:
            content = evidence_pictures.picture(self.paper.stored, page, width)
        except evidence_pictures.NoPicture as missing:
            raise Http404 from missing
        return HttpResponse(content, content_type="image/webp")


class PaperDownloadView(PaperDoor):
    """The file as it was uploaded, streamed; never opened by the browser as a page."""

    def get(self, request, pk):
        try:
            file = self.paper.stored.file.open("rb")
        except FileNotFoundError as gone:
            log.error("evidence %s: its file is gone from the storage", pk)
            raise Http404 from gone
        return FileResponse(
            file,
            as_attachment=True,
            filename=self.paper.filename,
            content_type=self.paper.stored.content_type,
        )


class DossierDownloadView(AllowedMixin, View):
    """A version with all its papers as one ZIP. By POST, because the download is written down."""

    permission = "products.view_dossier"
    http_method_names = ["post"]

    def post(self, request, pk, number):
        dossier = self.fetch(Dossier.objects.with_names(), pk=pk)
        version = get_object_or_404(dossier.versions, number=number)
        version.dossier = dossier
        services.record_download(version, by=request.user)
        answer = StreamingHttpResponse(evidence_zip.stream(version), content_type="application/zip")
        answer["Content-Disposition"] = f'attachment; filename="{evidence_zip.file_name(version)}"'
        return answer
