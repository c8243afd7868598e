"""The plan files: every figure, date and document of the real plans, loaded once however often."""

from datetime import date
from decimal import Decimal

import pytest

from accounts.tests.factories import make_province
from core.exceptions import DomainError
from core.models import AdminUnit
from training import plan_files, queries, services
from training.enums import TargetStatus as Status
from training.models import Actual, Indicator, Plan, Target, Task

pytestmark = pytest.mark.django_db


def load(code: str) -> Plan:
    make_province()
    return services.load_plan_file(plan_files.FOLDER / f"{code}.yaml", by=None)


def lines(plan):
    return {line.label: line for line in queries.plan_progress(plan).targets}


def planned(plan):
    return [(line.label, line.scope_text, line.planned_text) for line in queries.plan_progress(plan).targets]


def test_thai_binh_2020():
    plan = load("tb-2020")
    trained = "Cán bộ quản lý OCOP và lãnh đạo doanh nghiệp, hợp tác xã tham gia OCOP được tập huấn"
    assert planned(plan) == [
        (trained, "Toàn tỉnh", "100 %"),
        ("Sản phẩm chủ lực được nâng cấp, có thương hiệu và thị trường", "Toàn tỉnh", "15-20"),
        ("Sản phẩm chủ lực được nâng cấp, có thương hiệu và thị trường", "mỗi huyện, thành phố", "2-3"),
        ("Sản phẩm phát triển mới", "Toàn tỉnh", "≥ 8"),
        ("Sản phẩm phát triển mới", "mỗi huyện, thành phố", "1-2"),
        ("Tổ chức kinh tế hiện có được củng cố, nâng cấp", "Toàn tỉnh", "≥ 15"),
        ("Tổ chức kinh tế mới tham gia OCOP", "Toàn tỉnh", "≥ 1"),
        ("Huyện, thành phố tổ chức xong lớp tập huấn và báo cáo UBND tỉnh", "Toàn tỉnh", "trước 15/7/2020"),
    ]
    assert plan.tasks.get(lead_unit="Văn phòng Điều phối nông thôn mới tỉnh").due_on == date(2020, 6, 30)
    assert plan.tasks.filter(lead_unit="UBND các huyện, thành phố").first().due_on == date(2020, 7, 15)
    assert plan.legal_bases.filter(number="2904/QĐ-UBND", issued_on=date(2019, 10, 16)).exists()
    assert plan.legal_bases.filter(kind="Hội nghị", issued_on=date(2020, 6, 16)).exists()


def test_thai_binh_says_that_eight_districts_do_not_add_up():
    # 8 districts x 2-3 = 16-24, more than 15; 8 x 1-2 = 8-16 holds the 8.
    (warning,) = queries.plan_progress(load("tb-2020")).warnings
    assert "mỗi huyện, thành phố 2-3, 8 đơn vị cộng lại 16-24, chỉ tiêu chung 15-20" in warning


def test_ha_tinh_2019():
    plan = load("ht-2019")
    assert planned(plan) == [
        ("Sản phẩm, dịch vụ tham gia Chương trình", "Toàn tỉnh", "≥ 60"),
        ("Sản phẩm, dịch vụ đạt chuẩn OCOP", "Toàn tỉnh", "≥ 25"),
        ("Trong đó hoàn thiện, chuẩn hóa sản phẩm đã có", "Toàn tỉnh", "≥ 20"),
        ("Trong đó phát triển mới", "Toàn tỉnh", "≥ 5"),
        ("Sản phẩm được xếp hạng từ 3 sao trở lên", "Toàn tỉnh", "≥ 10"),
        ("Tổ chức kinh tế hiện có được củng cố, nâng cấp", "Toàn tỉnh", "≥ 30"),
        ("Tổ chức kinh tế mới tham gia OCOP", "Toàn tỉnh", "≥ 10"),
        ("Mô hình điểm", "Toàn tỉnh", "Xây dựng mô hình điểm"),
    ]
    progress = queries.plan_progress(plan)
    assert progress.warnings == ()  # 20 + 5 = 25
    assert {line.status for line in progress.targets} == {Status.NO_DATA}
    decision, conference = plan.legal_bases.all()
    assert (decision.number, decision.issued_on) == ("3292/QĐ-UBND", date(2018, 11, 1))
    assert conference.issued_on == date(2019, 2, 28)
    assert "13 hoạt động chính" in plan.objectives
    assert plan.tasks.count() == 13


def test_binh_thuan_2020():
    plan = load("bt-2020")
    decision, document = plan.legal_bases.all()
    assert (decision.issuer, decision.issued_on) == ("Chủ tịch UBND tỉnh Bình Thuận", date(2019, 6, 17))
    assert (document.number, document.issued_on) == ("3100/KH-UBND", date(2019, 8, 21))
    (held,) = queries.plan_progress(plan).classes
    assert (held.starts_on, held.ends_on) == (date(2020, 6, 18), date(2020, 6, 19))
    assert lines(plan)["Tập huấn cán bộ cấp tỉnh"].status == Status.DONE
    assert plan.targets.filter(operator="text").count() == 3  # the three goals of the project


def test_national_review_2018_2020():
    plan = load("qg-2018-2020")
    found = [
        (line.planned_text, line.actual_text, line.status) for line in queries.plan_progress(plan).targets
    ]
    assert found == [
        ("48", "48", Status.DONE),
        ("> 2.160", "trên 2.160 sản phẩm", Status.NO_DATA),
        ("100 %", "90,4 %", Status.OVERDUE),
        ("2.389-2.400", "2.160", Status.OVERDUE),
        ("22/25", "22/25", Status.DONE),
        ("55,74 %", "55,74 %", Status.DONE),
        ("4/5", "4/5", Status.DONE),
        ("103/143", "103/143", Status.DONE),
    ]
    top = lines(plan)["Tỉnh miền Bắc trong 5 tỉnh dẫn đầu cả nước"]
    assert top.note == "Hà Nội 301, Quảng Ninh 191, Hà Giang 120, Bắc Kạn 105"
    thai_nguyen = Target.objects.get(plan=plan, value_to=143)
    assert [actual.value for actual in thai_nguyen.actuals.all()] == [Decimal(103), Decimal(40)]


def test_a_plan_that_is_over_is_no_longer_forecast():
    assert {line.forecast for line in queries.plan_progress(load("qg-2018-2020")).targets} == {None}


def test_demonstration_plan_says_that_it_is_made_up():
    plan = load("ht-2026")
    assert "số liệu minh họa" in plan.title
    assert queries.plan_progress(plan, as_of=date(2026, 11, 21)).warnings == ()
    assert lines(plan)["Hội chợ, tuần hàng quảng bá sản phẩm OCOP"].actual == 2
    assert all(target.source == "Số liệu minh họa" for target in plan.targets.all())


def test_former_provinces_are_closed_units_that_lead_to_the_new_ones():
    hung_yen = make_province("33", "Tỉnh Hưng Yên")
    unit = load("tb-2020").unit
    assert (unit.name, unit.code, unit.valid_to) == ("Tỉnh Thái Bình", "34", date(2025, 6, 30))
    assert unit.merged_into == hung_yen
    assert not AdminUnit.objects.current().filter(pk=unit.pk).exists()
    assert load("bt-2020").unit.merged_into is None  # Lâm Đồng is not loaded
    lam_dong = make_province("68", "Tỉnh Lâm Đồng")
    assert load("bt-2020").unit.merged_into == lam_dong


def test_loading_again_changes_and_adds_nothing():
    def state():
        return [
            list(model.objects.order_by("pk").values())
            for model in (Plan, Target, Actual, Task, Indicator, AdminUnit)
        ]

    for path in plan_files.all_files():
        make_province()
        services.load_plan_file(path, by=None)
    before = state()
    for path in plan_files.all_files():
        services.load_plan_file(path, by=None)
    assert state() == before
    assert Plan.objects.count() == 5


def test_missing_province_is_said():
    with pytest.raises(DomainError, match="Chưa nạp đơn vị hành chính của tỉnh mã 42"):
        services.load_plan_file(plan_files.FOLDER / "ht-2019.yaml", by=None)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("plan: [", "không đọc được"),
        ("plan: {}\nunits: {}", "cần các mục"),
        ("plan: {code: x, colour: red}\nunit: {code: '42'}", "không có cột colour"),
        ("plan: {starts_on: hôm nay}\nunit: {code: '42'}", "plan.starts_on: “hôm nay” không đúng kiểu"),
        ("plan: {level: tháng}\nunit: {code: '42'}", "không phải một trong"),
        (
            "plan: {}\nunit: {}\ntargets: [{key: a, part_of: b, indicator: {code: c}}]",
            "part_of phải là key của một mục đứng trước",
        ),
        ("plan: {}\nunit: {}\ntargets: [{key: a, value: nhiều, indicator: {code: c}}]", "không phải là số"),
    ],
)
def test_wrong_file_names_the_place(tmp_path, text, message):
    path = tmp_path / "sai.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DomainError, match="sai.yaml.*") as error:
        plan_files.read(path)
    assert message in error.value.message
