"""Input about rounds, acceptance and the advisory team. Rules live in the services."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone

from accounts.models import User
from core.numbers import format_date
from evaluation.forms.base import DateInput, LineField, OfficeForm
from evaluation.models import Round
from evaluation.queries.rounds import key_of, usual_round
from evaluation.services.rounds import LEGAL_ROUNDS, is_late, round_of_law
from products.models import Dossier


class RoundForm(OfficeForm):
    """Name, dates and basis of a round; year and number only while it is new."""

    name = LineField(label="Tên đợt", max_length=200, required=False, help_text="Để trống: “Đợt 3 năm 2026”.")
    year = forms.IntegerField(label="Năm", min_value=2020, max_value=2100)
    number = forms.IntegerField(
        label="Đợt số",
        min_value=1,
        max_value=20,
        help_text="Đợt 1 và 2 theo luật; từ đợt 3 là bổ sung.",
    )
    files_until = forms.DateField(label="Nhận hồ sơ đến hết ngày", widget=DateInput())
    finish_until = forms.DateField(label="Hoàn thành trước ngày", widget=DateInput())
    extra_basis = LineField(
        label="Căn cứ",
        max_length=300,
        required=False,
        help_text="Bắt buộc với đợt bổ sung, và khi đợt luật định nhận hồ sơ muộn hơn ngày của Điều 5.",
    )

    def __init__(self, *args: Any, stored: Round | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if stored is not None:
            del self.fields["year"], self.fields["number"]


class RoundChoiceForm(OfficeForm):
    """Which round a dossier goes into, and why when it is late for it."""

    round = forms.ChoiceField(label="Đợt đánh giá", widget=forms.RadioSelect)
    late_reason = forms.CharField(
        label="Lý do tiếp nhận sau hạn",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Chỉ cần khi công văn đề nghị của xã sau hạn nhận hồ sơ của đợt đã chọn.",
    )

    def __init__(self, *args: Any, dossier: Dossier, rounds: Sequence[Round], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rounds = {key_of(row): row for row in rounds}
        words = [(key, _round_words(row, dossier)) for key, row in self.rounds.items()]
        self.fields["round"].choices = words
        usual = usual_round(dossier, rounds)
        self.fields["round"].initial = key_of(usual) if usual else None
        if not any(is_late(dossier, row) for row in rounds):
            self.fields["late_reason"].widget = forms.HiddenInput()

    def clean_round(self) -> Round:
        return self.rounds[self.cleaned_data["round"]]


def _round_words(row: Round, dossier: Dossier) -> str:
    late = "; công văn sau hạn này, phải ghi lý do" if is_late(dossier, row) else ""
    return (
        f"{row.name}: nhận hồ sơ đến {format_date(row.files_until)}{late}, "
        f"hoàn thành trước {format_date(row.finish_until)}"
    )


class AdvisersForm(OfficeForm):
    """Members of the advisory team who are given a dossier, until when and for what."""

    members = forms.MultipleChoiceField(
        label="Thành viên Tổ tư vấn", widget=forms.CheckboxSelectMultiple, required=False
    )
    due_on = forms.DateField(label="Hạn tham mưu", widget=DateInput(), required=False)
    note = forms.CharField(
        label="Nội dung giao",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Ví dụ: khảo sát cơ sở, xem kỹ hợp đồng vùng nguyên liệu.",
    )

    def __init__(self, *args: Any, people: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        self.fields["members"].choices = [(pk, _person_words(person)) for pk, person in self.people.items()]
        if not people:
            del self.fields["members"], self.fields["due_on"], self.fields["note"]

    def clean_members(self) -> list[User]:
        return [self.people[pk] for pk in self.cleaned_data["members"]]


def _person_words(person: User) -> str:
    return f"{person.full_name} - {person.position}" if person.position else person.full_name


class AssignForm(AdvisersForm):
    """The same where somebody must be chosen."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "members" in self.fields:
            self.fields["members"].required = True


class AcceptForm(RoundChoiceForm, AdvisersForm):
    """Acceptance: the round, and who advises."""

    field_order = ["round", "late_reason", "members", "due_on", "note"]


class ReasonForm(OfficeForm):
    reason = forms.CharField(label="Lý do", max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))


def first_round_to_enter(unit: Any) -> dict[str, Any]:
    """What a new round's form starts with: the first legal round not entered, else the next extra one."""
    year = timezone.localdate().year
    taken = set(Round.objects.filter(unit=unit, year=year).values_list("number", flat=True))
    number = next((number for number in LEGAL_ROUNDS if number not in taken), 0)
    if not number:
        return {"year": year, "number": max(taken) + 1}
    law = round_of_law(unit.pk, year, number)
    return {
        "year": year,
        "number": number,
        "name": law.name,
        "files_until": law.files_until,
        "finish_until": law.finish_until,
    }
