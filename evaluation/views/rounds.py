"""Pages of rounds and of the dossiers in them."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import ListView

from accounts.access import AllowedMixin
from accounts.pages import ServiceForm
from evaluation.forms.rounds import ReasonForm, RoundChoiceForm, RoundForm, first_round_to_enter
from evaluation.models import AgendaItem, Round, RoundEntry
from evaluation.queries import rounds as queries
from evaluation.queries.councils import province_of
from evaluation.services import rounds
from products.enums import DossierState


class RoundListView(AllowedMixin, ListView):
    permission = "evaluation.view_round"
    template_name = "evaluation/rounds.html"
    context_object_name = "rounds"
    paginate_by = 25

    def get_queryset(self):
        return queries.round_list(self.request.user)


class RoundCreateView(ServiceForm):
    permission = "evaluation.manage_round"
    template_name = "evaluation/round_form.html"
    form_class = RoundForm

    @cached_property
    def unit(self):
        unit = province_of(self.request.user)
        if unit is None:
            raise PermissionDenied
        return unit

    def get_initial(self):
        return first_round_to_enter(self.unit)

    def carry_out(self, form):
        new = rounds.create_round(unit=self.unit, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, f"Đã lập {new}.")
        return reverse("evaluation:round", args=[new.pk])


class RoundView(AllowedMixin, ListView):
    """A round: its days, its dossiers by state, its sessions, and what came late."""

    permission = "evaluation.view_round"
    template_name = "evaluation/round.html"
    context_object_name = "entries"
    paginate_by = 25

    @cached_property
    def round(self):
        return self.fetch(Round.objects.select_related("unit"), pk=self.kwargs["pk"])

    @property
    def state(self):
        return self.request.GET.get("trang_thai", "")

    def get_queryset(self):
        return queries.round_entries(self.round, self.state)

    def get_context_data(self, **kwargs):
        user, counted = self.request.user, queries.states_of(self.round)
        return super().get_context_data(
            round=self.round,
            states=counted,
            total=sum(count.number for count in counted),
            chosen=self.state if self.state in DossierState.values else "",
            sessions=self.round.sessions.select_related("council"),
            late=list(queries.late_entries(self.round)[:50]),
            may_manage=user.has_perm("evaluation.manage_round", self.round),
            sees_sessions=user.has_perm("evaluation.view_session"),
            today=timezone.localdate(),
            **kwargs,
        )


class RoundEditView(ServiceForm):
    permission = "evaluation.manage_round"
    template_name = "evaluation/round_form.html"
    form_class = RoundForm

    @cached_property
    def round(self):
        return self.fetch(Round.objects.select_related("unit"), pk=self.kwargs["pk"])

    def get_initial(self):
        names = ("name", "files_until", "finish_until", "extra_basis")
        return {name: getattr(self.round, name) for name in names}

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "stored": self.round}

    def get_context_data(self, **kwargs):
        return super().get_context_data(round=self.round, **kwargs)

    def carry_out(self, form):
        rounds.update_round(evaluation_round=self.round, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, "Đã lưu đợt đánh giá.")
        return reverse("evaluation:round", args=[self.round.pk])


class EntryPage(ServiceForm):
    """A dossier in a round: move it to another one, or take it out. Two forms on one page."""

    permission = "evaluation.manage_round"
    template_name = "evaluation/entry.html"

    @cached_property
    def entry(self):
        entries = RoundEntry.objects.visible_to(self.request.user).select_related(
            "round__unit", "dossier__product__entity", "dossier__product__product_set", "dossier__commune"
        )
        entry = get_object_or_404(entries, pk=self.kwargs["pk"])
        if not self.request.user.has_perm(self.permission, entry.round):
            raise PermissionDenied
        return entry

    @cached_property
    def others(self):
        return [row for row in queries.open_rounds(self.entry.round.unit_id) if row.pk != self.entry.round_id]

    def get_context_data(self, **kwargs):
        on_agenda = AgendaItem.objects.filter(version__dossier=self.entry.dossier_id).exists()
        waits = self.entry.dossier.state in DossierState.assessable
        return super().get_context_data(entry=self.entry, may_move=waits and not on_agenda, **kwargs)


class EntryView(EntryPage):
    form_class = RoundChoiceForm

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "dossier": self.entry.dossier, "rounds": self.others}

    def get_context_data(self, **kwargs):
        return super().get_context_data(reason_form=ReasonForm(), **kwargs)

    def carry_out(self, form):
        data = form.cleaned_data
        entry = rounds.move_entry(
            entry=self.entry,
            evaluation_round=data["round"],
            late_reason=data["late_reason"],
            by=self.request.user,
        )
        messages.success(self.request, f"Đã chuyển hồ sơ sang {entry.round}.")
        return reverse("evaluation:round", args=[entry.round_id])


class EntryRemoveView(EntryPage):
    form_class = ReasonForm
    http_method_names = ["post"]

    def get_context_data(self, **kwargs):
        choice = RoundChoiceForm(dossier=self.entry.dossier, rounds=self.others)
        return super().get_context_data(**{**kwargs, "form": choice, "reason_form": kwargs["form"]})

    def carry_out(self, form):
        rounds.leave_round(entry=self.entry, reason=form.cleaned_data["reason"], by=self.request.user)
        messages.success(self.request, "Đã đưa hồ sơ ra khỏi đợt; hồ sơ chờ được xếp đợt khác.")
        return reverse("evaluation:round", args=[self.entry.round_id])
