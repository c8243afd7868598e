"""Pages of a council's regulation and of its advisory team."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import TemplateView

from accounts.access import AllowedMixin
from accounts.pages import ServiceForm
from evaluation.forms.councils import RegulationForm, TeamSeatForm
from evaluation.models import Council, TeamSeat
from evaluation.queries.councils import regulation_history
from evaluation.services.regulations import SETTINGS, revise_regulation
from evaluation.services.teams import add_to_team, leave_team, make_head
from evaluation.views.acts import ActView


class CouncilMixin(AllowedMixin):
    @cached_property
    def council(self):
        return self.fetch(Council.objects.select_related("regulation", "unit"), pk=self.kwargs["pk"])


class RegulationsView(CouncilMixin, TemplateView):
    """The versions of a council's regulation, what each changed and which sessions run under it."""

    permission = "evaluation.view_council"
    template_name = "evaluation/regulations.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            council=self.council,
            versions=regulation_history(self.council),
            may_manage=self.request.user.has_perm("evaluation.manage_council", self.council),
            **kwargs,
        )


class RegulationReviseView(CouncilMixin, ServiceForm):
    permission = "evaluation.manage_council"
    template_name = "evaluation/regulation_form.html"
    form_class = RegulationForm

    def get_initial(self):
        now = self.council.regulation
        values = {name: getattr(now, name) for name in SETTINGS}
        for name in ("shows_advice", "allows_written"):
            values[name] = "1" if values[name] else "0"
        return {**values, "based_on": now.version}

    def get_context_data(self, **kwargs):
        return super().get_context_data(council=self.council, **kwargs)

    def carry_out(self, form):
        new = revise_regulation(council=self.council, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, f"Đã ban hành quy chế phiên bản {new.version}.")
        return reverse("evaluation:regulations", args=[self.council.pk])


class TeamView(CouncilMixin, ServiceForm):
    """The advisory team of a council, and the form that adds to it."""

    permission = "evaluation.manage_council"
    template_name = "evaluation/team.html"
    form_class = TeamSeatForm

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "council": self.council}

    def get_context_data(self, **kwargs):
        team = self.council.team.select_related("user")
        return super().get_context_data(
            council=self.council,
            team=team.filter(left_on=None),
            former=team.exclude(left_on=None),
            **kwargs,
        )

    def carry_out(self, form):
        seat = add_to_team(council=self.council, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, f"Đã thêm {seat.user} vào Tổ tư vấn.")
        return reverse("evaluation:team", args=[self.council.pk])


class TeamSeatActView(ActView):
    permission = "evaluation.manage_council"

    def find(self):
        councils = Council.objects.visible_to(self.request.user)
        seats = TeamSeat.objects.filter(council__in=councils).select_related("council", "user")
        found = get_object_or_404(seats, pk=self.kwargs["pk"])
        if not self.request.user.has_perm(self.permission, found.council):
            raise PermissionDenied
        return found

    def back(self, target):
        return reverse("evaluation:team", args=[target.council_id])


class TeamHeadView(TeamSeatActView):
    def act(self, target):
        make_head(seat=target, by=self.request.user)
        return f"{target.user} là Tổ trưởng Tổ tư vấn."


class TeamLeaveView(TeamSeatActView):
    def act(self, target):
        leave_team(seat=target, by=self.request.user)
        return "Đã ghi nhận thôi tham gia Tổ tư vấn."
