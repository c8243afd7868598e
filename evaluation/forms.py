"""Input of the evaluation room. Rules live in the services; forms only make clean data."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils import timezone

from accounts.models import User
from core.models import AdminUnit
from core.text import nfc
from evaluation.enums import GateRule, SeatRole
from evaluation.models import AgendaItem, Council, Criterion, Option
from evaluation.queries.councils import candidates, rounds_to_choose
from evaluation.queries.sheets import NONE_LABEL

OTHER_GROUND = "other"


class DateInput(forms.DateInput):
    """A date typed as Vietnamese offices write it; the browser's own picker shows other orders."""

    def __init__(self, **attrs: Any) -> None:
        hints = {"placeholder": "ngày/tháng/năm", "inputmode": "numeric"}
        super().__init__(attrs={**hints, **attrs}, format="%d/%m/%Y")


class LineField(forms.CharField):
    """One line of text in NFC, so that its length is the length that is stored."""

    def to_python(self, value: Any) -> str:
        return nfc(super().to_python(value))


class OfficeForm(forms.Form):
    """A crispy form whose frame and buttons are the template's."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


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


class ConclusionForm(OfficeForm):
    """The council's conclusion on one criterion."""

    option = forms.ChoiceField(label="Mức Hội đồng kết luận", widget=forms.RadioSelect)
    reason = forms.CharField(
        label="Lý do", widget=forms.Textarea(attrs={"rows": 3}), help_text="Được in trong biên bản."
    )

    def __init__(self, *args: Any, criterion: Criterion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.options: dict[str, Option | None] = {
            str(option.pk): option for option in criterion.options.order_by("position")
        }
        words = [(pk, f"{o.label} ({o.points} điểm){_star_words(o)}") for pk, o in self.options.items() if o]
        if all(option and option.points for option in self.options.values()):
            self.options["0"] = None
            words.append(("0", f"{NONE_LABEL} (0 điểm)"))
        self.fields["option"].choices = words

    def clean_option(self) -> Option | None:
        return self.options[self.cleaned_data["option"]]


def _star_words(option: Option) -> str:
    return f", tối thiểu cho {option.min_star} sao" if option.min_star else ""


class ExclusionForm(OfficeForm):
    ground = forms.ChoiceField(label="Căn cứ loại hồ sơ", widget=forms.RadioSelect)
    other_ground = LineField(label="Căn cứ khác", max_length=500, required=False)
    evidence = forms.CharField(
        label="Chứng cứ",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Giấy tờ, biên bản, kết quả kiểm nghiệm…",
    )

    def __init__(self, *args: Any, item: AgendaItem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        grounds = dict.fromkeys(item.criteria_set.excluded_if)
        leaves = item.criteria_set.criteria.exclude(disqualifier=[])
        for code, notes in leaves.values_list("code", "disqualifier"):
            grounds.update(dict.fromkeys(f"Tiêu chí {code}: {note}" for note in notes))
        other = (OTHER_GROUND, "Căn cứ khác, ghi ở ô dưới")
        self.fields["ground"].choices = [*((ground, ground) for ground in grounds), other]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("ground") == OTHER_GROUND:
            data["ground"] = data.get("other_ground", "")
            if not data["ground"].strip():
                self.add_error("other_ground", "Hãy ghi căn cứ loại hồ sơ.")
        return data


class DecisionForm(OfficeForm):
    """A numbered paper: the Chairman's decision, or the province's letter to the Ministry."""

    number = LineField(label="Số, ký hiệu", max_length=60)
    day = forms.DateField(label="Ngày", widget=DateInput())


class MinistryAnswerForm(DecisionForm):
    """What became of a dossier sent to the Ministry, with the decision that recognises the product."""

    star = forms.TypedChoiceField(
        label="Kết quả",
        coerce=int,
        widget=forms.RadioSelect,
        choices=[
            (5, "5 sao: Bộ công nhận"),
            (4, "4 sao: Bộ trả về, Chủ tịch Ủy ban nhân dân tỉnh công nhận"),
            (3, "3 sao: Bộ trả về, Chủ tịch Ủy ban nhân dân tỉnh công nhận"),
        ],
    )
    field_order = ["star", "number", "day"]
