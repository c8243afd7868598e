"""The words and figures of the progress report, compared with figures worked by hand."""

from datetime import date
from pathlib import Path

import pytest

from accounts.tests.factories import make_commune, make_province, make_user
from core.services import load_units
from reports import services
from reports.builders import progress
from reports.document import as_data
from reports.tests.factories import add_target, full_plan, make_plan, make_product, recognise
from training.enums import Operator
from training.models import Task
from training.services import load_plan_file
from training.tests.factories import make_person

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 21)
QUERIES = 14
PLANS = Path(__file__).resolve().parents[2] / "training" / "data" / "plans"


def report(plan, period_to=date(2026, 10, 31)):
    return as_data(progress.build(plan, period_to=period_to, today=TODAY))


def texts(data):
    """All sentences of the sections, in order."""
    found = []
    for section in data["sections"]:
        found.append(section["title"])
        for block in section["blocks"]:
            found += [block["text"]] if "text" in block else []
            found += [f"{mark} {text}" for mark, text in block.get("items", [])]
    return found


def table(data, start):
    blocks = [block for part in (*data["sections"], *data["annexes"]) for block in part["blocks"]]
    return next(block for block in blocks if block["kind"] == "table" and block["caption"].startswith(start))


def cells(block):
    return [row["cells"] for row in block["rows"]]


def test_the_letterhead_of_a_province_in_2026():
    data = report(full_plan())
    assert data["head"]["governing_body"] == ["ỦY BAN NHÂN DÂN", "TỈNH HÀ TĨNH"]
    assert data["head"]["issuing_body"] == ["SỞ NÔNG NGHIỆP", "VÀ MÔI TRƯỜNG"]
    assert data["head"]["number"].split() == ["Số:", "/BC-SNNMT"]
    assert data["head"]["place_date"] == "Hà Tĩnh, ngày 31 tháng 10 năm 2026"
    assert data["addressee"] == "Ủy ban nhân dân tỉnh Hà Tĩnh"
    assert data["recipients"][-1] == "Lưu: VT, PTNT."
    assert data["closing"].endswith("xem xét, chỉ đạo./.")


def test_legal_bases_end_with_semicolons_and_the_last_with_a_full_stop():
    assert report(full_plan())["legal_bases"] == [
        "Căn cứ Quyết định số 26/2026/QĐ-TTg ngày 22 tháng 5 năm 2026 của Thủ tướng Chính phủ "
        "ban hành Bộ tiêu chí và quy trình đánh giá, phân hạng sản phẩm OCOP;",
        "Căn cứ Kế hoạch số 12/KH-UBND ngày 05 tháng 02 năm 2026 của Ủy ban nhân dân tỉnh Hà Tĩnh "
        "thực hiện Chương trình OCOP năm 2026.",
    ]


def test_a_statute_is_cited_by_its_name_alone():
    plan = make_plan()
    plan.legal_bases.create(
        kind="Luật",
        number="72/2025/QH15",
        issuer="Quốc hội",
        issued_on=date(2025, 6, 16),
        subject="Tổ chức chính quyền địa phương",
    )
    expected = "Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025."
    assert report(plan)["legal_bases"] == [expected]


def test_the_sentences_say_what_was_reached_and_compare_it():
    told = texts(report(full_plan()))
    # Reached: 40/40 and 32/30. At risk (at least 0,75 x 83,3 = 62,5): 8/10 and 65,22/100. Behind: 3/25.
    assert told[:5] == [
        "I. TÌNH HÌNH CHUNG",
        "Kế hoạch thực hiện từ ngày 01/01/2026 đến ngày 31/12/2026. Đến hết ngày 31/10/2026 đã qua 83,3% "
        "thời gian thực hiện.",
        "Trong 6 chỉ tiêu được giao có 2 chỉ tiêu đã đạt (33,3%), 2 chỉ tiêu có nguy cơ không đạt (33,3%), "
        "1 chỉ tiêu chậm so với thời gian đã qua (16,7%) và 1 chỉ tiêu chưa có số liệu (16,7%).",
        "Trong 2 nhiệm vụ được giao có 1 nhiệm vụ đã xong và 1 nhiệm vụ chưa xong, trong đó 1 nhiệm vụ "
        "quá hạn.",
        "II. KẾT QUẢ THỰC HIỆN CHỈ TIÊU",
    ]
    # 3/25 = 12 %, 83,3 - 12,0 = 71,3; 3 x 365/304 = 3,6, cut to 3. 8/10 = 80 %, 8 x 365/304 = 9,6.
    assert (
        "a) Sản phẩm được công nhận từ 3 sao trở lên: 3 sản phẩm, kế hoạch ít nhất 25 "
        "sản phẩm, bằng 12% kế hoạch, "
        "thấp hơn 71,3 điểm phần trăm so với thời gian đã qua; nếu giữ nhịp độ này thì hết kỳ đạt 3 sản phẩm."
    ) in told
    assert (
        "- Tổ chức thành lập mới: 8 tổ chức, kế hoạch ít nhất 10 tổ chức, bằng 80% kế "
        "hoạch, thấp hơn 3,3 điểm "
        "phần trăm so với thời gian đã qua; nếu giữ nhịp độ này thì hết kỳ đạt 9 tổ chức."
    ) in told
    assert "- Tổ chức được củng cố: 32 tổ chức, kế hoạch ít nhất 30 tổ chức, bằng 106,7% kế hoạch." in told
    assert (
        "c) Cán bộ quản lý OCOP được tập huấn: 65,22%, kế hoạch 100%; nếu giữ nhịp độ này thì hết kỳ đạt 78%."
        in told
    )


def test_dossiers_and_recognitions_of_the_period_are_counted():
    told = texts(report(full_plan()))
    assert (
        "Từ ngày 01/01/2026 đến hết ngày 31/10/2026 có 4 sản phẩm của 4 chủ thể tại 2 "
        "xã, phường nộp hồ sơ đánh giá, "
        "phân hạng."
    ) in told
    assert (
        "Trong kỳ có 3 sản phẩm được công nhận từ 3 sao trở lên, gồm 2 sản phẩm 3 sao và "
        "1 sản phẩm 4 sao; danh mục "
        "tại Phụ lục II, số liệu theo xã, phường tại Phụ lục III kèm theo. Đến hết ngày "
        "31/10/2026 có 3 sản phẩm OCOP "
        "còn hiệu lực công nhận, gồm 2 sản phẩm 3 sao và 1 sản phẩm 4 sao."
    ) in told


def test_before_the_decision_nothing_is_recognised():
    told = texts(report(full_plan(), period_to=date(2026, 8, 31)))
    assert (
        "Trong kỳ chưa có sản phẩm được công nhận; số liệu theo xã, phường tại Phụ lục II kèm theo. "
        "Đến hết ngày 31/08/2026 có 0 sản phẩm OCOP còn hiệu lực công nhận."
    ) in told


def test_every_annex_has_rows_and_is_named_in_the_main_text():
    plan = full_plan()
    for day, names in (
        (date(2026, 3, 5), ["Phụ lục"]),
        (date(2026, 8, 31), ["Phụ lục I", "Phụ lục II"]),
        (date(2026, 10, 31), ["Phụ lục I", "Phụ lục II", "Phụ lục III", "Phụ lục IV"]),
    ):
        data = report(plan, period_to=day)
        assert [annex["number"] for annex in data["annexes"]] == names
        assert all(annex["blocks"][0]["rows"] for annex in data["annexes"])
        told = " ".join(texts(data))
        assert all(f"{name} kèm theo" in told or f"{name}, số liệu" in told for name in names)


def test_tables_and_charts_are_counted_without_gaps():
    plan = full_plan()
    for day, expected in (
        (date(2026, 3, 5), ["Bảng 1", "Biểu đồ 1", "Bảng 2"]),
        (date(2026, 10, 31), ["Bảng 1", "Biểu đồ 1", "Bảng 2", "Biểu đồ 2", "Bảng 3", "Bảng 4"]),
    ):
        blocks = [block for section in report(plan, period_to=day)["sections"] for block in section["blocks"]]
        captions = [block["caption"].split(".")[0] for block in blocks if "caption" in block]
        assert captions == expected


def test_a_report_rests_only_on_documents_issued_by_its_day():
    plan = full_plan()
    plan.legal_bases.create(
        position=3,
        kind="Hội nghị trực tuyến",
        issued_on=date(2026, 2, 20),
        issuer="UBND tỉnh Hà Tĩnh",
        subject="Triển khai Kế hoạch",
    )
    assert report(plan, period_to=date(2026, 3, 5))["legal_bases"] == [
        "Căn cứ Kế hoạch số 12/KH-UBND ngày 05 tháng 02 năm 2026 của Ủy ban nhân dân tỉnh Hà Tĩnh "
        "thực hiện Chương trình OCOP năm 2026."
    ]


def test_the_issuer_of_a_legal_basis_is_written_in_full():
    plan = make_plan()
    plan.legal_bases.create(
        kind="Quyết định",
        number="3292/QĐ-UBND",
        issued_on=date(2018, 11, 1),
        issuer="Chủ tịch UBND tỉnh Hà Tĩnh",
        subject="Phê duyệt Đề án",
    )
    assert report(plan)["legal_bases"] == [
        "Căn cứ Quyết định số 3292/QĐ-UBND ngày 01 tháng 11 năm 2018 "
        "của Chủ tịch Ủy ban nhân dân tỉnh Hà Tĩnh phê duyệt Đề án."
    ]


def test_a_single_result_has_no_letter():
    plan = make_plan()
    add_target(plan, "Lớp tập huấn", "4", actual="4", unit_name="lớp")
    add_target(plan, "Mô hình điểm", None, operator=Operator.QUALITATIVE, text="Xây dựng mô hình điểm")
    told = texts(report(plan))
    assert "Lớp tập huấn: 4 lớp, kế hoạch ít nhất 4 lớp, bằng 100% kế hoạch." in told
    assert not any(text.startswith("a) Lớp tập huấn") for text in told)


def test_the_table_by_group_adds_up():
    assert cells(table(report(full_plan()), "Bảng 2")) == [
        ["I. Thực phẩm"],
        ["Thực phẩm chế biến", "3", "1", "1", "0", "2"],
        ["III. Dược liệu và sản phẩm từ dược liệu"],
        ["Tinh dầu và dược liệu khác", "1", "1", "0", "0", "1"],
        ["Tổng cộng", "4", "2", "1", "0", "3"],
    ]


def test_the_annexes_are_numbered_and_list_every_product_by_commune():
    first, second, third, fourth = report(full_plan())["annexes"]
    numbers = [annex["number"] for annex in (first, second, third, fourth)]
    assert numbers == ["Phụ lục I", "Phụ lục II", "Phụ lục III", "Phụ lục IV"]
    assert [row[:2] for row in cells(second["blocks"][0])] == [
        ["Xã Cẩm Bình"],
        ["1", "Bánh đa vừng"],
        ["Xã Thiên Lộc"],
        ["2", "Mật ong rừng"],
        ["3", "Tinh dầu tràm"],
    ]
    assert cells(third["blocks"][0]) == [
        ["1", "Xã Thiên Lộc", "2", "1", "1", "0", "2"],
        ["2", "Xã Cẩm Bình", "2", "1", "0", "0", "1"],
        ["", "Tổng cộng", "4", "2", "1", "0", "3"],
    ]
    assert cells(fourth["blocks"][0]) == [
        ["1", "Xã Thiên Lộc", "1", "1", "0", "2"],
        ["2", "Xã Cẩm Bình", "1", "0", "0", "1"],
    ]


def test_the_report_holds_what_the_dashboard_shows_of_stars_training_and_money():
    plan = full_plan()
    plan.budget_lines.create(purpose="Tập huấn", planned=60_000_000, spent=45_000_000, spent_on=TODAY)
    plan.budget_lines.create(purpose="Xúc tiến", planned=40_000_000)
    held = plan.classes.get()
    persons = [make_person(f"Người {number}", listed_on=date(2026, 1, 1)) for number in range(4)]
    held.enrolments.create(person=persons[0], attended=True, present_halves=2)
    soon = make_product("Cam Khe Mây")
    recognise(soon, 4, date(2024, 1, 15))
    data = report(plan, period_to=TODAY)
    told = texts(data)
    assert cells(table(data, "Bảng 3. Sản phẩm còn hiệu lực"))[-1] == ["Tổng cộng", "2", "2", "0", "4"]
    assert "Trong 12 tháng tới có 1 giấy chứng nhận hết hạn: tháng 01/2027 1 giấy." in told
    assert "Trong 4 người thuộc diện phải tập huấn, 1 người đã dự đủ ít nhất một lớp (25%)." in told
    assert "Đến hết ngày 21/11/2026 đã chi 45.000.000 đồng trên 100.000.000 đồng, bằng 45% dự toán." in told
    assert cells(table(data, "Bảng 5. Kinh phí"))[-1][3:] == ["100.000.000", "45.000.000"]


def test_the_target_annex_names_source_and_day_of_every_value():
    rows = cells(report(full_plan())["annexes"][0]["blocks"][0])
    assert [row[0] for row in rows] == ["1", "2", "2.1", "2.2", "3", "4"]
    assert rows[0][4:] == ["≥ 25", "31/12/2026", "3", "12%", "3", "Chậm", "Hệ thống, 31/10/2026"]
    assert rows[3][-1] == "Báo cáo của các xã, 31/10/2026"
    assert rows[5][6] == "chưa có số liệu"


def test_what_many_communes_were_given_stands_in_an_annex_and_not_among_the_plans_figures():
    plan = full_plan()
    before = report(plan)
    target = plan.targets.filter(unit=None, per_unit="", operator=Operator.AT_LEAST, part_of=None).first()
    for number in (7, 6, 5, 4, 3, 2, 1):
        commune = make_commune(f"Xã Thứ {number}", f"1910{number}")
        plan.targets.create(indicator=target.indicator, unit=commune, operator="ge", value=1, position=99)
    data = report(plan)
    assert cells(table(data, "Bảng 1")) == cells(table(before, "Bảng 1"))
    names = [annex["number"] for annex in data["annexes"]]
    given = data["annexes"][1]
    assert given["title"] == "CHỈ TIÊU GIAO CHO XÃ, PHƯỜNG"
    group, *lines = cells(given["blocks"][0])
    assert group[0].startswith(target.indicator.name)
    assert [line[1] for line in lines] == [f"Xã Thứ {number}" for number in range(1, 8)]
    sentence = "Đã giao 7 chỉ tiêu cho 7 xã, phường, trong đó 0 chỉ tiêu đạt"
    assert f"{sentence} (chi tiết tại {names[1]} kèm theo)." in texts(data)


def test_what_is_late_and_what_is_still_owed_is_named():
    told = texts(report(full_plan()))
    assert (
        "b) 2 chỉ tiêu có nguy cơ không đạt: tổ chức thành lập mới; cán bộ quản lý OCOP được tập huấn."
        in told
    )
    assert (
        "d) Nhiệm vụ quá hạn: tổ chức lớp tập huấn cấp xã và báo cáo kết quả (UBND các "
        "xã, phường, hạn 15/07/2026)."
    ) in told
    # 25 - 3 = 22; 10 - 8 = 2; 100 - 65,22 = 34,78.
    assert (
        "a) Tiếp tục thực hiện 3 chỉ tiêu chưa đạt: sản phẩm được công nhận từ 3 sao trở "
        "lên (còn thiếu 22 sản phẩm); "
        "tổ chức thành lập mới (còn thiếu 2 tổ chức); cán bộ quản lý OCOP được tập huấn "
        "(còn thiếu 34,78 điểm phần "
        "trăm)."
    ) in told


def test_an_ended_plan_has_results_and_nothing_still_to_do():
    plan = make_plan(
        "ht-2025", starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31), title="Kế hoạch năm 2025"
    )
    add_target(plan, "Sản phẩm mới", "5")
    data = report(plan, period_to=date(2025, 12, 31))
    assert data["subject"] == "Kết quả thực hiện Kế hoạch năm 2025, số liệu đến ngày 31/12/2025"
    assert (
        "Kế hoạch thực hiện từ ngày 01/01/2025 đến ngày 31/12/2025; thời gian thực hiện đã kết thúc."
        in texts(data)
    )
    assert not any("THỜI GIAN TỚI" in text for text in texts(data))


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (0, None),
        (1, "tăng 2 sản phẩm so với cùng kỳ năm trước (1 sản phẩm)"),
        (3, "bằng cùng kỳ năm trước (3 sản phẩm)"),
        (4, "giảm 1 sản phẩm so với cùng kỳ năm trước (4 sản phẩm)"),
    ],
)
def test_a_counted_target_is_compared_with_the_same_days_of_last_year(before, words):
    plan = full_plan()
    recognise(make_product("Ngoài kỳ"), 3, date(2025, 11, 1))  # after the 31st of October
    for number in range(before):
        recognise(make_product(f"Năm trước {number}"), 3, date(2025, 10, 31))
    told = next(text for text in texts(report(plan)) if "được công nhận từ 3 sao" in text)
    assert words in told if words else "cùng kỳ" not in told


def test_an_empty_plan_is_reported_without_invented_sections():
    data = report(make_plan())
    assert [section["title"] for section in data["sections"]] == [
        "I. TÌNH HÌNH CHUNG",
        "II. KẾT QUẢ THỰC HIỆN CHỈ TIÊU",
    ]
    assert "Kế hoạch chưa giao chỉ tiêu." in texts(data)
    assert data["annexes"] == []


def test_a_day_to_come_is_reported_as_of_today():
    data = report(make_plan(), period_to=date(2026, 12, 31))
    assert data["head"]["place_date"] == "Hà Tĩnh, ngày 21 tháng 11 năm 2026"
    assert "số liệu đến ngày 21/11/2026" in data["subject"]


def test_a_commune_reports_as_peoples_committee():
    commune = make_commune(province=make_province())
    data = report(make_plan("cam-binh-2026", unit=commune, title="Kế hoạch OCOP xã Cẩm Bình năm 2026"))
    assert data["head"]["governing_body"] == []
    assert data["head"]["issuing_body"] == ["ỦY BAN NHÂN DÂN", "XÃ CẨM BÌNH"]
    assert data["head"]["place_date"].startswith("Cẩm Bình, ngày")
    assert data["addressee"] == "Ủy ban nhân dân tỉnh Hà Tĩnh"
    assert data["signer_position"] == ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"]


def test_thai_binh_2020_is_reported_under_its_own_department_of_that_time():
    load_units("42")
    plan = load_plan_file(PLANS / "tb-2020.yaml", by=make_user("nguoi-nap"))
    data = report(plan, period_to=date(2020, 7, 5))
    assert data["head"]["governing_body"] == ["ỦY BAN NHÂN DÂN", "TỈNH THÁI BÌNH"]
    assert data["head"]["issuing_body"] == ["SỞ NÔNG NGHIỆP VÀ", "PHÁT TRIỂN NÔNG THÔN"]
    assert data["head"]["place_date"] == "Thái Bình, ngày 05 tháng 7 năm 2020"
    assert {row[4] for row in cells(table(data, "Bảng 1"))} == {"chưa có số liệu"}
    assert {"15-20", "≥ 8", "≥ 15", "≥ 1"} <= {row[3] for row in cells(table(data, "Bảng 1"))}
    # A single annex has no Roman number.
    assert [annex["number"] for annex in data["annexes"]] == ["Phụ lục"]


def test_user_text_reaches_the_paper_escaped():
    plan = make_plan(title="Kế hoạch <script>alert(1)</script> & <img src=http://127.0.0.1/x> năm 2026")
    Task.objects.create(plan=plan, title="<b>Việc</b>", lead_unit="A & B", due_on=date(2026, 12, 1))
    from reports import html

    main = html.parts(services.collect(plan, date(2026, 10, 31)))[0]
    assert "<script>" not in main and "<img" not in main and "<b>" not in main
    assert "&lt;b&gt;Việc&lt;/b&gt;" in main


def test_the_queries_do_not_grow_with_the_rows(django_assert_num_queries):
    plan = full_plan()
    with django_assert_num_queries(QUERIES):
        progress.build(plan, period_to=date(2026, 10, 31), today=TODAY)
    for number in range(3):
        add_target(plan, f"Chỉ tiêu {number}", "5", actual="2")
        recognise(make_product(f"Sản phẩm {number}"), 3, date(2026, 9, 1))
        Task.objects.create(plan=plan, title=f"Việc {number}", lead_unit="Sở", position=number)
    with django_assert_num_queries(QUERIES):
        progress.build(plan, period_to=date(2026, 10, 31), today=TODAY)
