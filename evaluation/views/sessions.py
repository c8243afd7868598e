"""Pages of sessions and their agenda."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import DetailView, ListView

from accounts.access import AllowedMixin
from accounts.pages import ServiceForm
from core.exceptions import DomainError
from evaluation.enums import ItemState, SessionKind, SessionState
from evaluation.forms.sessions import SessionEditForm, SessionForm
from evaluation.models import AgendaItem, Council, Round, Session
from evaluation.queries.board import board
from evaluation.queries.conflicts import conflicts_of
from evaluation.queries.councils import acceptable_dossiers, agenda, province_of, session_list
from evaluation.queries.meetings import opinions_of
from evaluation.queries.quorum import counts_attendance, quorum_of_meeting
from evaluation.queries.sight import reads_calibration, sights
from evaluation.queries.statistics import calibration
from evaluation.services.rounds import legal_round
from evaluation.services.running import move_item, resume_item, resume_session
from evaluation.services.sessions import (
    COLUMNS,
    add_dossiers,
    close_session,
    create_session,
    open_session,
    remove_item,
    update_session,
)
from evaluation.views.acts import ActView, whole_number
from evaluation.workflow import next_step

BADGE_KINDS = {
    SessionState.PLANNED: "neutral",
    SessionState.OPEN: "info",
    SessionState.PAUSED: "waiting",
    SessionState.CLOSED: "good",
}


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
        sessions = Session.objects.select_related("council__regulation", "regulation", "round")
        return self.fetch(sessions, pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs):
        return super().get_context_data(**session_context(self.request.user, self.object), **kwargs)


def session_context(user, session):
    """What the session's page shows to this user."""
    may_manage = user.has_perm("evaluation.manage_session", session)
    keeps = user.has_perm("evaluation.keep_session", session)
    adds = may_manage and session.state != SessionState.CLOSED
    items = agenda(session, user)
    runs = session.state in SessionState.running
    decided = bool(items) and all(item.state in ItemState.with_result for item in items)
    seen = sights(user, items)
    return {
        "items": items,
        "is_ready": session.state == SessionState.PAUSED
        or (bool(items) and (session.state == SessionState.PLANNED or all_closed(items))),
        "meeting": quorum_of_meeting(session),
        "by_attendance": counts_attendance(session),
        "sees_council": Council.objects.visible_to(user).filter(pk=session.council_id).exists(),
        "may_manage": may_manage,
        "keeps": keeps,
        "orders": keeps and session.state != SessionState.CLOSED and len(items) > 1,
        "step": next_step(session.state) if may_manage or session.state == SessionState.PAUSED else None,
        "acceptable": acceptable_dossiers(session, user) if adds else [],
        "adds": adds,
        "state_kind": BADGE_KINDS[session.state],
        "is_planned": session.state == SessionState.PLANNED,
        "is_meeting": session.kind == SessionKind.MEETING,
        "opinions": opinions_of(session, user) if keeps else [],
        "conflicts": conflicts_of(session, items) if keeps else [],
        # Results: the board while the session runs, how the members scored when it is all decided.
        "board": board(session, items, seen) if runs and keeps else None,
        "hidden": [pk for pk, sight in seen.items() if sight.recused],
        "calibration": calibration(session) if decided and reads_calibration(user, keeps=keeps) else [],
    }


def all_closed(items):
    return all(item.state in ItemState.with_result for item in items)


class SessionEditView(ServiceForm):
    """Name, day, place and kind of a session that has not been opened."""

    permission = "evaluation.manage_session"
    template_name = "evaluation/session_edit.html"
    form_class = SessionEditForm

    @cached_property
    def session(self):
        return self.fetch(Session.objects.select_related("council", "round"), pk=self.kwargs["pk"])

    def get_initial(self):
        return {name: getattr(self.session, name) for name in COLUMNS}

    def get_context_data(self, **kwargs):
        return super().get_context_data(session=self.session, **kwargs)

    def carry_out(self, form):
        session = update_session(session=self.session, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, "Đã lưu thông tin phiên họp.")
        return reverse("evaluation:session", args=[session.pk])


class SessionActView(ActView):
    """A button on the session's page."""

    permission = "evaluation.manage_session"

    def find(self):
        return self.fetch(
            Session.objects.select_related("council__regulation", "round"), pk=self.kwargs["pk"]
        )

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


class SessionResumeView(SessionActView):
    permission = "evaluation.keep_session"

    def act(self, target):
        resume_session(session=target, by=self.request.user)
        return "Phiên họp tiếp tục."


class SessionCloseView(SessionActView):
    def act(self, target):
        close_session(session=target, by=self.request.user)
        return "Phiên họp đã kết thúc."


class AgendaItemActView(ActView):
    """A button on one dossier of the agenda."""

    permission = "evaluation.keep_session"

    def find(self):
        items = AgendaItem.objects.visible_to(self.request.user).select_related("session__council")
        found = get_object_or_404(items, pk=self.kwargs["pk"])
        if not self.request.user.has_perm(self.permission, found):
            raise PermissionDenied
        return found

    def back(self, target):
        return reverse("evaluation:session", args=[target.session_id])


class ItemMoveView(AgendaItemActView):
    def act(self, target):
        moved = move_item(item=target, up=self.request.POST.get("to") == "up", by=self.request.user)
        return f"{moved}: thứ tự {moved.position}."


class ItemResumeView(AgendaItemActView):
    def act(self, target):
        return f"Tiếp tục chấm: {resume_item(item=target, by=self.request.user)}."


class AgendaRemoveView(AgendaItemActView):
    permission = "evaluation.manage_session"

    def act(self, target):
        remove_item(item=target, by=self.request.user)
        return "Đã bỏ hồ sơ khỏi phiên họp."
