"""Pages of sessions and their agenda."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import DetailView, ListView

from accounts.access import AllowedMixin
from accounts.pages import ServiceForm
from core.exceptions import DomainError
from evaluation.enums import ItemState, SessionState
from evaluation.forms.councils import SessionForm
from evaluation.models import AgendaItem, Council, Round, Session
from evaluation.queries.councils import (
    acceptable_dossiers,
    agenda,
    province_of,
    session_list,
    sheets_needed,
)
from evaluation.services.rounds import legal_round
from evaluation.services.sessions import (
    add_dossiers,
    close_session,
    create_session,
    open_session,
    remove_item,
)
from evaluation.views.acts import ActView, whole_number
from evaluation.workflow import next_step

BADGE_KINDS = {SessionState.PLANNED: "neutral", SessionState.OPEN: "info", SessionState.CLOSED: "good"}


class SessionListView(AllowedMixin, ListView):
    permission = "evaluation.view_session"
    template_name = "evaluation/session_list.html"
    context_object_name = "sessions"
    paginate_by = 25

    def get_queryset(self):
        return session_list(self.request.user)


class SessionCreateView(ServiceForm):
    permission = "evaluation.manage_session"
    template_name = "evaluation/session_form.html"
    form_class = SessionForm

    def get_form_kwargs(self):
        unit = province_of(self.request.user)
        if unit is None:
            raise PermissionDenied
        councils = Council.objects.visible_to(self.request.user).filter(unit=unit)
        return {**super().get_form_kwargs(), "councils": councils, "unit": unit}

    def get_initial(self):
        return {"council": self.request.GET.get("council")}

    def carry_out(self, form):
        data = dict(form.cleaned_data)
        council, (year, number) = data.pop("council"), data.pop("round")
        found = Round.objects.filter(unit=council.unit, year=year, number=number).first()
        session = create_session(
            council=council,
            evaluation_round=found or legal_round(unit=council.unit, year=year, number=number),
            by=self.request.user,
            **data,
        )
        messages.success(self.request, "Đã lập phiên họp. Hãy chọn hồ sơ đưa vào phiên.")
        return reverse("evaluation:session", args=[session.pk])


class SessionView(AllowedMixin, DetailView):
    permission = "evaluation.view_session"
    template_name = "evaluation/session.html"
    context_object_name = "session"

    def get_object(self, queryset=None):
        sessions = Session.objects.select_related("council__regulation", "round")
        return self.fetch(sessions, pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs):
        user, session = self.request.user, self.object
        may_manage = user.has_perm("evaluation.manage_session", session)
        adds = may_manage and session.state != SessionState.CLOSED
        items = agenda(session, user)
        seats = session.council.seats.active().count()
        return super().get_context_data(
            items=items,
            is_ready=bool(items) and (session.state == SessionState.PLANNED or all_closed(items)),
            seats=seats,
            sees_council=Council.objects.visible_to(user).filter(pk=session.council_id).exists(),
            needed=sheets_needed(session.regulation_in_use, seats),
            may_manage=may_manage,
            step=next_step(session.state) if may_manage else None,
            acceptable=acceptable_dossiers(session, user) if adds else [],
            adds=adds,
            state_kind=BADGE_KINDS[session.state],
            is_planned=session.state == SessionState.PLANNED,
            **kwargs,
        )


def all_closed(items):
    return all(item.state in ItemState.with_result for item in items)


class SessionActView(ActView):
    """A button on the session's page."""

    permission = "evaluation.manage_session"

    def find(self):
        return self.fetch(Session.objects.select_related("council"), pk=self.kwargs["pk"])

    def back(self, target):
        return reverse("evaluation:session", args=[target.pk])


class AgendaAddView(SessionActView):
    def act(self, target):
        chosen = {whole_number(pk) for pk in self.request.POST.getlist("dossiers")}
        dossiers = list(acceptable_dossiers(target, self.request.user).filter(pk__in=chosen))
        if len(dossiers) != len(chosen):
            raise DomainError("Có hồ sơ không còn chờ đánh giá; danh sách đã được cập nhật, hãy chọn lại.")
        items = add_dossiers(session=target, dossiers=dossiers, by=self.request.user)
        return f"Đã đưa {len(items)} hồ sơ vào phiên họp."


class SessionOpenView(SessionActView):
    def act(self, target):
        open_session(session=target, by=self.request.user)
        return "Phiên đã mở. Mỗi thành viên đã có phiếu cho từng hồ sơ."


class SessionCloseView(SessionActView):
    def act(self, target):
        close_session(session=target, by=self.request.user)
        return "Phiên họp đã kết thúc."


class AgendaRemoveView(ActView):
    permission = "evaluation.manage_session"

    def find(self):
        items = AgendaItem.objects.visible_to(self.request.user).select_related("session")
        return get_object_or_404(items, pk=self.kwargs["pk"])

    def act(self, target):
        remove_item(item=target, by=self.request.user)
        return "Đã bỏ hồ sơ khỏi phiên họp."

    def back(self, target):
        return reverse("evaluation:session", args=[target.session_id])
