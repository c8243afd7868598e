"""Input about councils, their seats and their sessions."""

from typing import Any

from django import forms
from django.utils import timezone

from accounts.models import User
from core.models import AdminUnit
from evaluation.enums import GateRule, SeatRole
from evaluation.forms.base import DateInput, LineField, OfficeForm
from evaluation.models import Council
from evaluation.queries.councils import candidates, rounds_to_choose


class CouncilForm(OfficeForm):
    name = LineField(label="Tên Hội đồng", max_length=200)
    decision_number = LineField(
        label="Số quyết định thành lập", max_length=60, help_text="Ví dụ: 1234/QĐ-UBND."
    )
    decided_on = forms.DateField(label="Ngày quyết định", widget=DateInput())
    gate_rule = forms.ChoiceField(
        label="Điều kiện tối thiểu xét theo",
        choices=GateRule.choices,
        initial=GateRule.MAJORITY,
        help_text="Khi các thành viên chọn khác nhau ở một tiêu chí có dấu sao.",
    )
    quorum_numerator = forms.IntegerField(label="Túc số: tử số", min_value=1, max_value=99, initial=2)
    quorum_denominator = forms.IntegerField(
        label="Túc số: mẫu số",
        min_value=1,
        max_value=99,
        initial=3,
        help_text="2 và 3 nghĩa là phải có ít nhất 2/3 thành viên nộp phiếu.",
    )
    spread_limit = forms.IntegerField(
        label="Chênh lệch điểm phải thảo luận",
        min_value=1,
        max_value=100,
        initial=10,
        help_text="Số điểm chênh giữa hai phiếu; vượt quá thì kết quả được đánh dấu để thảo luận.",
    )


class SeatForm(OfficeForm):
    user = forms.ChoiceField(label="Người")
    role = forms.ChoiceField(label="Vai trò", choices=SeatRole.choices, initial=SeatRole.MEMBER)
    agency = LineField(label="Cơ quan", max_length=200, required=False)

    def __init__(self, *args: Any, council: Council, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in candidates(council)}
        words = [(pk, _person_words(person)) for pk, person in self.people.items()]
        self.fields["user"].choices = [("", "Chọn người có vai trò Thành viên Hội đồng"), *words]

    def clean_user(self) -> Any:
        return self.people[self.cleaned_data["user"]]


def _person_words(person: User) -> str:
    return f"{person.full_name} - {person.position}" if person.position else person.full_name


class SessionForm(OfficeForm):
    council = forms.ModelChoiceField(label="Hội đồng", queryset=Council.objects.none(), empty_label=None)
    round = forms.ChoiceField(label="Đợt đánh giá")
    name = LineField(label="Tên phiên họp", max_length=200, help_text="Ví dụ: Phiên 1, nhóm thực phẩm.")
    held_on = forms.DateField(label="Ngày họp", widget=DateInput())
    place = LineField(label="Địa điểm", max_length=200, required=False)

    def __init__(self, *args: Any, councils: Any, unit: AdminUnit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["council"].queryset = councils
        self.fields["round"].choices = rounds_to_choose(unit, timezone.localdate().year)

    def clean_round(self) -> tuple[int, int]:
        """Year and number of the round."""
        year, _, number = self.cleaned_data["round"].partition("-")
        return int(year), int(number)
