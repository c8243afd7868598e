"""The 26 tables are complete, and a table that does not add up is refused by file and line."""

import re
from datetime import date

import pytest

from evaluation.criteria_files import (
    DATA_FOLDER,
    CriteriaFileError,
    load_errata,
    load_file,
    load_folder,
    project_sets,
)

FIRST = (DATA_FOLDER / "01.yaml").read_text(encoding="utf-8")
TOURISM = (DATA_FOLDER / "26.yaml").read_text(encoding="utf-8")


def _problems(folder, text, name="01.yaml"):
    """Write one file and return the problems its reading raises."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CriteriaFileError) as caught:
        load_file(path)
    return caught.value.problems


def _line_of(text, fragment):
    return text[: text.index(fragment)].count("\n") + 1


def _changed(text, old, new):
    assert old in text
    return text.replace(old, new, 1)


# --- the project's own files ---------------------------------------------------------------------


def test_totals_of_decision_26():
    sets = load_folder(DATA_FOLDER)
    leaves = [leaf for data in sets for leaf in data.leaves()]
    options = [option for leaf in leaves for option in leaf.options]
    marks = [option.min_star for option in options if option.min_star]
    assert [data.code for data in sets] == [f"qd26-{number:02d}" for number in range(1, 27)]
    assert (len(sets), len(leaves), len(options)) == (26, 787, 2579)
    assert (marks.count(3), marks.count(4), marks.count(5)) == (179, 290, 106)


def test_every_set_can_reach_a_hundred_points():
    for data in project_sets().values():
        of = data.to_scoring_set()
        assert sum(leaf.max_points for leaf in of.leaves) == 100
        assert all(max(option.points for option in leaf.options) == leaf.max_points for leaf in of.leaves)


def test_special_rules_found_in_the_files():
    sets = {code: data.to_scoring_set() for code, data in project_sets().items()}
    conditional = {code for code, of in sets.items() if any(leaf.applies_if for leaf in of.leaves)}
    cased = {
        (code, leaf.code)
        for code, of in sets.items()
        for leaf in of.leaves
        if any(o.case for o in leaf.options)
    }
    assert conditional == set(sets) - {"qd26-26"}
    assert cased == {("qd26-26", "8"), ("qd26-26", "9"), ("qd26-26", "15")}
    assert [leaf.code for leaf in sets["qd26-11"].leaves if leaf.stop] == ["6.1.1"]


def test_every_field_of_a_set_is_kept():
    data = load_file(DATA_FOLDER / "01.yaml")
    assert (data.code, data.name, data.family) == ("qd26-01", "Rau, củ, quả, hạt tươi", "I Thực phẩm")
    assert (data.group, data.managing_agency) == ("Thực phẩm tươi sống", "Bộ Nông nghiệp và Môi trường")
    assert (data.legal_basis, data.appendix) == ("26/2026/QĐ-TTg", "Phụ lục II, bộ 1")
    assert (data.valid_from, data.samples_required) == (date(2026, 5, 22), 5)
    assert data.excluded_if[0] == "Giả mạo hồ sơ" and len(data.excluded_if) == 3
    assert [(s.code, s.max_points) for s in data.sections] == [("A", 40), ("B", 25), ("C", 35)]
    found = {criterion.code: criterion for _, criterion in data.walk()}
    assert [child.code for child in found["5"].children] == ["5.1", "5.2", "5.3"]
    assert found["5.2"].applies_if == ("5.1", 0)
    assert found["1.1"].requirement == ("Toàn bộ sản phẩm (100%) phải được trồng trong địa bàn cấp tỉnh",)
    assert found["2.1"].disqualifier and found["6.1"].stop and found["2.4"].guidance
    third = found["1.3"].options[2]
    assert (third.position, third.points, third.min_star, third.case) == (3, 3, 5, None)
    assert third.line == _line_of(FIRST, "- points: 3\n        label: Sơ chế, bảo quản")


def test_scoring_set_keeps_table_order_and_three_levels():
    of = project_sets()["qd26-11"].to_scoring_set()
    assert [leaf.code for leaf in of.leaves][22:27] == ["6.1.1", "6.1.2", "6.2.1", "6.2.2", "6.2.3"]
    assert of.leaf("6.2.3").section == "C"
    assert [section.max_points for section in of.sections] == [40, 25, 35]


def test_errata_are_read():
    errata = load_errata(DATA_FOLDER)
    assert len(errata) == 18
    assert (errata[0].set_code, errata[0].criterion, errata[0].kept) == ("qd26-03", "5.1", False)
    assert sum(item.kept for item in errata) == 6
    assert all(item.used or item.kept for item in errata)


# --- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "at", "named"),
    [
        ("  max: 40", "  max: 41", "  max: 41", "phần A phải có 40 điểm, không phải 41"),
        ("    max: 18", "    max: 17", "    max: 17", "tiêu chí 1 ghi 17 điểm nhưng tổng"),
        ("    max: 18", "    max: 19", "    max: 19", "tiêu chí 1 ghi 19 điểm nhưng tổng"),
        (
            "- points: 2\n        label: Hợp đồng liên kết > 75%",
            "- points: 3\n        label: Hợp đồng liên kết > 75%",
            "- points: 3\n        label: Hợp đồng liên kết > 75% sản lượng tiêu thụ, thực hiện",
            "tiêu chí 1.5, mức 4: dấu sao phải tăng dần theo điểm",
        ),
        (
            "title: Nguồn gốc sản phẩm\n      max: 3",
            "title: Nguồn gốc sản phẩm\n      max: 4",
            "max: 4\n      requirement",
            "tiêu chí 1.1: điểm tối đa 4 nhưng mức cao nhất là 3",
        ),
        ("min_star: 5", "min_star: 6", "min_star: 6", "dấu sao phải từ 3 đến 5, không phải 6"),
        ("min_star: 5", "min_star: 2", "min_star: 2", "dấu sao phải từ 3 đến 5, không phải 2"),
        ("- code: '1.2'", "- code: '1.1'", "max: 2\n      options", "mã tiêu chí 1.1 lặp lại"),
        ("- code: '1.2'", "- code: '2.2'", "max: 2\n      options", "mã 2.2 phải bắt đầu bằng mã cha 1."),
        ("- points: 1\n", "- points: -1\n", "points: -1", "phải là số nguyên không âm, không phải -1"),
        ("- points: 1\n", "- points: 1.5\n", "points: 1.5", "phải là số nguyên không âm, không phải 1.5"),
        ("- points: 1\n", "- points: true\n", "points: true", "phải là số nguyên không âm, không phải true"),
        (
            "- points: 1\n        label: Có trồng",
            "- points: 3\n        label: Có trồng",
            "- points: 2\n        label: Tỷ lệ trồng",
            "tiêu chí 1.1, mức 2: 2 điểm thấp hơn mức trước",
        ),
        ("applies_if: 5.1 > 0", "applies_if: 5.3 > 0", "max: 2\n      applies_if", "applies_if nêu 5.3"),
        ("applies_if: 5.1 > 0", "applies_if: 5 > 0", "max: 2\n      applies_if", "applies_if nêu 5,"),
        ("applies_if: 5.1 > 0", "applies_if: 5.1 >= 1", "applies_if: 5.1 >= 1", 'dạng "MÃ > SỐ"'),
        ("applies_if: 5.1 > 0", "applies_if: 5.1 > 5", "max: 2\n      applies_if", "không bao giờ quá 5"),
        ("family: I", "colour: xanh\nfamily: I", "colour", 'khóa "colour" không được dùng'),
        ("family: I Thực phẩm\n", "", "set:", 'thiếu khóa "family"'),
        ("label: Có trồng", "lable: Có trồng", "lable", 'khóa "lable" không được dùng'),
        ("name: Rau, củ, quả, hạt tươi", "name: ''", "name: ''", "tên bộ để trống"),
        ("name: Rau", "name: 'Rau '\nname: Rau", "name: Rau,", 'khóa "name" lặp lại'),
        ("name: Rau, củ", "name: Rau, cu\u0309", "name: Rau", "NFC"),
        ("valid_from: '2026-05-22'", "valid_from: 22/05/2026", "valid_from", "NĂM-THÁNG-NGÀY"),
        ("set: qd26-01", "set: QD 26", "set: QD 26", "chữ thường, số và dấu gạch nối"),
        ("- code: C\n", "- code: D\n", "set:", "phải có đúng các phần A, B, C, hiện có: A, B, D"),
    ],
)
def test_what_does_not_add_up_is_named_with_file_and_line(tmp_path, old, new, at, named):
    text = _changed(FIRST, old, new)
    problems = _problems(tmp_path, text)
    wanted = f"01.yaml:{_line_of(text, at)}: "
    assert any(one.startswith(wanted) and named in one for one in problems), problems


def test_marks_must_rise_with_points(tmp_path):
    # 2.3 prints three stars at 1 point and four at 3: swap them
    text = _changed(FIRST, "đúng quy định\n        min_star: 3", "đúng quy định\n        min_star: 5")
    (problem,) = _problems(tmp_path, text)
    assert problem.endswith("tiêu chí 2.3, mức 3: dấu sao phải tăng dần theo điểm")


def test_cases_must_be_complete(tmp_path):
    case = "      case: 'Trường hợp 1: dịch vụ du lịch của cộng đồng'\n"
    without = _problems(tmp_path, _changed(TOURISM, case, ""), "26.yaml")
    assert any("tiêu chí 8, mức 1: thiếu trường hợp" in one for one in without)
    short = _changed(
        TOURISM, "    - points: 3\n      label: Các cơ sở đủ", "    - points: 2\n      label: Các cơ sở đủ"
    )
    (problem,) = _problems(tmp_path, short, "26.yaml")
    assert "tiêu chí 8 (Trường hợp 1: dịch vụ du lịch của cộng đồng): điểm tối đa 3" in problem


def test_a_single_case_is_no_choice(tmp_path):
    text = re.sub(
        r"case: 'Trường hợp 2[^']*'", "case: 'Trường hợp 1: dịch vụ du lịch của cộng đồng'", TOURISM
    )
    assert any("từ hai trường hợp" in one for one in _problems(tmp_path, text, "26.yaml"))


def test_all_problems_are_collected_over_all_files(tmp_path):
    (tmp_path / "01.yaml").write_text(_changed(FIRST, "min_star: 5", "min_star: 9"), encoding="utf-8")
    (tmp_path / "26.yaml").write_text(_changed(TOURISM, "max: 40", "max: 35"), encoding="utf-8")
    (tmp_path / "27.yaml").write_text("set: [", encoding="utf-8")
    with pytest.raises(CriteriaFileError) as caught:
        load_folder(tmp_path)
    assert {problem.split(":")[0] for problem in caught.value.problems} == {"01.yaml", "26.yaml", "27.yaml"}
    assert str(caught.value) == "\n".join(caught.value.problems)


def test_one_set_has_one_file(tmp_path):
    (tmp_path / "01.yaml").write_text(FIRST, encoding="utf-8")
    (tmp_path / "02.yaml").write_text(FIRST, encoding="utf-8")
    with pytest.raises(CriteriaFileError) as caught:
        load_folder(tmp_path)
    assert caught.value.problems == ["02.yaml:1: mã bộ qd26-01 đã có ở 01.yaml"]


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"", "tệp trống"),
        (b"set: [1, 2\n", "YAML sai cú pháp"),
        (b"set: a\n---\nset: b\n", "YAML sai cú pháp"),
        (b"\xff\xfe", "không phải UTF-8"),
        (b"- 1\n- 2\n", "phải là các cặp khóa: giá trị"),
        (b"set: a\nsections: x\n", "phải là danh sách"),
        (b"set: a\nsections: [1]\n", "phải là các cặp khóa: giá trị"),
        (b"set: a\nsections: [{code: A, title: A, max: 40, criteria: [[]]}]\n", "cặp khóa"),
        (b"set: a\nsections: [{code: A, title: A, max: x, criteria: []}]\n", "không phải x"),
    ],
)
def test_files_that_are_no_tables_are_named_without_a_traceback(tmp_path, content, named):
    path = tmp_path / "09.yaml"
    path.write_bytes(content)
    with pytest.raises(CriteriaFileError) as caught:
        load_file(path)
    assert any(named in problem for problem in caught.value.problems)
    assert all(re.match(r"09\.yaml:\d+: \S", problem) for problem in caught.value.problems)


def test_a_criterion_is_parent_or_leaf(tmp_path):
    both = _changed(FIRST, "    max: 18\n    children:", "    max: 18\n    options: []\n    children:")
    assert any("tiêu chí 1 phải có hoặc children hoặc options" in one for one in _problems(tmp_path, both))
    deep = (
        "set: a\nsections:\n- {code: A, title: A, max: 1, criteria: [{code: '1', title: a, max: 1, children: "
        "[{code: '1.1', title: a, max: 1, children: [{code: 1.1.1, title: a, max: 1, children: "
        "[{code: 1.1.1.1, title: a, max: 1, options: [{points: 1, label: a}]}]}]}]}]}\n"
    )
    assert any("sâu quá 3 cấp" in one for one in _problems(tmp_path, deep))


def test_empty_or_missing_folder_is_a_problem(tmp_path):
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(CriteriaFileError, match="không có tệp bộ tiêu chí nào"):
            load_folder(folder)


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("- {set: a, criterion: '1', printed: x, why: y}", 'phải có "used" hoặc "kept"'),
        ("- {set: a, criterion: '1', printed: x, kept: maybe, why: y}", "kept phải là true hoặc false"),
        ("- {set: a, printed: x, used: z, why: y}", 'thiếu khóa "criterion"'),
        ("- {set: a, criterion: '1', printed: x, used: z, why: 1, 2}", 'khóa "2" không được dùng'),
    ],
)
def test_wrong_errata_are_named(tmp_path, line, named):
    (tmp_path / "errata.yaml").write_text(f"{line}\n", encoding="utf-8")
    with pytest.raises(CriteriaFileError) as caught:
        load_errata(tmp_path)
    assert any(
        problem.startswith("errata.yaml:1: ") and named in problem for problem in caught.value.problems
    )
