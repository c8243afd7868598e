"""Two versions of a dossier side by side."""

from django.http import Http404
from django.utils.functional import cached_property
from django.views.generic import TemplateView

from accounts.access import AllowedMixin
from products import diff, snapshot
from products.models import Dossier, DossierVersion
from products.views import facts


class CompareView(AllowedMixin, TemplateView):
    """What changed from one version to another; the last one may still be a draft.

    `?tat-ca=1` shows what stayed the same too.
    """

    permission = "products.view_dossier"
    template_name = "products/version_compare.html"

    @cached_property
    def dossier(self):
        rows = Dossier.objects.with_names().select_related("commune__parent", "product__entity__commune")
        return self.fetch(rows, pk=self.kwargs["pk"])

    def get_context_data(self, a, b, **kwargs):
        if a >= b:
            raise Http404
        before, after = self.version(a), self.version(b)
        sections = diff.compare(_picture(before), _picture(after))
        return super().get_context_data(
            dossier=self.dossier,
            context_line=facts.line_of(self.dossier),
            before=before,
            after=after,
            sections=sections,
            changes=sum(len(section.changed) for section in sections),
            everything="tat-ca" in self.request.GET,
            others=[(one, one + 1) for one in sorted(self.versions)[:-1] if (one, one + 1) != (a, b)],
            **kwargs,
        )

    @cached_property
    def versions(self) -> dict[int, DossierVersion]:
        return {version.number: version for version in self.dossier.versions.all()}

    def version(self, number: int) -> DossierVersion:
        if number not in self.versions:
            raise Http404
        found = self.versions[number]
        found.dossier = self.dossier
        return found


def _picture(version: DossierVersion) -> dict:
    """As it was filed; of a draft, as it would be filed now."""
    return version.snapshot if version.snapshot is not None else snapshot.take(version)
