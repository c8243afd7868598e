"""Input about councils: decisions, the regulation, seats and the advisory team."""

from typing import Any

from django import forms

from accounts.models import User
from evaluation.enums import GateRule, QuorumBasis, RecusalRule, ScoreSight, SeatRole
from evaluation.forms.base import DateInput, LineField, OfficeForm
from evaluation.models import Council
from evaluation.queries.councils import candidates, team_candidates

YES_NO = (("1", "Có"), ("0", "Không"))
ALLOWED = (("1", "Được phép"), ("0", "Không, phải họp Hội đồng"))
SCORES = (("1", "Có phiếu chấm điểm"), ("0", "Chỉ tham gia ý kiến"))


def _is_yes(value: str) -> bool:
    return value == "1"


class SettingsForm(OfficeForm):
    """The settings the law leaves to the council's regulation."""

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
        help_text="2 và 3 nghĩa là phải có ít nhất 2/3 số thành viên chấm điểm.",
    )
    quorum_basis = forms.ChoiceField(
        label="Túc số tính theo",
        choices=QuorumBasis.choices,
        initial=QuorumBasis.SHEETS,
        help_text="Tính theo số dự họp thì mọi người dự họp phải nộp phiếu mới đóng được kết quả.",
    )
    spread_limit = forms.IntegerField(
        label="Chênh lệch điểm phải thảo luận",
        min_value=1,
        max_value=100,
        initial=10,
        help_text="Số điểm chênh giữa hai phiếu; vượt quá thì kết quả được đánh dấu để thảo luận.",
    )
    score_sight = forms.ChoiceField(
        label="Thành viên xem điểm của người khác",
        choices=ScoreSight.choices,
        initial=ScoreSight.AFTER_CLOSING,
    )
    shows_advice = forms.TypedChoiceField(
        label="Thành viên xem đề xuất của Tổ tư vấn khi chấm", choices=YES_NO, coerce=_is_yes, initial="1"
    )
    allows_written = forms.TypedChoiceField(
        label="Đánh giá lại bằng ý kiến văn bản", choices=ALLOWED, coerce=_is_yes, initial="1"
    )
    recusal_rule = forms.ChoiceField(
        label="Thành viên có xung đột lợi ích ở một hồ sơ",
        choices=RecusalRule.choices,
        initial=RecusalRule.LEAVES,
    )


class CouncilForm(SettingsForm):
    """A new council with its decision and its regulation."""

    name = LineField(label="Tên Hội đồng", max_length=200)
    decision_number = LineField(
        label="Số quyết định thành lập", max_length=60, help_text="Ví dụ: 1234/QĐ-UBND."
    )
    decided_on = forms.DateField(label="Ngày quyết định", widget=DateInput())
    regulation_number = LineField(label="Số quyết định ban hành quy chế", max_length=60, required=False)
    regulation_day = forms.DateField(label="Ngày ban hành quy chế", widget=DateInput(), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What a form leaves out is as the law's usual practice has it.
        for name in ("quorum_basis", "score_sight", "shows_advice", "allows_written", "recusal_rule"):
            self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name in ("quorum_basis", "score_sight", "shows_advice", "allows_written", "recusal_rule"):
            if data.get(name) == "":
                del data[name]
        return data


class RegulationForm(SettingsForm):
    """The next version of a council's regulation."""

    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=9999)
    decision_number = LineField(label="Số quyết định ban hành", max_length=60)
    decided_on = forms.DateField(label="Ngày ban hành", widget=DateInput())


class CouncilEditForm(OfficeForm):
    name = LineField(label="Tên Hội đồng", max_length=200)
    decision_number = LineField(label="Số quyết định thành lập", max_length=60)
    decided_on = forms.DateField(label="Ngày quyết định", widget=DateInput())
    team_decision_number = LineField(label="Số quyết định thành lập Tổ tư vấn", max_length=60, required=False)
    team_decided_on = forms.DateField(
        label="Ngày quyết định thành lập Tổ tư vấn", widget=DateInput(), required=False
    )


class SeatEditForm(OfficeForm):
    """What a person is on the council."""

    role = forms.ChoiceField(label="Vai trò", choices=SeatRole.choices, initial=SeatRole.MEMBER)
    agency = LineField(label="Cơ quan", max_length=200, required=False)
    scores = forms.TypedChoiceField(
        label="Chấm điểm",
        choices=SCORES,
        coerce=_is_yes,
        initial="1",
        required=False,
        empty_value=True,
        help_text="Người chỉ tham gia ý kiến thì không có phiếu và không tính vào túc số.",
    )


class SeatForm(SeatEditForm):
    user = forms.ChoiceField(label="Người")
    field_order = ["user", "role", "agency", "scores"]

    def __init__(self, *args: Any, council: Council, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in candidates(council)}
        words = [(pk, _person_words(person)) for pk, person in self.people.items()]
        self.fields["user"].choices = [("", "Chọn người có vai trò Thành viên Hội đồng"), *words]

    def clean_user(self) -> Any:
        return self.people[self.cleaned_data["user"]]


class TeamSeatForm(OfficeForm):
    user = forms.ChoiceField(label="Người")
    agency = LineField(label="Cơ quan", max_length=200, required=False)
    is_head = forms.BooleanField(label="Là Tổ trưởng", required=False)

    def __init__(self, *args: Any, council: Council, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in team_candidates(council)}
        words = [(pk, _person_words(person)) for pk, person in self.people.items()]
        self.fields["user"].choices = [("", "Chọn người có vai trò Thành viên Tổ tư vấn"), *words]

    def clean_user(self) -> Any:
        return self.people[self.cleaned_data["user"]]


def _person_words(person: User) -> str:
    return f"{person.full_name} - {person.position}" if person.position else person.full_name
