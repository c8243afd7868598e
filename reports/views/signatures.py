"""Signed files of papers, and the page that tells which paper a file is."""

import re

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views import View

from accounts.access import AllowedMixin
from accounts.pages import ServiceForm
from core.exceptions import DomainError
from reports import services, signatures, verification
from reports.forms import SignedForm
from reports.models import Paper
from reports.views.acts import OfPaper


class SignedUploadView(OfPaper, ServiceForm):
    """The signed file of an issued paper."""

    permission = "reports.issue_paper"
    template_name = "reports/signed.html"
    form_class = SignedForm

    def get_context_data(self, **kwargs):
        return super().get_context_data(paper=self.paper, can_sign=signatures.can_sign(), **kwargs)

    def carry_out(self, form):
        services.attach_signed(paper=self.paper, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, "Chữ ký hợp lệ; bản đã ký là bản chính thức của văn bản.")
        return self.paper.get_absolute_url()


class SignView(OfPaper, View):
    """Sign with the installation's own certificate."""

    permission = "reports.issue_paper"
    http_method_names = ["post"]

    def post(self, request, pk):
        try:
            services.sign(paper=self.paper, by=request.user)
            messages.success(request, "Đã ký số bằng chứng thư của hệ thống.")
        except DomainError as refusal:
            messages.error(request, refusal.message)
        return redirect(self.paper)


class VerifyView(AllowedMixin, View):
    """Which paper a file or a hash is, when it was issued, whether it is unchanged."""

    permission = "reports.verify_paper"
    template_name = "reports/verify.html"

    def get(self, request):
        return render(request, self.template_name)

    def post(self, request):
        upload, typed = request.FILES.get("upload"), request.POST.get("sha256", "")
        try:
            answer = verification.of_file(upload) if upload else verification.by_hash(tidy(typed))
        except DomainError as refusal:
            return render(
                request, self.template_name, {"problem": refusal.message, "typed": typed}, status=422
            )
        found = answer.paper
        readable = found and Paper.objects.visible_to(request.user).filter(pk=found.pk).exists()
        context = {"answer": answer, "readable": readable and request.user.has_perm("reports.view_paper")}
        return render(request, self.template_name, context)


def tidy(text):
    """A hash as copied from a page: blanks dropped, small letters."""
    return re.sub(r"\s", "", text).lower()[:200]
