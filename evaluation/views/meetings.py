"""The secretary's pages of a session: attendance, pauses, a meeting after a written opinion."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.views import View

from accounts.access import AllowedMixin
from accounts.pages import ServiceForm
from core.exceptions import DomainError
from evaluation.enums import AttendanceState, ItemState, SessionKind
from evaluation.forms.sessions import CourseForm, MeetingForm, PauseForm
from evaluation.models import AgendaItem, Session
from evaluation.queries.course import course_of, may_call_roll, roll_of
from evaluation.queries.meetings import attendance_lines, numbers_of, opinions_of
from evaluation.queries.quorum import counts_attendance, quorum_of_meeting
from evaluation.services.attendance import record_attendance
from evaluation.services.course import record_course
from evaluation.services.running import pause_item, pause_session
from evaluation.services.written import call_meeting
from evaluation.views.acts import whole_number

KEEP = "evaluation.keep_session"
LONGEST_NOTE = 500


class KeptSession(AllowedMixin):
    """Views on a session whose minutes the user keeps."""

    permission = KEEP

    @cached_property
    def session(self):
        rows = Session.objects.select_related("council__regulation", "regulation", "round")
        return self.fetch(rows, pk=self.kwargs["pk"])

    @property
    def session_url(self):
        return reverse("evaluation:session", args=[self.session.pk])


class AttendanceView(KeptSession, View):
    """Everybody of the council in one grid. Each mark is saved at once; without scripts by the button."""

    def get(self, request, pk):
        return render(request, "evaluation/attendance.html", self.context())

    def context(self):
        session = self.session
        lines = attendance_lines(session)
        return {
            "session": session,
            "lines": lines,
            "states": AttendanceState.choices,
            "numbers": numbers_of(lines),
            "meeting": quorum_of_meeting(session),
            "by_attendance": counts_attendance(session),
            "is_meeting": session.kind == SessionKind.MEETING,
            "may_change": may_call_roll(session),
        }

    def post(self, request, pk):
        try:
            changed = record_attendance(session=self.session, marks=_marks(request.POST), by=request.user)
        except DomainError as refusal:
            if request.htmx:
                return HttpResponse(refusal.message, status=409, content_type="text/plain; charset=utf-8")
            messages.error(request, refusal.message)
            return redirect("evaluation:attendance", pk)
        if request.htmx:
            return render(request, "evaluation/attendance.html#numbers", self.context())
        messages.success(request, f"Đã ghi điểm danh, {changed} dòng thay đổi.")
        return redirect("evaluation:attendance", pk)


def _marks(data):
    """Fields `state-SEAT` and `note-SEAT`; a row without a state is not marked."""
    fields = data.dict()
    ids = {name.partition("-")[2] for name in fields if name.startswith(("state-", "note-"))}
    return {whole_number(pk): (fields.get(f"state-{pk}", ""), _note(fields, pk)) for pk in ids}


def _note(fields, pk):
    return fields.get(f"note-{pk}", "").replace("\x00", "")[:LONGEST_NOTE]


class CourseView(KeptSession, ServiceForm):
    """Place, times, chair and secretary as the minutes are to say them."""

    template_name = "evaluation/course.html"
    form_class = CourseForm

    @cached_property
    def course(self):
        return course_of(self.session, roll_of(self.session))

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "session": self.session, "course": self.course}

    def get_context_data(self, **kwargs):
        return super().get_context_data(session=self.session, back_url=self.session_url, **kwargs)

    def carry_out(self, form):
        record_course(session=self.session, by=self.request.user, **form.course)
        messages.success(self.request, "Đã ghi; biên bản lập từ lúc này nêu các nội dung ấy.")
        return self.session_url


class SessionPauseView(KeptSession, ServiceForm):
    template_name = "evaluation/pause.html"
    form_class = PauseForm

    def get_context_data(self, **kwargs):
        words = "Không ai chấm hoặc nộp phiếu được cho đến khi phiên tiếp tục."
        return super().get_context_data(
            title="Tạm dừng phiên", subject=self.session, words=words, back_url=self.session_url, **kwargs
        )

    def carry_out(self, form):
        pause_session(session=self.session, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, "Phiên họp đã tạm dừng.")
        return self.session_url


class ItemPauseView(ServiceForm):
    permission = KEEP
    template_name = "evaluation/pause.html"
    form_class = PauseForm

    @cached_property
    def item(self):
        rows = AgendaItem.objects.visible_to(self.request.user)
        found = get_object_or_404(
            rows.select_related("session__council", "version__dossier__product"), pk=self.kwargs["pk"]
        )
        if not self.request.user.has_perm(KEEP, found):
            raise PermissionDenied
        return found

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            title="Tạm dừng chấm hồ sơ",
            subject=self.item,
            words="Phiếu của hồ sơ này không chấm hoặc nộp được cho đến khi tiếp tục.",
            back_url=self.back_url,
            **kwargs,
        )

    @property
    def back_url(self):
        return reverse("evaluation:session", args=[self.item.session_id])

    def carry_out(self, form):
        pause_item(item=self.item, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, f"Đã tạm dừng chấm: {self.item}.")
        return self.back_url


class CallMeetingView(KeptSession, ServiceForm):
    """From a written opinion to a meeting, with the dossiers on which the opinions differ chosen already."""

    template_name = "evaluation/call_meeting.html"
    form_class = MeetingForm

    @cached_property
    def differing(self):
        return [row for row in opinions_of(self.session, self.request.user) if row.reasons]

    def get_form_kwargs(self):
        rows = self.session.items.filter(state__in=ItemState.unfinished)
        items = rows.select_related("version__dossier__product").order_by("position")
        return {**super().get_form_kwargs(), "items": items}

    def get_initial(self):
        said = [f"{row.item}: {'; '.join(row.reasons)}" for row in self.differing]
        return {
            "items": [str(row.item.pk) for row in self.differing],
            "reason": ". ".join(said),
            "name": f"Họp: {self.session.name}"[:200],
        }

    def get_context_data(self, **kwargs):
        return super().get_context_data(session=self.session, differing=self.differing, **kwargs)

    def carry_out(self, form):
        meeting = call_meeting(session=self.session, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, "Đã lập phiên họp. Ý kiến bằng văn bản vẫn được lưu và xem được.")
        return reverse("evaluation:session", args=[meeting.pk])
