"""Dossiers: list, page, beginning, the guided form with autosave, a filed version."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import linebreaks
from django.utils.safestring import mark_safe
from django.views.generic import TemplateView

from accounts.access import AllowedMixin
from accounts.pages import FilteredList, ModelServiceForm
from core import conflicts
from core.exceptions import ConflictError, DomainError
from products import completeness, deadlines, desks, queries, services, snapshot, tables, workflow
from products.changes import since_last_filing
from products.enums import DossierState
from products.filters import DossierFilters
from products.forms import DraftForm, RegistrationForm
from products.models import Dossier, Product
from products.views import facts, steps


class DossierListView(FilteredList):
    permission = "products.view_dossier"
    template_name = "products/dossiers.html"
    filters = DossierFilters
    columns = tables.DOSSIERS
    title = "Hồ sơ"
    workbook = "products:dossiers_workbook"

    def get_context_data(self, **kwargs):
        note = "" if self.filterset.shows_withdrawn else "không kể hồ sơ đã rút"
        return super().get_context_data(count_note=note, **kwargs)

    def rows(self):
        return queries.dossiers_for(self.request.user)


class DossierView(AllowedMixin, TemplateView):
    permission = "products.view_dossier"
    template_name = "products/dossier.html"

    def get_context_data(self, pk, **kwargs):
        user = self.request.user
        dossier = self.fetch(Dossier.objects.with_names(), pk=pk)
        versions = list(dossier.versions.select_related("submitted_by"))
        current = versions[-1]
        current.dossier = dossier
        steps_now = workflow.available(dossier, user)
        # Giving up is never the act the page offers first: it stands in the menu.
        actions = [step for step in steps_now if step.name != "withdraw"]
        checklist = queries.checklist_for_page(current)
        due = deadlines.due_on(dossier)
        may_change = dossier.is_editable and user.has_perm("products.change_dossier", dossier)
        return super().get_context_data(
            dossier=dossier,
            context_line=facts.line_of(dossier),
            first_page=steps.first_page(dossier) if may_change else "",
            has_result=queries.shows_result(dossier, user),
            is_announced=dossier.state in DossierState.announced,
            facts=facts.of_dossier(dossier),
            version=current,
            content=completeness.content_of(current),
            versions=versions,
            stations=queries.stations(dossier),
            expectation=workflow.EXPECTATIONS[dossier.state],
            due=due,
            overdue=deadlines.is_overdue(dossier),
            clock=deadlines.in_words(due, timezone.localdate()) if due else "",
            **desk_part(dossier, user, actions),
            may_withdraw=len(actions) < len(steps_now),
            checklist=checklist,
            missing=completeness.still_missing(checklist),
            window=queries.window_note_of(dossier),
            papers=queries.papers_of(current),
            timeline=queries.timeline(dossier),
            may_change=may_change,
            unchanged=may_change
            and dossier.state == DossierState.RETURNED
            and not since_last_filing(current),
            **kwargs,
        )


def desk_part(dossier: Dossier, user, actions: list) -> dict:
    """What the page says of the desks; whoever has to check is led to the checking page first."""
    duty = desks.DUTIES.get(dossier.state)
    duty = duty if duty and user.has_perm(duty.permission, dossier) else None
    papers = queries.desk_papers(dossier)
    reads_report = user.has_perm("products.view_commune_report", dossier)
    return {
        "duty": duty,
        "actions": actions,
        "side_actions": actions if duty else actions[1:],
        "receipt": papers.receipt,
        "report_number": papers.report_number if reads_report else None,
        "entered_by": queries.entered_by(dossier),
        "reads_desk": bool(papers.receipt) and user.has_perm("products.view_desk_check", dossier),
    }


class DossierCreateView(ModelServiceForm):
    permission = "products.add_dossier"
    template_name = "products/dossier_registration.html"
    form_class = RegistrationForm

    @cached_property
    def product(self):
        return self.fetch(Product.objects.with_names(), pk=self.kwargs["pk"])

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "late": bool(self.window and self.window.late)}

    def get_context_data(self, **kwargs):
        return super().get_context_data(product=self.product, window=self.window, **kwargs)

    @cached_property
    def window(self):
        return queries.window_note_of_product(self.product)

    def carry_out(self, form):
        dossier = services.create_dossier(product=self.product, by=self.request.user, **form.cleaned_data)
        return reverse("products:dossier_edit", args=[dossier.pk, completeness.STEPS[0].slug])


class DossierRegistrationView(ModelServiceForm):
    permission = "products.change_dossier"
    template_name = "products/dossier_registration.html"
    form_class = RegistrationForm

    @cached_property
    def dossier(self):
        return self.fetch(Dossier.objects.with_names(), pk=self.kwargs["pk"])

    def get_form_kwargs(self):
        return {
            **super().get_form_kwargs(),
            "initial": {
                "kind": self.dossier.kind,
                "year": self.dossier.year,
                "late_reason": self.dossier.late_reason,
            },
            "late": bool(self.window and self.window.late),
        }

    @cached_property
    def window(self):
        return queries.window_note_of_product(self.dossier.product)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            dossier=self.dossier, product=self.dossier.product, window=self.window, **kwargs
        )

    def carry_out(self, form):
        services.update_registration(self.dossier, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, "Đã lưu hình thức đăng ký.")
        return reverse("products:dossier_edit", args=[self.dossier.pk, completeness.STEPS[0].slug])


class DossierEditView(AllowedMixin, TemplateView):
    """One step of the guided form. htmx saves while people type; the button saves without JavaScript."""

    permission = "products.change_dossier"
    template_name = "products/dossier_edit.html"

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        if kwargs["step"] not in completeness.STEPS_BY_SLUG:
            raise Http404
        self.step = completeness.STEPS_BY_SLUG[kwargs["step"]]

    @cached_property
    def version(self):
        dossier = self.fetch(Dossier.objects.with_names(), pk=self.kwargs["pk"])
        version = dossier.versions.latest("number")
        version.dossier = dossier
        return version

    def get(self, request, *args, **kwargs):
        if self.version.is_frozen:
            return redirect("products:dossier", self.version.dossier.pk)
        return self.answer(DraftForm(instance=self.version, step=self.step))

    def post(self, request, *args, **kwargs):
        stored = self.version
        form = DraftForm(request.POST, instance=stored.copy(), step=self.step)
        if not form.is_valid():
            # The revision read before stays: what somebody saved meanwhile must still be noticed.
            return self.answer(form, status=422, revision=form["revision"].value())
        try:
            self.version = services.save_draft(
                stored, by=request.user, data=form.draft, revision=form.cleaned_data["revision"]
            )
        except ConflictError as error:
            return self.conflict(form, error)
        except DomainError as error:
            return self.refused(form, error)
        return self.answer(form) if request.htmx else redirect(self.next_page())

    def answer(self, form, status: int = 200, revision: int | None = None) -> HttpResponse:
        part = "#saved" if self.request.htmx else ""
        missing, unfinished = queries.steps_left(self.version)
        context = self.get_context_data(
            form=form,
            step=self.step,
            dossier=self.version.dossier,
            context_line=facts.line_of(self.version.dossier),
            facts=facts.of_registration(self.version.dossier),
            window=queries.window_note_of(self.version.dossier),
            version=self.version,
            revision=self.version.revision if revision is None else revision,
            missing=missing,
            steps=steps.of_draft(self.version.dossier, unfinished, here=self.step.slug),
            before=self.neighbour(-1),
            after=self.neighbour(1),
        )
        return render(self.request, self.template_name + part, context, status=status)

    def neighbour(self, distance: int) -> completeness.Step | None:
        place = completeness.STEPS.index(self.step) + distance
        return completeness.STEPS[place] if 0 <= place < len(completeness.STEPS) else None

    def next_page(self) -> str:
        """Where the pressed button leads: onward, or the same step again."""
        pk, after = self.version.dossier.pk, self.neighbour(1)
        if "onward" not in self.request.POST:
            messages.success(self.request, "Đã lưu.")
            return reverse("products:dossier_edit", args=[pk, self.step.slug])
        if after is None:
            return reverse("products:evidence", args=[pk])
        return reverse("products:dossier_edit", args=[pk, after.slug])

    def conflict(self, form, error) -> HttpResponse:
        """Both versions side by side; nothing was written, unless both say the same."""
        dossier = self.version.dossier
        stored = dossier.versions.latest("number")
        labels = {name: form.fields[name].label for name in form.draft}
        writer, at = queries.last_saved(stored)
        both = conflicts.compare(labels, mine=form.draft, stored=stored, saved_by=writer, saved_at=at)
        if not both.rows:
            stored.dossier = dossier
            self.version = stored
            return self.answer(form) if self.request.htmx else redirect(self.next_page())
        context = {
            "message": error.message,
            "conflict": both,
            "context_line": facts.line_of(dossier),
            "reload_url": self.request.path,
        }
        template = "components/conflict.html" if self.request.htmx else "core/conflict_page.html"
        response = render(self.request, template, context, status=409)
        response["X-Conflict"] = "1"  # tells the page's script that both versions come along
        return response

    def refused(self, form, error) -> HttpResponse:
        """The version cannot be written any more: say why, and give back what was typed."""
        if self.request.htmx:
            return HttpResponse(error.message, status=409, content_type="text/plain; charset=utf-8")
        typed = [(form.fields[name].label, in_paragraphs(form.draft[name])) for name in form.draft]
        url = reverse("products:dossier", args=[self.version.dossier.pk])
        context = {"title": "Chưa lưu được", "message": error.message, "yours": typed, "reload_url": url}
        return render(self.request, "409.html", context, status=409)


def in_paragraphs(value) -> str:
    """Text as typed, its lines kept, escaped."""
    return mark_safe(linebreaks(str(value), autoescape=True))  # noqa: S308  escaped by linebreaks


class VersionView(AllowedMixin, TemplateView):
    """A version as it was filed, with its hash; drafts are read on the dossier's page."""

    permission = "products.view_dossier"
    template_name = "products/version.html"

    def get_context_data(self, pk, number, **kwargs):
        dossier = self.fetch(Dossier.objects.with_names(), pk=pk)
        filed = dossier.versions.exclude(submitted_at=None).select_related("submitted_by")
        version = get_object_or_404(filed, number=number)
        version.dossier = dossier
        return super().get_context_data(
            dossier=dossier,
            version=version,
            content=completeness.content_of(version),
            title=f"Bản nộp lần {version.number}",
            context_line=facts.line_of(dossier),
            filed=facts.of_version(version),
            as_filed=facts.of_snapshot(version.snapshot),
            is_intact=snapshot.is_intact(version),
            **kwargs,
        )
