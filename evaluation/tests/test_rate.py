"""`manage.py rate`: exact keys and strings, and one line for everything that is wrong."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from evaluation.management.commands.rate import Command
from evaluation.tests.sheets import SET_1_CHOICES, best_choices, scoring_set

ROOT = Path(__file__).resolve().parents[2]


def _sheet(choices, member="A", stopped_at=None):
    return {"member": member, "choices": choices, "stopped_at": stopped_at}


def _document(*choices, **fields):
    sheets = [_sheet(item, member) for item, member in zip(choices, "ABCDE", strict=False)]
    return {"sheets": sheets, "conclusions": {}, "excluded": None, **fields}


@pytest.fixture
def run(tmp_path, capsys):
    """Run the command as manage.py does and return (exit code, stdout, stderr)."""

    def _run(document, *arguments, set_code="qd26-01"):
        path = tmp_path / "sheets.json"
        text = document if isinstance(document, str) else json.dumps(document, ensure_ascii=False)
        path.write_text(text, encoding="utf-8")
        return _call("--set", set_code, "--input", str(path), *arguments)

    def _call(*arguments):
        try:
            Command().run_from_argv(["manage.py", "rate", *arguments])
            code = 0
        except SystemExit as stop:
            code = stop.code
        out, err = capsys.readouterr()
        return code, out, err

    _run.call = _call
    return _run


def _refused(result, *named):
    code, out, err = result
    assert code == 2
    assert out == ""
    assert err.endswith("\n") and err.count("\n") == 1, err
    for name in named:
        assert name in err
    assert "Traceback" not in err


def test_json_is_exactly_the_contract(run):
    code, out, err = run(_document(*SET_1_CHOICES), "--json")
    assert (code, err) == (0, "")
    # worked by hand in sheets.py: (73 + 70 + 71) / 3, (31 + 31 + 30) / 3, (19 + 16 + 16) / 3, 71 / 3
    assert json.loads(out) == {
        "total": "71.33",
        "sections": {"A": "30.66", "B": "17.00", "C": "23.66"},
        "star_by_score": 4,
        "star": 3,
        "recognisable": True,
        "potential_five": False,
        "excluded": False,
        "unmet": [{"criterion": "4.1", "star": 4, "needed": 3, "chosen": [4, 2, 2]}],
    }


@pytest.mark.parametrize(
    ("rule", "criteria"),
    [("majority", ["4.1"]), ("mean", ["3.5"]), ("all", ["3.5", "4.1"])],
)
def test_gate_rule(run, rule, criteria):
    _, out, _ = run(_document(*SET_1_CHOICES), "--json", "--gate-rule", rule)
    assert [item["criterion"] for item in json.loads(out)["unmet"]] == criteria


def test_gate_rule_of_conclusions_only(run):
    _, out, _ = run(_document(*SET_1_CHOICES), "--json", "--gate-rule", "conclusion")
    assert len(json.loads(out)["unmet"]) == 19


def test_conclusion_decides_and_is_shown_as_the_chosen_position(run):
    _, out, _ = run(_document(*SET_1_CHOICES, conclusions={"4.1": 2}), "--json")
    result = json.loads(out)
    assert result["unmet"] == [{"criterion": "4.1", "star": 4, "needed": 3, "chosen": [2]}]
    _, out, _ = run(_document(*SET_1_CHOICES, conclusions={"4.1": 3}), "--json")
    assert (json.loads(out)["star"], json.loads(out)["total"]) == (4, "71.33")


def test_excluded_has_no_star(run):
    _, out, _ = run(_document(*SET_1_CHOICES, excluded="Giả mạo hồ sơ"), "--json")
    result = json.loads(out)
    assert (result["star"], result["recognisable"], result["excluded"]) == (None, False, True)
    assert (result["total"], result["star_by_score"], len(result["unmet"])) == ("71.33", 4, 1)


def test_potential_five(run):
    _, out, _ = run(_document(best_choices(scoring_set(26))), "--json", set_code="qd26-26")
    result = json.loads(out)
    assert (result["total"], result["star"], result["potential_five"]) == ("100.00", 5, True)


def test_stopped_sheet_may_miss_later_choices_and_a_leaf_may_not_apply(run):
    until_61 = {code: SET_1_CHOICES[0][code] for code in list(SET_1_CHOICES[0])[:23]}
    without_story = {code: value for code, value in SET_1_CHOICES[0].items() if code != "5.2"} | {"5.1": 1}
    document = {"sheets": [_sheet(until_61, "A", "6.1"), _sheet(without_story, "B")]}
    code, out, _ = run(document, "--json")
    # 31 + 19 + 2 = 52 and 73 - 5 - 1 = 67
    assert (code, json.loads(out)["total"]) == (0, "59.50")


def test_members_are_told_apart_by_name_and_text_is_printed_for_people(run):
    code, out, _ = run(_document(*SET_1_CHOICES))
    assert code == 0
    assert "Điểm trung bình: 71,33/100" in out
    assert "4 sao: tiêu chí 4.1 Khu vực phân phối chính: cần mức 3, đã chọn 4, 2, 2" in out
    assert "Kết quả: 3 sao, đủ điều kiện công nhận" in out


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"excluded": "Giả mạo\nhồ sơ"}, "Kết quả: hồ sơ bị loại (Giả mạo hồ sơ), không xếp hạng"),
        ({"conclusions": {"4.1": 1}}, "Kết quả: 2 sao, không công nhận"),
        ({"conclusions": {"4.1": 3}}, "Điều kiện sao (xét theo quá nửa số phiếu): đạt đủ"),
    ],
)
def test_summary_says_the_outcome(run, fields, said):
    assert said in run(_document(*SET_1_CHOICES, **fields))[1]


def test_input_from_standard_input(run, monkeypatch):
    data = json.dumps(_document(*SET_1_CHOICES)).encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    code, out, _ = run.call("--set", "qd26-01", "--input", "-", "--json")
    assert (code, json.loads(out)["total"]) == (0, "71.33")


FULL = SET_1_CHOICES[0]


@pytest.mark.parametrize(
    ("document", "named"),
    [
        ({"sheets": []}, ["Không có phiếu"]),
        ({}, ['thiếu khóa "sheets"']),
        ([], ["đối tượng JSON"]),
        ({"sheets": {}}, ['"sheets"']),
        ({"sheets": [7]}, ["Phiếu thứ 1"]),
        ({"sheets": [{"choices": FULL}]}, ["Phiếu thứ 1", '"member"']),
        ({"sheets": [{"member": "A"}]}, ["Phiếu thứ 1", '"choices"']),
        ({"sheets": [_sheet(FULL, "  ")]}, ["Phiếu thứ 1", '"member"']),
        ({"sheets": [_sheet(FULL, 7)]}, ["Phiếu thứ 1", '"member"']),
        ({"sheets": [_sheet(FULL, "A\nB")]}, ["Phiếu thứ 1", '"member"']),
        ({"sheets": [_sheet([3])]}, ["Phiếu A"]),
        ({"sheets": [_sheet(FULL, stopped_at=7)]}, ["Phiếu A", '"stopped_at"']),
        ({"sheets": [_sheet(FULL, stopped_at="6")]}, ["Phiếu A", "6 không phải tiêu chí"]),
        ({"sheets": [{**_sheet(FULL), "note": ""}]}, ["Phiếu thứ 1", '"note"']),
        ({**_document(FULL), "extra": 1}, ['"extra"']),
        (_document(FULL, excluded=True), ['"excluded"']),
        (_document(FULL, excluded=" "), ["excluded"]),
        (_document(FULL, conclusions=[]), ['"conclusions"']),
        (_document(FULL, conclusions={"3.5": 4}), ["3.5", "vị trí 4"]),
        (_document(FULL, conclusions={"3": 1}), ["3 không phải tiêu chí"]),
        (_document(FULL, conclusions={"3.5": None}), ["3.5", "null"]),
        (_document({**FULL, "3.5": 4}), ["Phiếu A", "tiêu chí 3.5", "vị trí 4"]),
        (_document({**FULL, "3.5": -1}), ["tiêu chí 3.5", "vị trí -1"]),
        (_document({**FULL, "3.5": True}), ["tiêu chí 3.5", "true"]),
        (_document({**FULL, "3.5": 2.0}), ["tiêu chí 3.5", "2.0"]),
        (_document({**FULL, "3.5": "2"}), ["tiêu chí 3.5", '"2"']),
        (_document({**FULL, "3.5": None}), ["tiêu chí 3.5", "null"]),
        (_document({**FULL, "9.9": 1}), ["Phiếu A", "9.9"]),
        (_document({**FULL, "5": 1}), ["Phiếu A", "5 không phải tiêu chí"]),
        (_document({**FULL, "\u0007\n": 1}), ["Phiếu A"]),
        (_document({code: value for code, value in FULL.items() if code != "3.5"}), ["Phiếu A", "3.5"]),
        ({"sheets": [_sheet(FULL, "Bà An"), _sheet(FULL, " Bà An ")]}, ["Bà An", "hai phiếu"]),
        ({"sheets": [_sheet(FULL, "Bà"), _sheet(FULL, "Ba\u0300")]}, ["Bà", "hai phiếu"]),
    ],
)
def test_wrong_document_is_named_in_one_line(run, document, named):
    _refused(run(document), *named)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "dòng 1"),
        ("{", "sheets.json: JSON sai cú pháp ở dòng 1"),
        ('{"sheets": [],}', "dòng 1"),
        ('{"sheets": [], "sheets": []}', '"sheets" lặp lại'),
        ('{"sheets": [{"member": "A", "choices": {"1.1": 1, "1.1": 2}}]}', '"1.1" lặp lại'),
        ('{"sheets": [{"member": "A", "choices": {"1.1": NaN}}]}', "NaN"),
        ('{"sheets": [{"member": "A", "choices": {"1.1": ' + "9" * 5000 + "}}]}", "số quá dài"),
        ('{"sheets": [{"member": "A", "choices": {"1.1": 99999999999999999999}}]}', "1.1"),
        ('{"sheets": [{"member": "\\ud800", "choices": {}}]}', "Phiếu thứ 1"),
        ("[" * 100_000, "quá sâu"),
    ],
)
def test_malformed_json_is_named_in_one_line(run, text, named):
    _refused(run(text), named)


def test_wrong_set_file_and_arguments_are_named_in_one_line(run, tmp_path):
    _refused(run(_document(FULL), set_code="qd26-99"), "qd26-99")
    _refused(run(_document(FULL), set_code="a\nb"), "a b")
    _refused(run(_document(FULL), "--gate-rule", "half"), "half")
    _refused(run(_document(FULL), "--speed"), "--speed")
    _refused(run.call("--set", "qd26-01"), "--input")
    _refused(run.call("--set", "qd26-01", "--input", str(tmp_path / "none.json")), "none.json")
    _refused(run.call("--set", "qd26-01", "--input", str(tmp_path)), tmp_path.name)
    (tmp_path / "latin.json").write_bytes(b"\xff")
    _refused(run.call("--set", "qd26-01", "--input", str(tmp_path / "latin.json")), "latin.json", "UTF-8")


def test_byte_order_mark_of_a_windows_editor_is_welcome(run):
    assert run("\ufeff" + json.dumps(_document(*SET_1_CHOICES)))[0] == 0


def test_from_the_project_folder_without_any_server(tmp_path):
    """The command as a person types it, with a database address where nothing listens."""
    path = tmp_path / "phiếu đánh giá.json"
    path.write_text(json.dumps(_document(*SET_1_CHOICES)), encoding="utf-8")
    command = [sys.executable, "manage.py", "rate", "--set", "qd26-01", "--input", str(path)]
    nowhere = {"DATABASE_URL": "postgres://u:p@127.0.0.1:9/none", "REDIS_URL": "redis://127.0.0.1:9/0"}
    environment = {
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "OCOP_VAR_DIR": str(tmp_path / "var"),
        **nowhere,
    }
    done = subprocess.run(
        [*command, "--json"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["total"] == "71.33"
    path.write_text("{", encoding="utf-8")
    wrong = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert (wrong.returncode, wrong.stdout, wrong.stderr.count("\n")) == (2, "", 1)
