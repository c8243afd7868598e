"""Papers: list, request, one paper, its file."""

import logging

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse
from django.shortcuts import redirect, render
from django.views import View

from accounts.access import AllowedMixin
from core.exceptions import DomainError
from core.text import nfc
from reports import queries, services
from reports.forms import ProgressReportForm
from reports.models import Paper

log = logging.getLogger(__name__)

PAGE_SIZE = 25


class PaperListView(AllowedMixin, View):
    """The papers of the user's area, latest first."""

    permission = "reports.view_paper"

    def get(self, request):
        papers = Paginator(queries.papers_for(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
        return render(request, "reports/paper_list.html", {"papers": papers})


class PaperRequestView(AllowedMixin, View):
    """Ask for a progress report; the answer is the page of its job."""

    permission = "reports.request_paper"

    def get(self, request):
        form = ProgressReportForm(user=request.user, initial=request.GET.dict())
        return render(request, "reports/paper_request.html", {"form": form})

    def post(self, request):
        form = ProgressReportForm(request.POST, user=request.user)
        if form.is_valid():
            try:
                paper = services.request_progress_report(**form.cleaned_data, by=request.user)
                return redirect(self.page_after(paper))
            except DomainError as refusal:
                form.add_error(refusal.field, refusal.message)
        return render(request, "reports/paper_request.html", {"form": form}, status=422)

    def page_after(self, paper):
        """The job's page for its owner; a colleague who asked for the same paper sees the paper."""
        return paper.job if paper.job.owner_id == self.request.user.pk else paper


class PaperView(AllowedMixin, View):
    """What one paper is, where it stands, and its file."""

    permission = "reports.view_paper"

    def get(self, request, pk):
        paper = self.fetch(Paper.objects.with_people(), pk=pk)
        return render(request, "reports/paper_detail.html", {"paper": paper})


class PaperDownloadView(AllowedMixin, View):
    """The file itself: always the same bytes."""

    permission = "reports.view_paper"

    def get(self, request, pk):
        paper = self.fetch(Paper.objects.select_related("plan"), pk=pk)
        try:
            if paper.is_rendered:
                return FileResponse(paper.file.open(), as_attachment=True, filename=file_name(paper))
            messages.error(request, "Báo cáo này chưa có tệp để tải về.")
        except FileNotFoundError:
            log.error("paper %s: its file is gone from the storage", paper.pk)
            messages.error(request, "Tệp không còn trong kho lưu trữ. Hãy báo quản trị hệ thống.")
        return redirect(paper)


def file_name(paper):
    """A name people recognise in a folder, without signs that file systems refuse."""
    title = f"{paper.get_kind_display()} - {paper.plan.code} - đến {paper.period_to:%d-%m-%Y}"
    return f"{nfc(title)}.pdf"
