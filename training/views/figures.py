"""Closing reporting periods: the versions, one of them, approving, correcting."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.views import View
from django.views.generic import TemplateView

from accounts.access import AllowedMixin
from accounts.pages import PAGE_SIZE, ServiceForm
from core.exceptions import DomainError
from training import queries, services
from training.forms_plans import CorrectForm, FreezeForm
from training.kept import GIVEN, IN_PERIOD
from training.models import FigureSet
from training.queries import kept
from training.queries.frozen import changed_figures, shown_target
from training.views.common import FEW, OfPlan, inner_unit


class FigureSetListView(AllowedMixin, TemplateView):
    permission = "training.view_plan"
    template_name = "training/figure_sets.html"

    def get_context_data(self, **kwargs):
        found = queries.figure_sets_for(self.request.user)
        page = Paginator(found, PAGE_SIZE).get_page(self.request.GET.get("page"))
        return super().get_context_data(page=page, **kwargs)


class OfFigureSet(AllowedMixin):
    """A page about the version whose pk is in the address; the right is asked on its plan."""

    @cached_property
    def figure_set(self) -> FigureSet:
        found = get_object_or_404(queries.figure_sets_for(self.request.user), pk=self.kwargs["pk"])
        if not self.request.user.has_perm(self.permission, found.plan):
            raise PermissionDenied
        return found

    def get_context_data(self, **kwargs):
        return super().get_context_data(figure_set=self.figure_set, plan=self.figure_set.plan, **kwargs)


class FigureSetView(OfFigureSet, TemplateView):
    """The figures as they were frozen; nothing on this page is counted."""

    permission = "training.view_plan"
    template_name = "training/figure_set.html"

    def get_context_data(self, **kwargs):
        shown, user = self.figure_set, self.request.user
        figures = list(shown.figures.select_related("target"))
        before = queries.versions_of(shown.plan).filter(period=shown.period, number__lt=shown.number)
        earlier = changed_figures(figures, before.order_by("-number").first())
        for figure in figures:
            figure.shown = shown_target(shown, figure)
            figure.in_period_url = _in_period_url(shown, figure)
            figure.before = earlier.get(figure.target_id)
        waiting = shown.state == "waiting"
        single = [figure for figure in figures if figure.shown.planned_for_one_unit]
        if len(single) > FEW:
            figures = [figure for figure in figures if not figure.shown.planned_for_one_unit]
        return super().get_context_data(
            figures=figures,
            given_out=single if len(single) > FEW else (),
            others=queries.versions_of(shown.plan).filter(period=shown.period).exclude(pk=shown.pk),
            may_approve=waiting and user.has_perm("training.approve_figures", shown.plan),
            own=shown.frozen_by_id == user.pk,
            may_correct=shown.state == "approved" and user.has_perm("training.change_plan", shown.plan),
            **kwargs,
        )


def _in_period_url(figure_set, figure):
    """The list of what was added within the period, where the version keeps it."""
    part = f"{figure.shown.computed_by}{IN_PERIOD}"
    unit = figure.target.unit_id
    as_given = kept.has_list(figure_set, f"{figure.shown.computed_by}{GIVEN}{unit}")
    if not figure.in_period or figure.corrected or as_given or not kept.has_list(figure_set, part):
        return ""
    own = {} if unit in (None, figure_set.plan.unit_id) else {"unit": unit}
    return kept.kept_url(figure_set, part, **own)


class KeptListView(OfFigureSet, TemplateView):
    """The records a closed figure counted, as they were; `?unit=ID` and filters of recognitions."""

    permission = "training.view_plan"
    template_name = "training/kept_list.html"

    def get_context_data(self, name, **kwargs):
        query = {key: value.replace("\x00", "") for key, value in self.request.GET.items()}
        unit = inner_unit(self.figure_set.plan, query.get("unit", ""))
        figure = kept.kept_figure(self.figure_set, name, query, unit.pk if unit else None)
        if figure is None:
            raise Http404
        page = Paginator(kept.seen_by(figure, self.request.user), PAGE_SIZE).get_page(query.get("page"))
        return super().get_context_data(
            figure=figure,
            unit=unit,
            today_url=kept.today_url(figure, unit),
            other_url=kept.other_url(figure, unit),
            corrected=kept.corrected_value(figure, unit),
            page=page,
            rows=kept.shown_rows(figure, page.object_list),
            **kwargs,
        )


class FreezeView(OfPlan, ServiceForm):
    permission = "training.change_plan"
    template_name = "training/freeze.html"
    form_class = FreezeForm

    def get_context_data(self, **kwargs):
        waiting = queries.waiting_actuals(self.request.user).filter(target__plan=self.plan).count()
        return super().get_context_data(closing_day=settings.OCOP_CUT_OFF_DAY, waiting=waiting, **kwargs)

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "plan": self.plan}

    def carry_out(self, form):
        made = services.freeze_figures(plan=self.plan, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, f"Đã chốt {made.period}. Lãnh đạo hoặc cán bộ khác duyệt bản này.")
        return reverse("training:figure_set", args=[made.pk])


class FigureDecideView(OfFigureSet, View):
    permission = "training.approve_figures"
    http_method_names = ["post"]

    def post(self, request, pk):
        approve = request.POST.get("decision") == "approve"
        try:
            made = services.decide_figures(
                figure_set=self.figure_set,
                approve=approve,
                by=request.user,
                note=request.POST.get("note", "").replace("\x00", ""),
            )
            messages.success(request, f"{made}: {made.get_state_display().lower()}.")
        except DomainError as refusal:
            messages.error(request, refusal.message)
            if refusal.field == "note":
                # The page says it beside the field that is missing.
                return redirect(f"{reverse('training:figure_set', args=[pk])}?thieu={pk}#note")
        return redirect("training:figure_set", pk)


class FigureCorrectView(OfFigureSet, ServiceForm):
    permission = "training.change_plan"
    template_name = "training/figure_correct.html"
    form_class = CorrectForm

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "figure_set": self.figure_set}

    def carry_out(self, form):
        made = services.correct_figures(
            figure_set=self.figure_set,
            values=form.values,
            reason=form.cleaned_data["reason"],
            by=self.request.user,
        )
        messages.success(self.request, f"Đã lập {made}, chờ duyệt.")
        return reverse("training:figure_set", args=[made.pk])
