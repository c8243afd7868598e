"""Asking for papers: a report on a closed period, a working draft, the papers of a session or dossier."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views import View

from accounts.access import AllowedMixin
from core.exceptions import DomainError
from reports import archive, kinds, services
from reports.forms import ProgressReportForm, ReportForm


class _AskView(AllowedMixin, View):
    """A form whose answer is the page of a job; the job's page for its owner, the paper's for a colleague."""

    permission = "reports.request_paper"

    def page_after(self, paper):
        return paper.job if paper.job.owner_id == self.request.user.pk else paper


class PaperRequestView(_AskView):
    """Ask for the report on a closed period."""

    form_class = ReportForm
    template = "reports/paper_request.html"

    def ask(self, form):
        return services.request_report(**form.request, by=self.request.user)

    def get(self, request):
        asked = request.GET.dict()
        form = self.form_class(user=request.user, initial=archive.entered_before(request.user, asked) | asked)
        context = {"form": form, "returned": archive.returned_report(request.user, asked)}
        return render(request, self.template, context)

    def post(self, request):
        form = self.form_class(request.POST, user=request.user)
        if form.is_valid():
            try:
                return redirect(self.page_after(self.ask(form)))
            except DomainError as refusal:
                form.add_error(refusal.field, refusal.message)
        returned = archive.returned_report(request.user, request.POST.dict())
        return render(request, self.template, {"form": form, "returned": returned}, status=422)


class DraftRequestView(PaperRequestView):
    """Ask for a working draft as of a day."""

    form_class = ProgressReportForm
    template = "reports/draft_request.html"

    def ask(self, form):
        return services.request_progress_report(**form.request, by=self.request.user)


class SubjectView(AllowedMixin, View):
    """The papers that can be made of a session, a dossier, a class …, and those that were."""

    permission = "reports.view_office_papers"

    def get(self, request, noun, pk):
        subject, found = find_subject(request.user, noun, pk)
        context = archive.subject_page(request.user, subject, found)
        return render(request, "reports/subject.html", context)


class MakeView(_AskView):
    """Ask for one paper of a subject."""

    http_method_names = ["post"]

    def post(self, request, kind, pk):
        wanted = kinds.KINDS.get(kind)
        if wanted is None or wanted.subject.field == "plan":
            raise Http404
        found = get_object_or_404(wanted.subject.rows(request.user), pk=pk)
        try:
            paper = services.request_paper(kind=kind, subject=found, by=request.user)
            return redirect(self.page_after(paper))
        except DomainError as refusal:
            messages.error(request, refusal.message)
        return redirect("reports:subject", noun=wanted.subject.noun, pk=pk)


def find_subject(user, noun, pk):
    """The subject an address names, of those the user may choose from; else 404."""
    for subject in kinds.SUBJECTS.values():
        if subject.noun == noun and subject.field != "plan":
            return subject, get_object_or_404(subject.rows(user), pk=pk)
    raise Http404
