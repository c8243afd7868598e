"""What a member of the advisory team was given, and reads."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.generic import ListView, TemplateView

from accounts.access import AllowedMixin
from evaluation.queries import advisory as queries
from products import completeness, snapshot
from products.models import CommuneReport
from products.views import facts


class AssignedListView(AllowedMixin, ListView):
    permission = "evaluation.read_assigned"
    template_name = "evaluation/assigned.html"
    context_object_name = "assignments"
    paginate_by = 25

    def get_queryset(self):
        return queries.assigned_to(self.request.user)

    def get_context_data(self, **kwargs):
        return super().get_context_data(today=timezone.localdate(), **kwargs)


class AssignedDossierView(AllowedMixin, TemplateView):
    """A dossier as it was filed, for the member it was given to: texts, self-assessment, Mẫu 03, papers."""

    permission = "evaluation.read_assigned"
    template_name = "evaluation/assigned_dossier.html"

    def get_context_data(self, pk, **kwargs):
        assignment = get_object_or_404(queries.assigned_to(self.request.user), dossier=pk)
        version = queries.filed_version(assignment.dossier)
        return super().get_context_data(
            assignment=assignment,
            dossier=assignment.dossier,
            version=version,
            context_line=facts.line_of(assignment.dossier),
            today=timezone.localdate(),
            **(filed_content(version) if version else {}),
            **kwargs,
        )


def filed_content(version):
    """What a filed version says, from its frozen picture, and what the commune wrote on it."""
    return {
        "content": completeness.content_of(version),
        "as_filed": facts.of_snapshot(version.snapshot),
        "assessment": version.snapshot.get("self_assessment"),
        "report": report_rows(version),
        "evidences": version.evidences.select_related("stored"),
        "is_intact": snapshot.is_intact(version),
    }


def report_rows(version):
    """Mẫu 03 as rows of (label, text); nothing while the commune has not written it."""
    report = CommuneReport.objects.filter(version=version).first()
    if report is None:
        return []
    names = ("local_material", "local_labour", "idea_origin", "local_identity", "conclusion")
    words = [
        (CommuneReport._meta.get_field(name).verbose_name.capitalize(), getattr(report, name))
        for name in names
    ]
    signer = ", ".join(filter(None, [report.signer_name, report.signer_position]))
    return [*words, ("Người ký", signer)]
