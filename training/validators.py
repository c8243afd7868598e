"""What may stand in a plan: checked once, used by forms, services and the loader of plan files."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils import timezone

from core.numbers import format_number
from training.enums import Direction, Operator
from training.indicators import is_share
from training.models import Plan, Target

# Words that are addresses of their own beside the plans'.
RESERVED_CODES = {
    "moi", "chi-tieu", "muc-tieu", "nhiem-vu", "tap-huan", "danh-sach", "danh-muc", "ket-qua", "can-cu",
    "kinh-phi", "ban-chot",
}  # fmt: skip
WHOLE = Decimal(100)


def target_problems(plan: Plan, values: Mapping[str, Any], target_id: int | None = None) -> dict[str, str]:
    """What is wrong with a target of the plan, a Vietnamese sentence for each field; empty when all is well.

    `values` holds the columns of `Target`. The seven kinds of target ask for different columns.
    """
    problems = value_problems(Operator(values["operator"]), values)
    problems |= _direction_problems(values) | _owner_problems(plan, values)
    problems |= _share_problems(values)
    problems |= _date_problems(plan, values.get("due_on"))
    problems |= _unit_problems(plan, values)
    problems |= _part_problems(plan, values.get("part_of"), target_id)
    return problems or _split_problems(values, target_id)


def value_problems(operator: Operator, values: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with the numbers of a target of one kind."""
    low, high = values.get("value"), values.get("value_to")
    if operator == Operator.BY_DATE:
        return {} if values.get("due_on") else {"due_on": "Nhập ngày phải xong."}
    if operator == Operator.QUALITATIVE:
        return {} if values.get("text") else {"text": "Ghi nội dung phải đạt."}
    if low is None:
        return {"value": "Nhập giá trị phải đạt."}
    if low < 0:
        return {"value": "Giá trị không được âm."}
    if operator == Operator.PERCENT and low > WHOLE:
        return {"value": "Tỷ lệ không được quá 100 %."}
    return _second_value_problems(operator, low, high)


def _second_value_problems(operator: Operator, low: Decimal, high: Decimal | None) -> dict[str, str]:
    if operator == Operator.RANGE:
        if high is None:
            return {"value_to": "Nhập số sau của khoảng, ví dụ 15 đến 20."}
        if high < low:
            return {"value_to": "Số sau không được nhỏ hơn số trước."}
    if operator == Operator.RATIO:
        if not high or high < 0:
            return {"value_to": "Nhập mẫu số lớn hơn 0, ví dụ 22 trên 25."}
        if low > high:
            return {"value": "Tử số không được lớn hơn mẫu số."}
    return {}


def _direction_problems(values: Mapping[str, Any]) -> dict[str, str]:
    indicator, operator = values.get("indicator"), values["operator"]
    if indicator is None:
        return {}
    lower = indicator.direction == Direction.LOWER
    if lower and operator in (Operator.AT_LEAST, Operator.MORE_THAN):
        return {"operator": "Chỉ tiêu này càng thấp càng tốt: chọn “Không quá”."}
    if not lower and operator == Operator.AT_MOST:
        return {"operator": "Chỉ tiêu này càng cao càng tốt: chọn “Ít nhất” hoặc phép so khác."}
    return {}


def _owner_problems(plan: Plan, values: Mapping[str, Any]) -> dict[str, str]:
    indicator = values.get("indicator")
    if indicator is None or indicator.unit_id in (None, plan.unit.province_id):
        return {}
    return {"indicator": "Chỉ tiêu này của tỉnh khác. Chọn chỉ tiêu dùng chung hoặc của tỉnh."}


def _share_problems(values: Mapping[str, Any]) -> dict[str, str]:
    """ "At least 90" of a share the system counts is a per cent, too."""
    indicator, number = values.get("indicator"), values.get("value")
    if indicator is None or number is None or values.get("per_unit"):
        return {}
    is_over = is_share(indicator.computed_by) and max(number, values.get("value_to") or 0) > WHOLE
    return {"value": "Tỷ lệ không được quá 100 %."} if is_over else {}


def _date_problems(plan: Plan, due_on: date | None) -> dict[str, str]:
    if due_on and due_on < plan.starts_on:
        return {"due_on": f"Hạn không được trước ngày bắt đầu kế hoạch ({plan.starts_on:%d/%m/%Y})."}
    return {}


def _unit_problems(plan: Plan, values: Mapping[str, Any]) -> dict[str, str]:
    unit = values.get("unit")
    if unit is None:
        return {}
    if values.get("per_unit"):
        return {"per_unit": "Chọn một đơn vị hoặc ghi “mỗi đơn vị”, không cả hai."}
    if plan.unit_id not in (unit.pk, unit.parent_id):
        return {"unit": "Đơn vị không thuộc địa bàn của kế hoạch."}
    if unit.valid_to and unit.valid_to < plan.starts_on:
        return {"unit": f"{unit.name} đã sáp nhập từ {unit.valid_to:%d/%m/%Y}, hãy giao cho đơn vị mới."}
    return {}


def _part_problems(plan: Plan, part_of: Target | None, target_id: int | None) -> dict[str, str]:
    if part_of is None:
        return {}
    if part_of.plan_id != plan.pk:
        return {"part_of": "Mục tiêu chung phải thuộc cùng kế hoạch."}
    if part_of.pk == target_id or part_of.part_of_id is not None:
        return {"part_of": "Chỉ chia một cấp: chọn mục tiêu chung, không chọn chính nó hoặc một phần khác."}
    if target_id is not None and Target.objects.filter(part_of=target_id).exists():
        return {"part_of": "Mục tiêu này đang có các phần của nó nên không thể là phần của mục tiêu khác."}
    return {}


# Numbers of these kinds add up; shares and ratios do not.
ADDS_UP = (Operator.AT_LEAST, Operator.MORE_THAN, Operator.AT_MOST, Operator.EXACTLY, Operator.RANGE)


def _split_problems(values: Mapping[str, Any], target_id: int | None) -> dict[str, str]:
    """A total lower than its parts; parts that fall short are only warned of."""
    if values["operator"] not in ADDS_UP or values.get("value") is None:
        return {}
    own = values["value"]
    if target_id is not None and (parts := _sum_of_parts(target_id)) > own:
        words = f"Các phần của chỉ tiêu này cộng lại {format_number(parts)}: sửa các phần trước khi giảm."
        return {"value": words}
    total = values.get("part_of")
    if total is None or total.value is None or total.operator not in ADDS_UP:
        return {}
    parts = _sum_of_parts(total.pk, but=target_id) + own
    if parts > (total.value_to or total.value):
        return {
            "value": f"Các phần cộng lại {format_number(parts)}, "
            f"cao hơn chỉ tiêu chung {format_number(total.value_to or total.value)}."
        }
    return {}


def _sum_of_parts(target_id: int, *, but: int | None = None) -> Decimal:
    parts = Target.objects.filter(part_of=target_id, operator__in=ADDS_UP).exclude(pk=but)
    return parts.aggregate(sum=Sum("value"))["sum"] or Decimal(0)


def actual_problems(target: Target, values: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with a value entered by hand for a target; empty when all is well."""
    value, as_of = values.get("value"), values.get("as_of")
    problems = {}
    if target.operator in Operator.counted and value is None:
        problems["value"] = "Nhập kết quả bằng số."
    if target.operator == Operator.QUALITATIVE and value is None and not values.get("text"):
        problems["text"] = "Ghi kết quả đạt được."
    if value is not None:
        problems |= number_problems(target, value)
    if as_of and as_of > timezone.localdate():
        problems["as_of"] = "Ngày chốt số liệu không được sau hôm nay."
    elif as_of and as_of < target.plan.starts_on and not target.plan.is_reference:
        problems["as_of"] = f"Kế hoạch bắt đầu từ {target.plan.starts_on:%d/%m/%Y}."
    elif as_of and as_of > target.plan.ends_on and not target.plan.is_reference:
        # A plan is read as of its last day at most: a later value would be kept and never shown.
        problems["as_of"] = (
            f"Kế hoạch kết thúc {target.plan.ends_on:%d/%m/%Y}: ghi số tính đến ngày đó, "
            "ngày báo cáo ghi ở nguồn."
        )
    return problems


def number_problems(target: Target, value: Decimal) -> dict[str, str]:
    """What is wrong with a reached number of a target."""
    if value < 0:
        return {"value": "Kết quả không được âm."}
    is_percent = target.operator == Operator.PERCENT or (
        is_share(target.indicator.computed_by) and not target.per_unit
    )
    if is_percent and value > WHOLE:
        return {"value": "Tỷ lệ không được quá 100 %."}
    if target.operator == Operator.RATIO and target.value_to and value > target.value_to:
        return {"value": "Tử số không được lớn hơn mẫu số."}
    return {}
