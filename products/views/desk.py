"""The desks: inbox, check of a filed dossier, its receipt, a dossier entered for an entity."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import FormView, TemplateView, View

from accounts.access import AllowedMixin
from accounts.pages import say_refusal
from core.exceptions import DomainError
from core.freshness import as_of
from products import changes, completeness, deadlines, desks, queries, services
from products.enums import Desk
from products.forms import EnterDossierForm, SamplesForm, SectionForm
from products.models import Dossier, DossierVersion
from products.queries import Finding
from products.views import facts

LONGEST_CHOICE = 20


class CommuneInboxView(AllowedMixin, TemplateView):
    """What waits for the commune, by haste; what went back and what went on."""

    permission = "products.check_dossier"
    template_name = "products/desk_inbox.html"

    def get_context_data(self, **kwargs):
        groups = queries.commune_inbox(self.request.user)
        waiting = sum(len(group.rows) for group in groups[:3])
        return super().get_context_data(groups=groups, waiting=waiting, **kwargs)


@dataclass
class Part:
    """A section on the checking page: what it says, the verdict, and what others found before."""

    finding: Finding
    asked_before: Finding | None = None
    commune: Finding | None = None
    # Against the filing before; None when there was none.
    changed: bool | None = None
    facts: list[tuple[str, Any]] = field(default_factory=list)
    texts: list[tuple[str, Any]] = field(default_factory=list)

    @property
    def slug(self) -> str:
        return self.finding.section.slug

    @property
    def label(self) -> str:
        return self.finding.section.label


class DeskMixin(AllowedMixin):
    """The newest filed version of a dossier, and the desk the user reads it at."""

    permission = "products.view_desk_check"

    @cached_property
    def dossier(self) -> Dossier:
        return self.fetch(Dossier.objects.with_names(), pk=self.kwargs["pk"])

    @cached_property
    def version(self) -> DossierVersion:
        version = self.dossier.versions.exclude(submitted_at=None).order_by("-number").first()
        if version is None:
            raise Http404
        version.dossier = self.dossier
        return version

    @cached_property
    def duty(self) -> desks.Duty | None:
        """What the user has to do with the dossier now; None when it is read only."""
        duty = desks.DUTIES.get(self.dossier.state)
        return duty if duty and self.request.user.has_perm(duty.permission, self.dossier) else None

    @cached_property
    def desk(self) -> str:
        """The user's own desk; the province reads the commune's check until the dossier has come to it."""
        if self.duty:
            return self.duty.desk
        at_province = self.request.user.has_perm("products.accept_dossier", self.dossier)
        received = at_province and self.version.checks.filter(desk=Desk.PROVINCE).exists()
        return Desk.PROVINCE if received else Desk.COMMUNE

    def summary(self) -> dict[str, Any]:
        """How far the check has come and what may follow: redrawn after every verdict."""
        read_at = as_of()
        check = queries.check_of(self.version, self.desk)
        found = queries.findings(check)
        at_commune, report = self.desk == Desk.COMMUNE, queries.report_of(self.version)
        return {
            "as_of": read_at,
            "dossier": self.dossier,
            "version": self.version,
            "duty": self.duty,
            "at_commune": at_commune,
            "check": check,
            "found": found,
            "settled": sum(bool(finding.verdict) for finding in found),
            "lacking": [finding for finding in found if finding.is_lacking],
            "obstacles": queries.obstacles_in(found, report) if self.duty and at_commune else [],
            "report": report,
        }


class DeskCheckView(DeskMixin, TemplateView):
    """Section by section beside its verdict; then onward or back. Everybody else of the area reads."""

    template_name = "products/desk_check.html"

    def get_context_data(self, **kwargs):
        summary = self.summary()
        before, due = queries.last_return(self.dossier), deadlines.due_on(self.dossier)
        return super().get_context_data(
            **summary,
            context_line=facts.line_of(self.dossier),
            parts=self.parts(summary["found"], before),
            before=before,
            compare_url=self.compare_url(before),
            evidences=self.evidences(),
            assessment=(self.version.snapshot or {}).get("self_assessment"),
            due=due,
            overdue=deadlines.is_overdue(self.dossier),
            clock=deadlines.in_words(due, timezone.localdate()) if due else "",
            samples_required=completeness.SAMPLES_REQUIRED,
            samples_form=kwargs.pop("samples_form", None) or SamplesForm(instance=summary["check"]),
            **kwargs,
        )

    def parts(self, found: list[Finding], before: Any) -> list[Part]:
        commune = {}
        if self.desk == Desk.PROVINCE:
            rows = queries.findings(queries.check_of(self.version, Desk.COMMUNE))
            commune = {finding.section.slug: finding for finding in rows}
        asked = {finding.section.slug: finding for finding in before.sections} if before else {}
        said = content_by_section(self.version)
        changed = changes.since_last_filing(self.version) if self.version.number > 1 else None
        return [
            Part(
                one,
                asked.get(one.section.slug),
                commune.get(one.section.slug),
                None if changed is None else one.section.slug in changed,
                **said[one.section.slug],
            )
            for one in found
        ]

    def compare_url(self, before: Any) -> str:
        if before is None or before.version.number >= self.version.number:
            return ""
        numbers = [self.dossier.pk, before.version.number, self.version.number]
        try:
            return reverse("products:compare", args=numbers)
        except NoReverseMatch:
            return ""

    def evidences(self) -> list[Any]:
        return list(self.version.evidences.select_related("stored"))

    def post(self, request, *args, **kwargs):
        """Samples counted, or the sections left found in order."""
        if self.duty is None:
            self.dossier  # noqa: B018  a foreign dossier is 404 before anything else
            messages.warning(request, "Hồ sơ không còn chờ kiểm tra ở đây nên không ghi thêm được.")
            return redirect("products:desk_check", self.dossier.pk)
        if "pass_rest" in request.POST:
            count = services.pass_rest(self.dossier, by=request.user)
            messages.success(request, f"Đã ghi Đạt cho {count} phần còn lại.")
            return redirect("products:desk_check", self.dossier.pk)
        return self.count_samples()

    def count_samples(self) -> HttpResponse:
        # Cleaned into a row of its own: the page keeps the stored one.
        form = SamplesForm(self.request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(samples_form=form), status=422)
        count = form.cleaned_data["samples_received"]
        services.count_samples(self.dossier, count=count, by=self.request.user)
        messages.success(self.request, "Đã ghi số mẫu đã nhận.")
        return redirect(reverse("products:desk_check", args=[self.dossier.pk]) + "#mau")


def content_by_section(version: DossierVersion) -> dict[str, dict[str, list[tuple[str, Any]]]]:
    """What each section says, as it was filed."""
    said: dict[str, dict[str, list]] = {section.slug: {} for section in completeness.SECTIONS}
    for step in completeness.STEPS:
        fields = completeness.fields_of(step, version.dossier)
        said.setdefault(step.slug, {})["texts"] = [
            (completeness.LABELS[name], getattr(version, name)) for name in fields
        ]
    if version.snapshot:
        said[completeness.ENTITY_DATA]["facts"] = facts.of_entity_as_filed(version.snapshot)
        said["dang-ky"]["facts"] = facts.of_snapshot(version.snapshot)[:5]
    return said


class SectionCheckView(DeskMixin, View):
    """The verdict on one section: htmx saves while people choose and type, the button without JavaScript."""

    def post(self, request, *args, **kwargs):
        slug = kwargs["section"]
        if slug not in completeness.SECTIONS_BY_SLUG:
            raise Http404
        self.dossier  # noqa: B018  a foreign dossier is 404 before anything else
        form = SectionForm(request.POST)
        error = self.keep(slug, form)
        return self.answer(slug, error) if request.htmx else self.go_back(slug, error)

    def keep(self, slug: str, form: SectionForm) -> str:
        """Store the verdict; the words of a refusal, or nothing."""
        if self.duty is None and self.dossier.state in desks.DUTIES:
            raise PermissionDenied
        if not form.is_valid():
            return next(iter(form.errors.values()))[0]
        try:
            kept = services.check_section(
                self.dossier, section=slug, by=self.request.user, **form.cleaned_data
            )
        except DomainError as refusal:
            return refusal.message
        return "" if kept else "Chưa ghi kết luận: hãy viết cần bổ sung gì."

    def answer(self, slug: str, error: str) -> HttpResponse:
        context = {**self.summary(), "refused": error, "request": self.request}
        context["finding"] = next(one for one in context["found"] if one.section.slug == slug)
        return render(self.request, "products/desk_section_saved.html", context, status=422 if error else 200)

    def go_back(self, slug: str, error: str) -> HttpResponse:
        if error:
            label = completeness.SECTIONS_BY_SLUG[slug].label
            messages.error(self.request, f"{label}: {error}")
        return redirect(reverse("products:desk_check", args=[self.dossier.pk]) + f"#phan-{slug}")


class ReceiptView(AllowedMixin, TemplateView):
    """The printable receipt of a filed version (Giấy tiếp nhận hồ sơ) of the commune."""

    permission = "products.view_dossier"
    template_name = "products/desk_receipt.html"

    def get_context_data(self, pk, number, **kwargs):
        dossier = self.fetch(Dossier.objects.with_names(), pk=pk)
        version = get_object_or_404(dossier.versions.exclude(submitted_at=None), number=number)
        version.dossier = dossier
        receipt = queries.check_of(version, Desk.COMMUNE)
        if receipt is None:
            raise Http404
        return super().get_context_data(
            dossier=dossier,
            version=version,
            receipt=receipt,
            rows=facts.of_receipt(version, receipt),
            due=deadlines.working_days_after(receipt.received_on, deadlines.DAYS_TO_CHECK),
            **kwargs,
        )


class EnterDossierView(AllowedMixin, FormView):
    """For an entity without an account: find it, choose or name the product, begin to write."""

    permission = "products.check_dossier"
    template_name = "products/desk_enter.html"
    form_class = EnterDossierForm

    @cached_property
    def text(self) -> str:
        return self.request.GET.get("q", "").strip()[:100]

    @cached_property
    def entity(self) -> Any:
        """The entity chosen in the address, of the officer's communes only."""
        chosen = self.request.GET.get("chu-the", "")
        if not chosen:
            return None
        mine = queries.entities_to_enter(self.request.user, "")
        return get_object_or_404(mine, pk=chosen) if chosen.isdecimal() else None

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "entity": self.entity}

    def get_form(self, form_class=None):
        return super().get_form(form_class) if self.entity else None

    def get_context_data(self, **kwargs):
        found = [] if self.entity else queries.entities_to_enter(self.request.user, self.text)
        kwargs.setdefault("form", None)
        return super().get_context_data(
            entity=self.entity,
            text=self.text,
            found=found[: LONGEST_CHOICE + 1],
            limit=LONGEST_CHOICE,
            **kwargs,
        )

    def get(self, request, *args, **kwargs):
        return self.render_to_response(self.get_context_data(form=self.get_form()))

    def post(self, request, *args, **kwargs):
        return super().post(request, *args, **kwargs) if self.entity else redirect("products:enter_dossier")

    def form_valid(self, form):
        try:
            dossier = services.enter_dossier(entity=self.entity, by=self.request.user, **form.chosen)
        except DomainError as refusal:
            say_refusal(form, refusal)
            return self.form_invalid(form)
        messages.success(self.request, "Đã lập hồ sơ thay chủ thể; nhập nội dung từng phần rồi nộp.")
        return redirect("products:dossier_edit", dossier.pk, completeness.STEPS[0].slug)
