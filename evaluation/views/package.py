"""The file of a potential five-star product for the Ministry: checklist, papers, the whole as one ZIP."""

import logging
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views import View

from accounts.access import AllowedMixin
from accounts.pages import ServiceForm
from evaluation import package_zip
from evaluation.enums import PackagePaperKind
from evaluation.forms.decisions import PackagePaperForm
from evaluation.models import AgendaItem, PackagePaper
from evaluation.queries.package import checklist, ministry_window, packages, papers_of
from evaluation.queries.results import sentence_of
from evaluation.services import package as services
from evaluation.views.acts import ActView
from products.enums import DossierState
from products.evidence_files import KINDS, safe_filename
from products.models import Dossier

log = logging.getLogger(__name__)


class PackageMixin(AllowedMixin):
    """Views on a potential five-star result of the officer's province; others are 404."""

    permission = "evaluation.manage_package"
    request: Any
    kwargs: dict

    @cached_property
    def item(self) -> AgendaItem:
        return self.find_item(pk=self.kwargs["pk"])

    def find_item(self, **lookup: Any) -> AgendaItem:
        item = get_object_or_404(packages(self.request.user), **lookup)
        if not self.request.user.has_perm(self.permission, item):
            raise PermissionDenied
        return item

    @property
    def page_url(self) -> str:
        return reverse("evaluation:package", args=[self.item.pk])


class PackageView(PackageMixin, ServiceForm):
    """What the file needs and holds; the form takes one paper in."""

    template_name = "evaluation/package.html"
    form_class = PackagePaperForm

    def get_initial(self):
        return {"kind": self.request.GET.get("kind", "")}

    def get_context_data(self, **kwargs):
        demands = checklist(self.item)
        dossier = self.item.version.dossier
        return super().get_context_data(
            item=self.item,
            dossier=dossier,
            sentence=sentence_of(self.item.result),
            demands=demands,
            missing=[demand for demand in demands if not demand.is_met],
            papers=papers_of(self.item),
            window=ministry_window(timezone.localdate()),
            waits=dossier.state == DossierState.SCORED,
            takes=dossier.state in DossierState.awaiting_decision,
            **self._sent(dossier),
            most_mb_text=f"{settings.EVIDENCE_MAX_FILE_MB} MB.",
            **kwargs,
        )

    def _sent(self, dossier: Dossier) -> dict[str, Any]:
        """The day of the letter and the Ministry's span it belongs to, while the answer is awaited."""
        if dossier.state != DossierState.SENT_TO_MINISTRY:
            return {}
        letters = self.item.package_papers.filter(kind=PackagePaperKind.LETTER, dated_on__isnull=False)
        letter = letters.order_by("-dated_on").first()
        sent_on = letter.dated_on if letter else timezone.localdate(dossier.state_since)
        return {"sent_on": sent_on, "sent_window": ministry_window(sent_on)}

    def carry_out(self, form):
        paper = services.add_paper(item=self.item, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, f"Đã thêm: {paper}.")
        return self.page_url


class PackageDownloadView(PackageMixin, View):
    """The whole file as one ZIP. By POST, because the download is written down."""

    http_method_names = ["post"]

    def post(self, request, pk):
        services.record_download(self.item, by=request.user)
        answer = StreamingHttpResponse(package_zip.stream(self.item), content_type="application/zip")
        answer["Content-Disposition"] = f'attachment; filename="{package_zip.file_name(self.item)}"'
        return answer


class PaperMixin(PackageMixin):
    """Views on one paper of the file."""

    @cached_property
    def paper(self) -> PackagePaper:
        found = PackagePaper.objects.select_related("stored", "item")
        return get_object_or_404(found, pk=self.kwargs["pk"], item=self.item)

    @cached_property
    def item(self) -> AgendaItem:
        return self.find_item(package_papers=self.kwargs["pk"])


class PackagePaperView(PaperMixin, View):
    """The paper as it was uploaded; never opened by the browser as a page."""

    def get(self, request, pk):
        stored = self.paper.stored
        try:
            file = stored.file.open("rb")
        except FileNotFoundError as gone:
            log.error("package paper %s: its file is gone from the storage", pk)
            raise Http404 from gone
        name = safe_filename(self.paper.title, KINDS[stored.content_type])
        return FileResponse(file, as_attachment=True, filename=name, content_type=stored.content_type)


class PackagePaperRemoveView(PaperMixin, ActView):
    def find(self):
        return self.paper

    def act(self, target):
        services.remove_paper(paper=target, by=self.request.user)
        return f"Đã bỏ: {target}."

    def back(self, target):
        return self.page_url
