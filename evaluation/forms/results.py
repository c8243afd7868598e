"""Input about results: conclusions, exclusions and the papers of a decision."""

from typing import Any

from django import forms

from evaluation.forms.base import DateInput, LineField, OfficeForm
from evaluation.models import AgendaItem, Criterion, Option
from evaluation.queries.sheets import NONE_LABEL

OTHER_GROUND = "other"


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
    certificate_number = LineField(
        label="Số giấy chứng nhận 5 sao",
        max_length=60,
        required=False,
        help_text="Như Bộ ghi trên giấy; để trống thì hệ thống đánh số tiếp theo của tỉnh.",
    )
    field_order = ["star", "number", "day", "certificate_number"]
