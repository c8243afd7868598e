"""Forms of the administrator's pages: input to clean data; rules are said by the services."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils import timezone

from accounts import bulk, queries
from accounts.enums import Role
from accounts.models import User
from accounts.validators import LOWER_NAME
from core.forms import DATE, TidyCharField, pair
from core.models import AdminUnit
from core.phones import normal_phone, validate_phone

# An entity's role is given on the entity's page, where it is said whose account it is.
ROLES = [(role.value, role.label) for role in Role if role != Role.ENTITY]


class _Plain(forms.Form):
    layout: Layout

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = self.layout


class _WithRole(_Plain):
    """Asks for a role and its unit, of the administrator's own area."""

    role = forms.ChoiceField(label="Vai trò", choices=[("", "Chọn vai trò"), *ROLES])
    unit = forms.ModelChoiceField(
        label="Đơn vị",
        queryset=AdminUnit.objects.none(),
        empty_label="Chọn đơn vị",
        help_text="Cán bộ cấp xã gắn với xã, phường; các vai trò khác gắn với tỉnh.",
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = queries.units_administered(user)


class _OfPerson(_Plain):
    full_name = forms.CharField(label="Họ và tên", max_length=150)
    position = forms.CharField(
        label="Chức vụ, cơ quan",
        max_length=150,
        required=False,
        help_text="Ví dụ: Chuyên viên Phòng Kinh tế.",
    )
    phone = TidyCharField(tidy=normal_phone, label="Điện thoại", required=False, validators=[validate_phone])
    email = forms.EmailField(
        label="Thư điện tử", required=False, help_text="Có thư thì tự lấy lại được mật khẩu khi quên."
    )


class PersonForm(_OfPerson):
    layout = Layout(pair("full_name", "position"), pair("phone", "email"))

    def __init__(self, *args: Any, account: User, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(account, name) for name in self.base_fields}
        super().__init__(*args, **kwargs)


class AccountForm(_WithRole, _OfPerson):
    username = forms.CharField(
        label="Tên đăng nhập", max_length=50, validators=[LOWER_NAME], help_text="Ví dụ: xa.cambinh."
    )
    layout = Layout(pair("full_name", "username"), pair("role", "unit"), pair("position", "phone"), "email")


class ManyForm(_Plain):
    """One role, one province, and lines pasted from a sheet."""

    role = forms.ChoiceField(label="Vai trò", choices=ROLES)
    province = forms.ModelChoiceField(label="Tỉnh", queryset=AdminUnit.objects.none(), empty_label=None)
    people = forms.CharField(
        label="Danh sách",
        max_length=100_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "class": "pasted-lines"}),
        help_text=f"Chép từ Excel, mỗi người một dòng, tối đa {bulk.MOST_LINES} dòng. Các cột lần lượt: họ "
        "và tên, xã phường, chức vụ, điện thoại, thư điện tử, tên đăng nhập (để trống thì hệ thống đặt).",
    )
    layout = Layout(pair("role", "province"), "people")

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["province"].queryset = queries.units_administered(user).provinces()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if {"role", "province", "people"} <= data.keys():
            lines = bulk.check(data["people"], role=data["role"], province=data["province"])
            if len(lines) > bulk.MOST_LINES:
                self.add_error(
                    "people", f"Có {len(lines)} dòng; mỗi lần mở được {bulk.MOST_LINES} tài khoản."
                )
            elif not lines:
                self.add_error("people", "Hãy dán ít nhất một dòng.")
            data["lines"] = lines
        return data


class RoleForm(_WithRole):
    valid_from = forms.DateField(label="Từ ngày", widget=forms.DateInput(attrs=DATE))
    layout = Layout(pair("role", "unit"), "valid_from")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["valid_from"].initial = timezone.localdate


class EndRoleForm(_Plain):
    last_day = forms.DateField(
        label="Ngày cuối giữ vai trò",
        widget=forms.DateInput(attrs=DATE),
        help_text="Vai trò còn hiệu lực đến hết ngày này. Ghi ngày hôm qua để hết ngay.",
    )
    layout = Layout("last_day")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["last_day"].initial = timezone.localdate


class LockForm(_Plain):
    reason = forms.CharField(
        label="Lý do khóa",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Ví dụ: chuyển công tác từ 01/12/2026. Lý do được ghi vào nhật ký.",
    )
    layout = Layout("reason")
