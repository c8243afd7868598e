"""Forms of classes and the register: input to clean data."""

from decimal import Decimal
from typing import Any

from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.db.models import Q
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from core.forms import SaidByService, VnDecimalField, pair
from products.evidence_files import ACCEPT
from training import half_days
from training.enums import RegisterGroup
from training.forms import day, units_kept_by
from training.models import HalfDay, Plan, RegisterPerson, TrainingClass
from training.queries import classes_pages

XLSX = ".xlsx,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TIME = {"inputmode": "numeric", "placeholder": "07:30", "autocomplete": "off"}


class ClassForm(SaidByService):
    target_groups = forms.MultipleChoiceField(
        label="Đối tượng",
        choices=RegisterGroup.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    online_link = forms.URLField(
        label="Liên kết học trực tuyến",
        max_length=300,
        required=False,
        assume_scheme="https",
        help_text="Chỉ dùng cho lớp trực tuyến.",
    )
    layout = Layout(
        Fieldset("Lớp", "title", pair("organiser", "level"), pair("unit", "plan"), "legal_basis"),
        Fieldset("Ai học, học gì", "target_groups", "topics", pair("method", "planned_trainees", "budget")),
        Fieldset("Khi nào, ở đâu", pair("starts_on", "ends_on"), pair("place", "online_link")),
        Fieldset("Thế nào là dự đủ", pair("attendance_share", "max_score", "pass_mark"), "source"),
    )

    class Meta:
        model = TrainingClass
        fields = [
            "title", "organiser", "level", "unit", "plan", "legal_basis", "target_groups", "topics", "method",
            "planned_trainees", "budget", "starts_on", "ends_on", "place", "online_link", "attendance_share",
            "max_score", "pass_mark", "source",
        ]  # fmt: skip
        localized_fields = ["budget", "max_score", "pass_mark"]
        widgets = {
            "starts_on": day(),
            "ends_on": day(),
            "topics": forms.Textarea(attrs={"rows": 4}),
            "budget": forms.TextInput(attrs={"inputmode": "numeric"}),
            "max_score": forms.TextInput(attrs={"inputmode": "decimal"}),
            "pass_mark": forms.TextInput(attrs={"inputmode": "decimal"}),
        }
        help_texts = {
            "legal_basis": "Văn bản giao mở lớp, ví dụ: Kế hoạch số 39/KH-UBND ngày 25/4/2023.",
            "attendance_share": "Có mặt từ tỷ lệ này của số buổi thì tính là được tập huấn.",
            "pass_mark": "Để trống nếu lớp không có bài kiểm tra.",
        }
        error_messages = {"title": {"required": "Hãy nhập tên lớp."}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units_kept_by(self.user)
        self.fields["unit"].empty_label = "Chọn địa bàn"
        self.fields["plan"].queryset = Plan.objects.visible_to(self.user).filter(
            unit__in=units_kept_by(self.user)
        )
        self.fields["plan"].empty_label = "Không thuộc kế hoạch nào"
        provinces = self.user.scope.unit_ids(Role.PROVINCIAL_OFFICER)
        if self.instance._state.adding and len(provinces) == 1:
            self.fields["unit"].initial = next(iter(provinces))
            self.fields["plan"].initial = self.fields["plan"].queryset.only_running(
                provinces, timezone.localdate()
            )
        # Left out of the address or the form, they keep their usual values.
        for name in ("attendance_share", "max_score", "method"):
            self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        for name in ("attendance_share", "max_score", "method"):
            if values.get(name) in (None, "") and name not in self.errors:
                values[name] = TrainingClass._meta.get_field(name).get_default()
        return values


class HalfDayForm(SaidByService):
    layout = Layout(pair("day", "part", "starts_at", "ends_at"))

    class Meta:
        model = HalfDay
        fields = ["day", "part", "starts_at", "ends_at"]
        widgets = {
            "day": day(),
            "starts_at": forms.TimeInput(attrs=TIME, format="%H:%M"),
            "ends_at": forms.TimeInput(attrs=TIME, format="%H:%M"),
        }

    def __init__(self, *args: Any, training_class: TrainingClass, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].initial = training_class.starts_on
        begin, end = next(iter(half_days.HOURS.values()))
        self.fields["starts_at"].initial, self.fields["ends_at"].initial = begin, end


class PersonForm(SaidByService):
    layout = Layout("name", pair("group", "unit"), pair("position", "user"), pair("listed_on", "left_on"))

    class Meta:
        model = RegisterPerson
        fields = ["name", "group", "unit", "position", "user", "listed_on", "left_on"]
        labels = {"name": "Họ và tên"}
        widgets = {"listed_on": day(), "left_on": day()}
        help_texts = {
            "user": "Người có tài khoản nhận lời mời và điểm danh bằng điện thoại.",
            "left_on": "Ghi khi thôi việc, chuyển công tác. Từ ngày đó không tính vào danh sách nữa.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units_kept_by(self.user)
        self.fields["unit"].empty_label = "Chọn đơn vị"
        own = self.user.scope.unit_ids(Role.PROVINCIAL_OFFICER)
        held = Q(memberships__unit__in=own) | Q(memberships__unit__parent__in=own)
        accounts = User.objects.filter(held, is_active=True).distinct().order_by("full_name", "pk")
        self.fields["user"].queryset = accounts
        self.fields["user"].empty_label = "Chưa có tài khoản"
        self.fields["user"].label_from_instance = lambda user: f"{user} ({user.username})"


class EnrolForm(forms.Form):
    """Persons of the register for a class; who is in it already is passed over, not refused."""

    persons = forms.ModelMultipleChoiceField(
        label="Người trong danh sách",
        queryset=RegisterPerson.objects.none(),
        error_messages={"required": "Chọn ít nhất một người."},
    )

    def __init__(self, *args: Any, training_class: TrainingClass, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["persons"].queryset = classes_pages.candidates(training_class, user)


class StepForm(forms.Form):
    """The reason of a step of the class, when it asks one."""

    reason = forms.CharField(max_length=500, required=False)


class SheetForm(forms.Form):
    """A workbook to check."""

    file = forms.FileField(
        label="Tệp Excel (.xlsx)",
        help_text="Tải lên chỉ để kiểm tra, chưa ghi gì.",
        widget=forms.FileInput(attrs={"accept": XLSX}),
        error_messages={"required": "Hãy chọn tệp Excel.", "empty": "Tệp rỗng, không có gì bên trong."},
    )


class MaterialForm(forms.Form):
    """A file of the class and what it is called."""

    file = forms.FileField(
        label="Tệp",
        help_text="PDF, ảnh, Word hoặc Excel.",
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        error_messages={"required": "Hãy chọn tệp.", "empty": "Tệp rỗng, không có gì bên trong."},
    )
    title = forms.CharField(label="Tên tài liệu", max_length=200, required=False)


class ScoreForm(forms.Form):
    """One score as people write it: 7,5."""

    score = VnDecimalField(required=False)

    def clean_score(self) -> Decimal | None:
        score = self.cleaned_data["score"]
        if score is not None and score != round(score, 2):
            raise forms.ValidationError("Ghi nhiều nhất hai chữ số sau dấu phẩy.")
        return score
