"""The commune's report (Mẫu 03): written with autosave, read by the desks and by leadership."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import cached_property
from django.utils.html import linebreaks
from django.utils.safestring import mark_safe
from django.views.generic import TemplateView

from accounts.access import AllowedMixin
from core.exceptions import ConflictError, DomainError
from products import queries, services
from products.enums import DossierState
from products.forms import CommuneReportForm
from products.models import CommuneReport, Dossier
from products.models.desk import REPORT_FIELDS
from products.views import facts


class CommuneReportEditView(AllowedMixin, TemplateView):
    """Mẫu 03 being written. htmx saves while people type; the button saves without JavaScript."""

    permission = "products.check_dossier"
    template_name = "products/commune_report_edit.html"

    @cached_property
    def dossier(self) -> Dossier:
        return self.fetch(Dossier.objects.with_names(), pk=self.kwargs["pk"])

    @cached_property
    def version(self):
        version = self.dossier.versions.exclude(submitted_at=None).order_by("-number").first()
        if version is None:
            raise Http404
        version.dossier = self.dossier
        return version

    def get(self, request, *args, **kwargs):
        if self.dossier.state not in DossierState.with_commune:
            return redirect("products:commune_report", self.dossier.pk, self.version.number)
        report = queries.report_of(self.version)
        form = CommuneReportForm(instance=report or self.begun_from_last())
        return self.answer(form, report.revision if report else 0)

    def begun_from_last(self) -> CommuneReport:
        """An unsaved report that starts from the one of the version that came back."""
        last = CommuneReport.objects.filter(version__dossier=self.dossier).order_by("version__number").last()
        values = {name: getattr(last, name) for name in REPORT_FIELDS} if last else {}
        return CommuneReport(version=self.version, **values)

    def post(self, request, *args, **kwargs):
        self.dossier  # noqa: B018  a foreign dossier is 404 before anything else
        form = CommuneReportForm(request.POST, instance=CommuneReport(version=self.version))
        if not form.is_valid():
            return self.answer(form, form["revision"].value(), status=422)
        try:
            report = services.save_commune_report(
                self.dossier, by=request.user, data=form.report, revision=form.cleaned_data["revision"]
            )
        except ConflictError as error:
            return self.conflict(form, error)
        except DomainError as error:
            messages.error(request, error.message)
            return redirect("products:dossier", self.dossier.pk)
        if request.htmx:
            return self.answer(form, report.revision, report=report)
        messages.success(request, "Đã lưu Mẫu 03.")
        return redirect("products:desk_check", self.dossier.pk)

    def answer(self, form, revision, report=None, status: int = 200) -> HttpResponse:
        part = "#saved" if self.request.htmx else ""
        report = report or queries.report_of(self.version)
        context = self.get_context_data(
            form=form,
            dossier=self.dossier,
            version=self.version,
            context_line=facts.line_of(self.dossier),
            revision=revision or 0,
            gaps=report.gaps if report else None,
            from_last=report is None and bool(form.instance.local_material),
            workforce=facts.workforce_as_filed(self.version.snapshot or {}),
        )
        return render(self.request, self.template_name + part, context, status=status)

    def conflict(self, form, error) -> HttpResponse:
        """Both texts side by side; nothing was written."""
        stored = queries.report_of(self.version) or CommuneReport()
        labels = {name: form.fields[name].label for name in REPORT_FIELDS}
        context = {
            "message": error.message + " Để không ghi đè, bản vừa gửi chưa được lưu: hãy chép phần cần giữ.",
            "yours": [(label, in_paragraphs(form.report[name])) for name, label in labels.items()],
            "theirs": [(label, in_paragraphs(getattr(stored, name))) for name, label in labels.items()],
            "reload_url": self.request.path,
        }
        return render(self.request, "409.html", context, status=409)


class CommuneReportView(AllowedMixin, TemplateView):
    """Mẫu 03 of one filed version, to be read and printed."""

    permission = "products.view_commune_report"
    template_name = "products/commune_report.html"

    def get_context_data(self, pk, number, **kwargs):
        dossier = self.fetch(Dossier.objects.with_names(), pk=pk)
        version = get_object_or_404(dossier.versions.exclude(submitted_at=None), number=number)
        version.dossier = dossier
        report = queries.report_of(version)
        labels = CommuneReportForm._meta.labels
        return super().get_context_data(
            dossier=dossier,
            version=version,
            report=report,
            context_line=facts.line_of(dossier),
            texts=[(labels[name], getattr(report, name)) for name in REPORT_FIELDS[:5]] if report else [],
            as_filed=facts.of_snapshot(version.snapshot),
            **kwargs,
        )


def in_paragraphs(value) -> str:
    """Text as typed, its lines kept, escaped."""
    return mark_safe(linebreaks(str(value), autoescape=True))  # noqa: S308  escaped by linebreaks
