"""What is done with a paper: reviewed, issued, replaced."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views import View

from accounts.access import AllowedMixin
from accounts.pages import ServiceForm
from core.exceptions import DomainError
from reports import archive, services
from reports.forms import IssueForm, ReasonForm, ReturnForm
from reports.models import Paper
from reports.services import issuable


class OfPaper(AllowedMixin):
    @cached_property
    def paper(self):
        return self.fetch(Paper.objects.with_people(), pk=self.kwargs["pk"])


class ReviewView(OfPaper, View):
    """A draft was read and is right."""

    permission = "reports.review_paper"
    http_method_names = ["post"]

    def post(self, request, pk):
        try:
            services.review(paper=self.paper, by=request.user)
            messages.success(request, "Đã ghi nhận soát văn bản; cán bộ tỉnh cấp số và phát hành.")
        except DomainError as refusal:
            messages.error(request, refusal.message)
        return redirect(self.paper)


class ReturnView(OfPaper, ServiceForm):
    """A draft was read and is not right: back to whoever made it."""

    permission = "reports.review_paper"
    template_name = "reports/return.html"
    form_class = ReturnForm

    def get_context_data(self, **kwargs):
        return super().get_context_data(paper=self.paper, **kwargs)

    def carry_out(self, form):
        services.return_draft(paper=self.paper, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, "Đã trả lại; người lập được báo kèm lý do.")
        return self.paper.get_absolute_url()


class IssueView(OfPaper, ServiceForm):
    """Number, day and signer; a worker writes the file to be signed."""

    permission = "reports.issue_paper"
    template_name = "reports/issue.html"
    form_class = IssueForm

    def get_context_data(self, **kwargs):
        paper, symbol = self.paper, services.symbol_of(self.paper)
        return super().get_context_data(
            paper=paper, symbol=symbol, files=issuable.is_to_file(paper), **kwargs
        )

    def get_initial(self):
        found = {"signer_name": issuable.named_signer(self.paper)}
        day = issuable.recorded_day(self.paper)
        return {**found, "issued_on": day} if day else found

    def get_form_kwargs(self):
        known = services.known_number(self.paper)
        following = known or services.next_number(self.paper, timezone.localdate().year)
        numbered = bool(services.symbol_of(self.paper))
        return {**super().get_form_kwargs(), "numbered": numbered, "following": following}

    def carry_out(self, form):
        paper = services.issue(paper=self.paper, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, "Đã cấp số; hệ thống đang ghi tệp phát hành.")
        return paper.job.get_absolute_url()


class ReplaceView(OfPaper, ServiceForm):
    """Ask for the paper that corrects an issued one."""

    permission = "reports.issue_paper"
    template_name = "reports/replace.html"
    form_class = ReasonForm

    def get_initial(self):
        """The reason given before, when the draft of the replacement was returned."""
        return {"reason": self.returned.replace_reason} if self.returned else {}

    def get_context_data(self, **kwargs):
        return super().get_context_data(paper=self.paper, returned=self.returned, **kwargs)

    @cached_property
    def returned(self):
        made = archive.replacement_of(self.paper)
        return made if made is not None and made.is_returned else None

    def carry_out(self, form):
        paper = services.replace_paper(
            paper=self.paper, reason=form.cleaned_data["reason"], by=self.request.user
        )
        return paper.job.get_absolute_url() if paper.job else reverse("reports:detail", args=[paper.pk])
