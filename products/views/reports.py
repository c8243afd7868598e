"""The commune's report (Mẫu 03): written with autosave, read by the desks and by leadership."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import TemplateView

from accounts.access import AllowedMixin
from core import conflicts
from core.exceptions import ConflictError, DomainError
from products import queries, services
from products.enums import DossierState
from products.forms import CommuneReportForm
from products.models import CommuneReport, Dossier
from products.models.desk import REPORT_FIELDS
from products.views import facts
from products.views.dossiers import in_paragraphs


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
        # The number is of that report alone.
        copied = [name for name in REPORT_FIELDS if name != "number"]
        values = {name: getattr(last, name) for name in copied} if last else {}
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
            return self.refused(form, error)
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
        """Both texts side by side; nothing was written, unless both say the same."""
        stored = queries.report_of(self.version) or CommuneReport(version=self.version)
        labels = {name: form.fields[name].label for name in REPORT_FIELDS}
        writer = str(stored.written_by) if stored.pk else ""
        both = conflicts.compare(
            labels, mine=form.report, stored=stored, saved_by=writer, saved_at=stored.updated_at
        )
        if not both.rows:
            return self.answer(form, stored.revision, report=stored)
        context = {
            "message": error.message,
            "conflict": both,
            "context_line": facts.line_of(self.dossier),
            "reload_url": self.request.path,
        }
        template = "components/conflict.html" if self.request.htmx else "core/conflict_page.html"
        response = render(self.request, template, context, status=409)
        response["X-Conflict"] = "1"  # tells the page's script that both versions come along
        return response

    def refused(self, form, error) -> HttpResponse:
        """The dossier has left the commune: say why, and give back what was typed."""
        if self.request.htmx:
            return HttpResponse(error.message, status=409, content_type="text/plain; charset=utf-8")
        typed = [(form.fields[name].label, in_paragraphs(form.report[name])) for name in REPORT_FIELDS]
        url = reverse("products:dossier", args=[self.dossier.pk])
        context = {"title": "Chưa lưu được", "message": error.message, "yours": typed, "reload_url": url}
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
