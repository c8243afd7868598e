"""Papers: the archive, one paper, its files."""

import logging

from django.contrib import messages
from django.db.models.fields.json import KeyTransform
from django.http import FileResponse, Http404
from django.shortcuts import redirect, render
from django.views import View

from accounts.access import AllowedMixin
from accounts.pages import FilteredList, ListWorkbook
from core.text import nfc
from reports import archive, tables
from reports.enums import FileForm
from reports.filters import PaperFilters
from reports.models import Paper
from reports.signatures import kept
from reports.words import lower_first

log = logging.getLogger(__name__)


class PaperListView(FilteredList):
    """The papers of the user's area, latest first."""

    permission = "reports.view_paper"
    template_name = "reports/paper_list.html"
    filters = PaperFilters
    columns = tables.PAPERS
    title = "Văn bản"
    workbook = "reports:workbook"

    def rows(self):
        return archive.papers_for(self.request.user)


class PaperWorkbookView(ListWorkbook, PaperListView):
    pass


class PaperView(AllowedMixin, View):
    """What one paper is, where it stands, what may be done with it, and its files."""

    permission = "reports.view_paper"

    def get(self, request, pk):
        gaps = KeyTransform("gaps", "data")
        paper = self.fetch(Paper.objects.with_people().annotate(gaps=gaps), pk=pk)
        user, files = request.user, archive.files_of(paper)
        context = {
            "paper": paper,
            "files": files,
            "draft_label": "Tệp PDF chung" if paper.is_batch else "Dự thảo",
            "signatures": kept(files["signed"].details["signatures"]) if "signed" in files else [],
            "may_review": user.has_perm("reports.review_paper", paper) and paper.requested_by_id != user.pk,
            "again_url": archive.again_url(paper),
            "returned": archive.returned_before(paper),
            "made_since": archive.made_since(paper),
            "may_issue": user.has_perm("reports.issue_paper", paper),
            "may_sign": archive.may_be_signed(paper, user),
            "replacement": archive.replacement_of(paper),
            "origin": archive.origin_of(paper, user),
        }
        return render(request, "reports/paper_detail.html", context)


class _FileView(AllowedMixin, View):
    """A stored file: always the same bytes."""

    permission = "reports.view_paper"

    def send(self, request, paper, field, name):
        try:
            if field:
                return FileResponse(field.open(), as_attachment=True, filename=name)
            messages.error(request, "Văn bản này chưa có tệp để tải về.")
        except FileNotFoundError:
            log.error("paper %s: %s is gone from the storage", paper.pk, field.name)
            messages.error(request, "Tệp không còn trong kho lưu trữ. Hãy báo quản trị hệ thống.")
        return redirect(paper)


class PaperDownloadView(_FileView):
    """The draft as it was rendered; of an issued paper the signed or issued file."""

    def get(self, request, pk):
        paper = self.fetch(Paper.objects.select_related("plan"), pk=pk)
        files = archive.files_of(paper) if paper.is_issued else {}
        chosen = files.get(FileForm.SIGNED) or files.get(FileForm.ISSUED) or paper
        return self.send(request, paper, chosen.file, file_name(paper))


class PaperFileView(_FileView):
    """A further file: the signed one, the ZIP of a batch, or the draft of an issued paper."""

    def get(self, request, pk, form):
        paper = self.fetch(Paper.objects.select_related("plan"), pk=pk)
        if form == "draft":
            if paper.is_issued and not request.user.has_perm("reports.review_paper", paper):
                raise Http404
            return self.send(request, paper, paper.file, file_name(paper, "dự thảo"))
        found = paper.files.filter(form=form).first()
        of_the_office = form in FileForm.of_the_office
        if found is None or (of_the_office and not request.user.has_perm("reports.view_office_papers")):
            raise Http404
        name = file_name(paper, lower_first(found.get_form_display()), found.file.name.rpartition(".")[2])
        return self.send(request, paper, found.file, name)


def file_name(paper, form="", ending="pdf"):
    """A name people recognise in a folder, without signs that file systems refuse."""
    number = paper.number_text.replace("/", "-") if paper.is_issued else ""
    if paper.plan is not None:
        title = f"{paper.get_kind_display()} - {paper.plan.code} - đến {paper.period_to:%d-%m-%Y}"
    else:
        title = paper.title[:150]
    parts = [number, title, form]
    return f"{nfc(' - '.join(part for part in parts if part)).translate(REFUSED)}.{ending}"


REFUSED = str.maketrans('\\/:*?"<>|', "---------")
