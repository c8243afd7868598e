"""Input about sessions: the plan, pauses, conflicts of interest, a meeting after a written opinion."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone

from core.models import AdminUnit
from evaluation.enums import RecusalGround, SessionKind
from evaluation.forms.base import DateInput, LineField, OfficeForm, TimeField
from evaluation.models import AgendaItem, Council, Seat, Session
from evaluation.queries.councils import rounds_to_choose
from evaluation.queries.course import Course


class SessionEditForm(OfficeForm):
    name = LineField(label="Tên phiên họp", max_length=200, help_text="Ví dụ: Phiên 1, nhóm thực phẩm.")
    kind = forms.ChoiceField(
        label="Hình thức",
        choices=SessionKind.choices,
        initial=SessionKind.MEETING,
        required=False,
        help_text="Ý kiến bằng văn bản chỉ dùng cho hồ sơ đánh giá lại, khi quy chế cho phép.",
    )
    held_on = forms.DateField(label="Ngày họp", widget=DateInput())
    opinions_until = forms.DateField(
        label="Hạn gửi ý kiến",
        widget=DateInput(),
        required=False,
        help_text="Chỉ khi lấy ý kiến bằng văn bản; ngày họp khi đó là ngày bắt đầu lấy ý kiến.",
    )
    place = LineField(label="Địa điểm", max_length=200, required=False)

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or SessionKind.MEETING


class SessionForm(SessionEditForm):
    council = forms.ModelChoiceField(label="Hội đồng", queryset=Council.objects.none(), empty_label=None)
    round = forms.ChoiceField(label="Đợt đánh giá")
    field_order = ["council", "round"]

    def __init__(self, *args: Any, councils: Any, unit: AdminUnit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["council"].queryset = councils
        self.fields["round"].choices = rounds_to_choose(unit, timezone.localdate().year)

    def clean_round(self) -> tuple[int, int]:
        """Year and number of the round."""
        year, _, number = self.cleaned_data["round"].partition("-")
        return int(year), int(number)


class CourseForm(OfficeForm):
    """What the minutes say of a session beside its results; shows what the records say until it is typed."""

    place = LineField(label="Địa điểm", max_length=200, required=False)
    started_at = TimeField(label="Giờ bắt đầu", help_text="Ví dụ 08:00.")
    ended_at = TimeField(label="Giờ kết thúc", help_text="Ví dụ 16:30.")
    ended_on = forms.DateField(
        label="Ngày kết thúc",
        widget=DateInput(),
        required=False,
        help_text="Chỉ ghi khi kết thúc vào ngày khác ngày họp.",
    )
    chaired_by = forms.ModelChoiceField(Seat.objects.none(), label="Chủ tọa", required=False)
    minuted_by = forms.ModelChoiceField(
        Seat.objects.none(), label="Thư ký (người ghi biên bản)", required=False
    )

    def __init__(self, *args: Any, session: Session, course: Course, **kwargs: Any) -> None:
        ended_on = course.ended.date() if course.ended else None
        shown = {
            "place": session.place,
            "started_at": course.started,
            "ended_at": course.ended,
            "ended_on": ended_on if ended_on != session.held_on else None,
            "chaired_by": session.chaired_by_id,
            "minuted_by": session.minuted_by_id,
        }
        super().__init__(*args, **{**kwargs, "initial": shown})
        self.session = session
        seats = session.council.seats.select_related("user").in_order()
        for name, known in (("chaired_by", course.chair), ("minuted_by", course.secretary)):
            self.fields[name].queryset = seats
            written = getattr(session, f"{name}_id")
            self.fields[name].empty_label = f"Theo hồ sơ phiên: {known}" if known and not written else NOBODY

    @property
    def course(self) -> dict[str, Any]:
        """What the service is asked to write down."""
        data, day = dict(self.cleaned_data), self.session.held_on
        ended_on = data.pop("ended_on") or day
        return {
            **data,
            "started_at": _at(day, data["started_at"]),
            "ended_at": _at(ended_on, data["ended_at"]),
        }


NOBODY = "Theo hồ sơ phiên"


def _at(day: date, hour: time | None) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, hour)) if hour else None


class PauseForm(OfficeForm):
    reason = forms.CharField(
        label="Lý do tạm dừng",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Mọi thành viên đọc được lý do này.",
    )


def _named(seat: Seat) -> str:
    left = "" if seat.left_on is None else ", đã thôi tham gia"
    return f"{seat.user} - {seat.get_role_display()}{left}"


class RecusalForm(OfficeForm):
    """Who does not score a dossier, on which ground, in what words."""

    seat = forms.ChoiceField(label="Thành viên")
    ground = forms.ChoiceField(label="Căn cứ", choices=RecusalGround.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label="Nội dung",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Được in trong biên bản. Bắt buộc khi chọn lý do khác.",
    )

    def __init__(self, *args: Any, seats: Sequence[Seat], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seats = {str(seat.pk): seat for seat in seats}
        words = [(pk, _named(seat)) for pk, seat in self.seats.items()]
        # Nobody is chosen beforehand: the first of the list is the chair or the one who writes.
        self.fields["seat"].choices = [("", "Chọn thành viên"), *words]
        if len(words) == 1:
            self.fields["seat"].initial = words[0][0]
            self.fields["seat"].widget = forms.HiddenInput()

    def clean_seat(self) -> Seat:
        return self.seats[self.cleaned_data["seat"]]


class WithdrawForm(OfficeForm):
    reason = forms.CharField(
        label="Lý do rút khai báo", max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )


class MeetingForm(OfficeForm):
    """Dossiers of a written opinion that a meeting is to decide."""

    items = forms.MultipleChoiceField(label="Hồ sơ đưa ra họp", widget=forms.CheckboxSelectMultiple)
    name = LineField(label="Tên phiên họp", max_length=200)
    held_on = forms.DateField(label="Ngày họp", widget=DateInput())
    place = LineField(label="Địa điểm", max_length=200, required=False)
    reason = forms.CharField(
        label="Lý do chuyển sang họp",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Ví dụ: các phiếu xếp hạng khác nhau; nội dung phức tạp.",
    )

    def __init__(self, *args: Any, items: Sequence[AgendaItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = {str(item.pk): item for item in items}
        self.fields["items"].choices = [(pk, str(item)) for pk, item in self.rows.items()]

    def clean_items(self) -> list[AgendaItem]:
        return [self.rows[pk] for pk in self.cleaned_data["items"]]
