"""`manage.py render_report`: the file, what it prints, and one line for everything that is wrong."""

import hashlib
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from core.models import Job
from reports.management.commands.render_report import read_date
from reports.models import Paper
from reports.tests.factories import make_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan():
    return make_plan()


def run(*words):
    out, err = StringIO(), StringIO()
    call_command("render_report", *words, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def refused(*words):
    """The one line of a refusal; exit code 2."""
    with pytest.raises(CommandError) as refusal:
        run(*words)
    assert refusal.value.returncode == 2
    assert "\n" not in str(refusal.value)
    return str(refusal.value)


def test_it_lists_code_and_title_a_plan_a_line(plan):
    make_plan("tb-2020", title="Kế hoạch tỉnh Thái Bình năm 2020")
    out, _ = run("--list-plans")
    assert sorted(out.splitlines()) == [
        "ht-2026\tKế hoạch Chương trình OCOP tỉnh Hà Tĩnh năm 2026",
        "tb-2020\tKế hoạch tỉnh Thái Bình năm 2020",
    ]


@pytest.mark.parametrize("day", ["2026-10-31", "31/10/2026"])
def test_it_writes_the_file_and_prints_path_pages_and_hash(plan, tmp_path, day):
    file = tmp_path / "Báo cáo.pdf"
    out, err = run("progress", "--plan", "ht-2026", "--to", day, "--out", str(file))
    content = file.read_bytes()
    assert content.startswith(b"%PDF")
    assert out == f"{file}\t1 trang\tsha256 {hashlib.sha256(content).hexdigest()}\n"
    assert not err
    assert not Job.objects.exists() and not Paper.objects.exists()


def test_a_day_to_come_is_reported_as_of_today_with_a_note(plan, tmp_path):
    file = tmp_path / "a.pdf"
    _, err = run("progress", "--plan", "ht-2026", "--to", "2099-12-31", "--out", str(file))
    assert "31/12/2099 chưa tới" in err
    assert file.exists()


def test_wrong_input_is_refused_in_one_line(plan, tmp_path):
    file = str(tmp_path / "a.pdf")
    good = {"--plan": "ht-2026", "--to": "2026-10-31", "--out": file}

    def words(**changed):
        merged = {**good, **{f"--{name}": value for name, value in changed.items()}}
        return ["progress", *(word for pair in merged.items() if pair[1] is not None for word in pair)]

    assert "không có kế hoạch mã khong-co" in refused(*words(plan="khong-co"))
    for day in ("2026-02-30", "30-10-2026", "hôm qua", "", "31/10/26"):
        assert "ngày" in refused(*words(to=day)) or "--to" in refused(*words(to=day))
    assert "Kế hoạch bắt đầu ngày 01/01/2026" in refused(*words(to="2025-12-31"))
    assert "là thư mục" in refused(*words(out=str(tmp_path)))
    assert "không có thư mục" in refused(*words(out=str(tmp_path / "thieu" / "a.pdf")))
    assert "không ghi được" in refused(*words(out=str(tmp_path / ("a" * 300))))
    assert "thiếu tham số: --plan" in refused(*words(plan=None))
    assert "thiếu tham số: progress" in refused(*words()[1:])
    assert "sai tham số" in refused("khac", *words()[1:])


def test_days_are_read_in_two_forms():
    assert read_date("05/03/2020") == read_date(" 2020-03-05 ")
