"""Pages of councils and their people."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import DetailView, ListView

from accounts.access import AllowedMixin
from accounts.pages import ServiceForm
from evaluation.forms.councils import CouncilEditForm, CouncilForm, SeatEditForm, SeatForm
from evaluation.models import Council, Seat
from evaluation.queries.councils import council_list, province_of
from evaluation.services.councils import (
    COLUMNS,
    add_seat,
    change_seat,
    create_council,
    leave_seat,
    update_council,
)
from evaluation.views.acts import ActView


class CouncilListView(AllowedMixin, ListView):
    permission = "evaluation.view_council"
    template_name = "evaluation/council_list.html"
    context_object_name = "councils"
    paginate_by = 25

    def get_queryset(self):
        return council_list(self.request.user)


class CouncilCreateView(ServiceForm):
    permission = "evaluation.manage_council"
    template_name = "evaluation/council_form.html"
    form_class = CouncilForm

    def carry_out(self, form):
        unit = province_of(self.request.user)
        if unit is None:
            raise PermissionDenied
        council = create_council(unit=unit, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, "Đã lập Hội đồng. Hãy thêm Chủ tịch, Thư ký và các ủy viên.")
        return reverse("evaluation:council", args=[council.pk])


class CouncilEditView(ServiceForm):
    permission = "evaluation.manage_council"
    template_name = "evaluation/council_edit.html"
    form_class = CouncilEditForm

    @cached_property
    def council(self):
        return self.fetch(Council.objects.select_related("unit"), pk=self.kwargs["pk"])

    def get_initial(self):
        return {name: getattr(self.council, name) for name in COLUMNS}

    def get_context_data(self, **kwargs):
        return super().get_context_data(council=self.council, **kwargs)

    def carry_out(self, form):
        council = update_council(council=self.council, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, "Đã lưu thông tin Hội đồng.")
        return reverse("evaluation:council", args=[council.pk])


class CouncilView(AllowedMixin, DetailView):
    permission = "evaluation.view_council"
    template_name = "evaluation/council.html"
    context_object_name = "council"

    def get_object(self, queryset=None):
        return self.fetch(Council.objects.select_related("regulation", "unit"), pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs):
        return super().get_context_data(**council_context(self.request.user, self.object), **kwargs)


def council_context(user, council, form=None):
    """What the council's page shows; `form`: the seat form with its errors after a refusal."""
    may_manage = user.has_perm("evaluation.manage_council", council)
    seats = list(council.seats.select_related("user").in_order())
    seated = [seat for seat in seats if seat.left_on is None]
    return {
        "council": council,
        "seats": seated,
        "scoring": sum(seat.scores for seat in seated),
        "former": [seat for seat in seats if seat.left_on is not None],
        "team": council.team.active().select_related("user"),
        "sessions": council.sessions.all(),
        "may_manage": may_manage,
        "form": form or (SeatForm(council=council) if may_manage else None),
    }


class SeatAddView(ServiceForm):
    """The form on the council's page; a refused one is shown there again."""

    permission = "evaluation.manage_council"
    template_name = "evaluation/council.html"
    form_class = SeatForm
    http_method_names = ["post"]

    @cached_property
    def council(self):
        return self.fetch(Council.objects.select_related("regulation", "unit"), pk=self.kwargs["pk"])

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "council": self.council}

    def get_context_data(self, **kwargs):
        return council_context(self.request.user, self.council, kwargs["form"])

    def carry_out(self, form):
        seat = add_seat(council=self.council, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, f"Đã thêm {seat.user} vào Hội đồng.")
        return reverse("evaluation:council", args=[seat.council_id])


class SeatMixin(AllowedMixin):
    """Views on a seat of a council the user may see."""

    permission = "evaluation.manage_council"

    def find(self):
        councils = Council.objects.visible_to(self.request.user)
        seats = Seat.objects.filter(council__in=councils).select_related("council", "user")
        found = get_object_or_404(seats, pk=self.kwargs["pk"])
        if not self.request.user.has_perm(self.permission, found.council):
            raise PermissionDenied
        return found


class SeatEditView(SeatMixin, ServiceForm):
    template_name = "evaluation/seat_form.html"
    form_class = SeatEditForm

    @cached_property
    def seat(self):
        return self.find()

    def get_initial(self):
        seat = self.seat
        return {"role": seat.role, "agency": seat.agency, "scores": "1" if seat.scores else "0"}

    def get_context_data(self, **kwargs):
        return super().get_context_data(seat=self.seat, **kwargs)

    def carry_out(self, form):
        seat = change_seat(seat=self.seat, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, f"Đã lưu vai trò của {seat.user}.")
        return reverse("evaluation:council", args=[seat.council_id])


class SeatLeaveView(SeatMixin, ActView):
    def act(self, target):
        leave_seat(seat=target, by=self.request.user)
        return "Đã ghi nhận thôi tham gia Hội đồng."

    def back(self, target):
        return reverse("evaluation:council", args=[target.council_id])
