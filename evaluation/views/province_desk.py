"""The province's desk: what waits, acceptance into a round, and who of the advisory team reads a dossier."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import cached_property

from accounts.enums import Role
from accounts.pages import FilteredList, ServiceForm
from core.exceptions import DomainError
from evaluation.filters import DeskFilters
from evaluation.forms.rounds import AcceptForm, AssignForm, ReasonForm
from evaluation.models import AdvisoryAssignment, RoundEntry
from evaluation.queries import advisory as advisory_queries
from evaluation.queries import rounds as queries
from evaluation.services import advisory, rounds
from evaluation.views.acts import whole_number
from products.enums import DossierState
from products.models import Dossier
from products.views import facts

WITHOUT_ROUND_SHOWN = 20


class DeskView(FilteredList):
    """Proposed dossiers, oldest letter first. POST accepts the chosen ones into one round, all or none."""

    permission = rounds.ACCEPT
    template_name = "evaluation/province_desk.html"
    refusals: dict[int, str] = {}
    chosen: frozenset[int] = frozenset()

    def rows(self):
        return queries.waiting_at_desk(self.request.user)

    @cached_property
    def rounds(self):
        scope = self.request.user.scope
        provinces = scope.unit_ids(Role.PROVINCIAL_OFFICER) & scope.province_ids
        return queries.open_rounds(min(provinces)) if provinces else []

    def get_queryset(self):
        self.filterset = DeskFilters(
            self.request.GET, queryset=self.rows(), request=self.request, rounds=self.rounds
        )
        return self.filterset.qs

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        today = timezone.localdate()
        for dossier in context["page_obj"]:
            dossier.days_waiting = (today - timezone.localdate(dossier.state_since)).days
            dossier.check_url = check_url(dossier)
            dossier.in_time_for = queries.usual_round(dossier, self.rounds)
            dossier.refusal = self.refusals.get(dossier.pk, "")
            dossier.is_chosen = dossier.pk in self.chosen
        unplaced = list(queries.without_round(self.request.user)[:WITHOUT_ROUND_SHOWN])
        choices = [(queries.key_of(row), row) for row in self.rounds]
        return {**context, "unplaced": unplaced, "choices": choices, "round_key": self.round_key}

    @property
    def round_key(self):
        return self.request.POST.get("round", "")

    def post(self, request, *args, **kwargs):
        self.chosen = frozenset(whole_number(pk) for pk in request.POST.getlist("dossiers"))
        try:
            entries = self.accept()
        except rounds.RowsRefused as refused:
            self.refusals = refused.reasons
            messages.error(request, refused.message)
        except DomainError as refused:
            messages.error(request, refused.message)
        else:
            messages.success(request, f"Đã tiếp nhận {len(entries)} hồ sơ vào {entries[0].round}.")
            return redirect(request.get_full_path())
        return self.get(request, *args, **kwargs)

    def accept(self):
        target = {queries.key_of(row): row for row in self.rounds}.get(self.round_key)
        if target is None:
            raise DomainError("Hãy chọn đợt đánh giá.")
        dossiers = list(self.rows().filter(pk__in=self.chosen))
        if len(dossiers) != len(self.chosen):
            raise DomainError("Có hồ sơ không còn chờ tiếp nhận; danh sách đã được cập nhật, hãy chọn lại.")
        return rounds.accept_many(dossiers=dossiers, evaluation_round=target, by=self.request.user)


class AcceptView(ServiceForm):
    """Accept a proposed dossier into a round; an accepted one that is in no round is only put into one."""

    permission = rounds.ACCEPT
    template_name = "evaluation/accept.html"
    form_class = AcceptForm

    @cached_property
    def dossier(self):
        return self.fetch(with_place(), pk=self.kwargs["pk"])

    @cached_property
    def is_accepted(self):
        return self.dossier.state in DossierState.assessable

    @cached_property
    def people(self):
        return [] if self.is_accepted else advisory_queries.advisers_to_ask(self.dossier)

    def get_form_kwargs(self):
        choices = queries.open_rounds(self.dossier.commune.parent_id)
        kwargs = {"dossier": self.dossier, "rounds": choices, "people": self.people}
        return {**super().get_form_kwargs(), **kwargs}

    def get_context_data(self, **kwargs):
        entry = RoundEntry.objects.select_related("round").filter(dossier=self.dossier).first()
        possible = self.dossier.state == DossierState.PROPOSED or (self.is_accepted and entry is None)
        waiting = queries.waiting_at_desk(self.request.user).filter(pk=self.dossier.pk).first()
        return super().get_context_data(
            dossier=self.dossier,
            entry=entry,
            possible=possible,
            waiting=waiting,
            title="Xếp vào đợt đánh giá" if self.is_accepted else "Tiếp nhận vào đợt đánh giá",
            context_line=facts.line_of(self.dossier),
            facts=facts.of_dossier(self.dossier),
            check_url=check_url(self.dossier),
            people=self.people,
            **kwargs,
        )

    def carry_out(self, form):
        data, by = dict(form.cleaned_data), self.request.user
        target, late_reason = data.pop("round"), data.pop("late_reason")
        if self.is_accepted:
            entry = rounds.enter_round(
                dossier=self.dossier, evaluation_round=target, late_reason=late_reason, by=by
            )
        else:
            # Its own copy: after a refusal the page shows the dossier as it still is.
            entry = rounds.accept_into_round(
                dossier=self.fetch(with_place(), pk=self.dossier.pk),
                evaluation_round=target,
                late_reason=late_reason,
                advisers=data.get("members", ()),
                due_on=data.get("due_on"),
                note=data.get("note", ""),
                by=by,
            )
        messages.success(self.request, f"Đã tiếp nhận hồ sơ vào {entry.round}.")
        return reverse("products:dossier", args=[self.dossier.pk])


def with_place():
    return Dossier.objects.with_names().select_related("commune__parent")


def check_url(dossier):
    """The page on which the desk checks the sections, when there is one."""
    try:
        return reverse("products:desk_check", args=[dossier.pk])
    except NoReverseMatch:
        return ""


class AdvisersPage(ServiceForm):
    """A dossier's round and advisers. Two kinds of form: give it to members, take it back from one."""

    permission = advisory.ASSIGN
    template_name = "evaluation/advisers.html"
    dossier: Dossier

    def get_context_data(self, **kwargs):
        entry = RoundEntry.objects.select_related("round").filter(dossier=self.dossier).first()
        return super().get_context_data(
            dossier=self.dossier,
            entry=entry,
            context_line=facts.line_of(self.dossier),
            assignments=advisory_queries.assignments_of(self.dossier),
            may_change=self.dossier.state in DossierState.assessable,
            today=timezone.localdate(),
            **kwargs,
        )

    def page(self):
        return reverse("evaluation:advisers", args=[self.dossier.pk])


class AdvisersView(AdvisersPage):
    form_class = AssignForm

    @cached_property
    def dossier(self):
        return self.fetch(with_place(), pk=self.kwargs["pk"])

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "people": advisory_queries.advisers_to_ask(self.dossier)}

    def carry_out(self, form):
        people = form.cleaned_data.get("members", [])
        advisory.assign_all(
            dossier=self.dossier,
            members=people,
            due_on=form.cleaned_data.get("due_on"),
            note=form.cleaned_data.get("note", ""),
            by=self.request.user,
        )
        messages.success(self.request, f"Đã giao hồ sơ cho {len(people)} thành viên Tổ tư vấn.")
        return self.page()


class UnassignView(AdvisersPage):
    """Asked with its reason on a page of its own, so that a slip of the finger takes nothing away."""

    template_name = "evaluation/unassign.html"
    form_class = ReasonForm

    @cached_property
    def assignment(self):
        rows = AdvisoryAssignment.objects.visible_to(self.request.user).select_related(
            "member", "dossier__product__entity", "dossier__product__product_set", "dossier__commune__parent"
        )
        found = get_object_or_404(rows, pk=self.kwargs["pk"])
        if not self.request.user.has_perm(self.permission, found.dossier):
            raise PermissionDenied
        return found

    @cached_property
    def dossier(self):
        return self.assignment.dossier

    def get_context_data(self, **kwargs):
        return super().get_context_data(assignment=self.assignment, **kwargs)

    def carry_out(self, form):
        advisory.unassign(
            assignment=self.assignment, reason=form.cleaned_data["reason"], by=self.request.user
        )
        messages.success(self.request, f"Đã thôi giao hồ sơ cho {self.assignment.member}.")
        return self.page()
