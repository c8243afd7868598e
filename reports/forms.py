"""Asking for a paper."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils import timezone

from accounts.enums import Role
from core.exceptions import DomainError
from reports import services
from training.enums import PlanStatus
from training.models import Plan


class ProgressReportForm(forms.Form):
    plan = forms.ModelChoiceField(
        Plan.objects.none(),
        label="Kế hoạch",
        empty_label="Chọn kế hoạch",
        error_messages={"invalid_choice": "Hãy chọn một kế hoạch trong danh sách."},
    )
    period_to = forms.DateField(
        label="Số liệu đến hết ngày",
        help_text="Ví dụ 14/11/2026. Báo cáo tính từ ngày đầu của kế hoạch đến hết ngày này.",
        error_messages={"invalid": "Nhập ngày theo dạng 14/11/2026."},
        widget=forms.DateInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        own = user.scope.unit_q("unit", Role.PROVINCIAL_OFFICER)
        plans = Plan.objects.visible_to(user).filter(own).exclude(status=PlanStatus.DRAFT)
        self.fields["plan"].queryset = plans
        self.fields["period_to"].initial = timezone.localdate
        self.helper = FormHelper()
        self.helper.add_input(Submit("", "Lập báo cáo", css_class="btn-primary"))

    def clean(self):
        """Refuse, beside the field, a day that the service would refuse."""
        data = super().clean()
        plan, period_to = data.get("plan"), data.get("period_to")
        if plan and period_to:
            try:
                services.check_period(plan, period_to)
            except DomainError as refusal:
                self.add_error(refusal.field, refusal.message)
        return data
