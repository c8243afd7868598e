"""The register of certificates for signed-in people: list, page, and issue for earlier recognitions."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import ListView, TemplateView

from accounts.access import AllowedMixin
from accounts.pages import FilteredList, ListWorkbook, ServiceForm
from core.exceptions import DomainError
from evaluation import qr, tables
from evaluation.certificate_filters import CertificateFilters
from evaluation.forms.certificates import IssueForm
from evaluation.models import Certificate, Inspection
from evaluation.queries import certificates as queries
from evaluation.services import certificates as services
from evaluation.views.acts import whole_number
from products.models import Recognition

PAGE_OF_ISSUE = 100


class CertificateListView(FilteredList):
    permission = "evaluation.view_certificate"
    template_name = "evaluation/certificates.html"
    filters = CertificateFilters
    columns = tables.CERTIFICATES
    title = "Giấy chứng nhận"
    workbook = "evaluation:certificates_workbook"

    def rows(self):
        return queries.certificates_for(self.request.user)

    def get_context_data(self, **kwargs):
        user = self.request.user
        to_issue = 0
        if user.has_perm("evaluation.issue_certificate"):
            to_issue = queries.without_certificate(user).order_by().count()
        return super().get_context_data(to_issue=to_issue, **kwargs)


class CertificateWorkbookView(ListWorkbook, CertificateListView):
    pass


class CertificateView(AllowedMixin, TemplateView):
    permission = "evaluation.view_certificate"
    template_name = "evaluation/certificate.html"

    def get_context_data(self, pk, **kwargs):
        user = self.request.user
        certificate = self.fetch(Certificate.objects.with_names(), pk=pk)
        recognition, address = certificate.recognition, qr.public_address(certificate.token)
        manages = user.has_perm("evaluation.manage_revocation", certificate)
        pending = queries.open_revocation_of(recognition) if manages else None
        inspections = Inspection.objects.visible_to(user).filter(product=recognition.product)
        return super().get_context_data(
            certificate=certificate,
            recognition=recognition,
            product=recognition.product,
            standing=certificate.standing,
            address=address,
            code=qr.svg_of(address),
            revoked=queries.revocation_of(recognition),
            pending=pending,
            may_revoke=manages and pending is None and certificate.in_force,
            inspections=list(inspections[:10]),
            **kwargs,
        )


class IssueListView(AllowedMixin, ListView):
    """Recognitions in force without a certificate. POST issues those of the chosen rows."""

    permission = "evaluation.issue_certificate"
    template_name = "evaluation/certificates_to_issue.html"
    paginate_by = PAGE_OF_ISSUE
    context_object_name = "recognitions"

    def get_queryset(self):
        return queries.without_certificate(self.request.user)

    def paginate_queryset(self, queryset, page_size):
        paginator = self.get_paginator(queryset, page_size)
        page = paginator.get_page(self.request.GET.get("page"))
        return paginator, page, page.object_list, page.has_other_pages()

    def post(self, request, *args, **kwargs):
        chosen = {whole_number(pk) for pk in request.POST.getlist("recognitions")}
        rows = self.get_queryset().select_related("product__commune__parent").filter(pk__in=chosen)
        try:
            made = services.issue_many(recognitions=rows, by=request.user)
            messages.success(request, f"Đã cấp {len(made)} giấy chứng nhận, kèm mã tra cứu.")
        except DomainError as refusal:
            messages.error(request, refusal.message)
        return redirect("evaluation:certificates_to_issue")


class OfRecognition:
    """A view on a recognition (pk) of the user's area."""

    @cached_property
    def recognition(self):
        rows = Recognition.objects.select_related("product__entity", "product__commune__parent", "dossier")
        return self.fetch(rows, pk=self.kwargs["pk"])


class IssueView(OfRecognition, ServiceForm):
    """One certificate, with the number of the paper that was handed out."""

    permission = "evaluation.issue_certificate"
    template_name = "evaluation/certificate_form.html"
    form_class = IssueForm

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            title="Cấp giấy chứng nhận, mã tra cứu",
            line=str(self.recognition),
            back=reverse("evaluation:certificates_to_issue"),
            submit="Cấp giấy chứng nhận",
            **kwargs,
        )

    def carry_out(self, form):
        certificate = services.issue_certificate(
            recognition=self.recognition, by=self.request.user, **form.cleaned_data
        )
        messages.success(self.request, f"Đã cấp giấy chứng nhận số {certificate.number}.")
        return reverse("evaluation:certificate", args=[certificate.pk])
