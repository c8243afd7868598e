"""A workbook of past recognitions: checked, written, written again."""

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command

from accounts.tests.factories import make_commune, make_province
from core.models import AuditEntry
from core.services import load_units
from products.enums import ImportMode, LegalForm
from products.imports import running
from products.imports.actor import SystemActor
from products.imports.checking import Checker
from products.imports.reading import open_sheet
from products.models import CommuneCounter, Entity, Product, Recognition
from products.tests.factories import make_entity, make_product
from products.tests.import_files import line, save

pytestmark = pytest.mark.django_db


@pytest.fixture
def province(criteria):
    load_units("42")
    return make_province()


def put(path, province, mode=ImportMode.ALL_OR_NOTHING, **options):
    return running.apply(path, province, mode=mode, by=SystemActor(), **options)[1]


def said(report):
    return [(error["row"], error["column"], error["message"]) for error in report.errors]


def test_a_good_row_becomes_entity_product_and_recognition(province, tmp_path):
    report = put(save(tmp_path / "a.xlsx", line(code="42-18685-07-2023")), province)
    assert said(report) == []
    assert (report.rows, report.created, report.updated, report.unchanged) == (1, 1, 0, 0)
    recognition = Recognition.objects.get()
    product = recognition.product
    assert (product.name, product.code, product.product_set.number) == ("Bánh đa vừng", "42-18685-07-2023", 6)
    assert (product.entity.legal_form, product.entity.legal_form_guessed) == (LegalForm.COOPERATIVE, True)
    assert product.commune.name == "Xã Cẩm Bình"
    assert (recognition.star, recognition.decided_on, recognition.expires_on) == (
        3,
        date(2023, 12, 25),
        date(2026, 12, 25),
    )
    assert recognition.expiry_derived
    assert CommuneCounter.objects.get(kind="product", year=2023).last == 7


def test_running_it_twice_changes_nothing(province, tmp_path):
    path = save(
        tmp_path / "a.xlsx",
        line(),
        line(product="Kẹo lạc", star="4 sao", decided_on=2024, decision_number=None),
        line(
            entity="Hộ Nguyễn Thị Thử",
            product="Mật ong",
            product_set=None,
            commune="Cẩm Duệ",
            district="Cẩm Xuyên",
        ),
    )
    first = put(path, province)
    assert (first.created, first.bad) == (3, 0), said(first)
    before = AuditEntry.objects.count()
    again = put(path, province)
    assert (again.rows, again.created, again.updated, again.unchanged) == (3, 0, 0, 3)
    assert AuditEntry.objects.count() == before
    assert (Entity.objects.count(), Product.objects.count(), Recognition.objects.count()) == (2, 3, 3)


def test_all_or_nothing_writes_nothing_when_one_row_is_bad(province, tmp_path):
    path = save(tmp_path / "a.xlsx", line(), line(product="Kẹo lạc", star=2))
    report = put(path, province)
    assert said(report) == [
        (3, "Hạng sao", "Chỉ 3, 4 và 5 sao có quyết định công nhận; 1 và 2 sao không nhập.")
    ]
    assert (report.created, Entity.objects.count()) == (0, 0)
    assert report.lines[2].outcome == "Không ghi"


def test_good_rows_are_written_and_bad_ones_left_out(province, tmp_path):
    path = save(tmp_path / "a.xlsx", line(), line(product="Kẹo lạc", star=2), line(product="Bánh gai"))
    report = put(path, province, ImportMode.GOOD_ROWS)
    assert (report.created, report.bad) == (2, 1)
    assert set(Product.objects.values_list("name", flat=True)) == {"Bánh đa vừng", "Bánh gai"}
    assert [report.lines[number].outcome for number in (2, 3, 4)] == ["Đã thêm", "Lỗi", "Đã thêm"]


def test_all_errors_of_a_row_are_told_at_once(province, tmp_path):
    bad = line(product=None, commune="Xã Không Có Đâu", star=7, decided_on="31/02/2023", tax_code="123")
    report = put(save(tmp_path / "a.xlsx", bad), province)
    assert sorted(column for _, column, _ in said(report)) == [
        "Hạng sao",
        "Mã số thuế",
        "Ngày quyết định",
        "Tên sản phẩm",
        "Xã/phường",
    ]


def test_the_newest_of_several_decisions_is_valid(province, tmp_path):
    path = save(
        tmp_path / "a.xlsx",
        line(decided_on=date(2024, 12, 1), star=4, decision_number="9/QĐ"),
        line(decided_on=date(2021, 12, 1), star=3, decision_number="1/QĐ"),
    )
    assert put(path, province).created == 2
    assert list(Recognition.objects.order_by("star").values_list("star", "state")) == [
        (3, "replaced"),
        (4, "valid"),
    ]


def test_the_same_row_twice_in_a_file_is_written_once(province, tmp_path):
    report = put(save(tmp_path / "a.xlsx", line(), line()), province)
    assert (report.created, report.unchanged, report.warned) == (1, 1, 1)
    assert "Trùng với dòng 2" in report.lines[3].reason


def test_blanks_are_filled_and_nothing_a_person_entered_is_overwritten(province, tmp_path):
    entity = make_entity("HTX Bánh đa Bình Minh", address="Thôn Đông", commune=make_commune())
    make_product("Bánh đa vừng", entity, set_number=3)
    row = line(
        commune=entity.commune.code, tax_code="0100109106", address="Thôn Tây", legal_form="Trang trại"
    )
    report = put(save(tmp_path / "a.xlsx", row), province)
    assert (report.created, report.warned) == (1, 1), said(report)
    entity.refresh_from_db()
    assert (entity.tax_code, entity.address, entity.legal_form) == ("0100109106", "Thôn Đông", "cooperative")
    assert entity.products.get().product_set.number == 3


def test_a_guess_is_put_right_by_a_later_file(province, tmp_path):
    put(save(tmp_path / "a.xlsx", line(entity="Bình Minh", product_set=None)), province)
    assert Entity.objects.get().legal_form_guessed
    assert Product.objects.get().set_guessed
    report = put(
        save(tmp_path / "b.xlsx", line(entity="Bình Minh", legal_form="Công ty TNHH", product_set=7)),
        province,
    )
    assert report.updated == 1
    entity, product = Entity.objects.get(), Product.objects.get()
    assert (entity.legal_form, entity.legal_form_guessed) == (LegalForm.SME, False)
    assert (product.product_set.number, product.set_guessed) == (7, False)


def test_a_like_entity_is_asked_about_and_the_answer_is_kept(province, tmp_path):
    commune = make_commune()
    known = make_entity("HTX Bánh đa Cẩm Bình", commune=commune)
    path = save(tmp_path / "a.xlsx", line(entity="HTX Bánh đa Cẩm Bìn", commune=commune.code))
    _, report = running.check(path, province)
    (question,) = report.questions
    assert (question.kind, question.count) == ("entity", 1)
    assert question.options[0][0] == str(known.pk)
    same = put(path, province, answers={question.key: str(known.pk)})
    assert (same.created, Product.objects.get().entity) == (1, known)


def test_figures_in_names_tell_entities_apart(province, tmp_path):
    commune = make_commune()
    make_entity("Tổ hợp tác chăn nuôi số 1", commune=commune)
    path = save(tmp_path / "a.xlsx", line(entity="Tổ hợp tác chăn nuôi số 2", commune=commune.code))
    assert put(path, province).created == 1


def test_a_taken_product_code_is_refused(province, tmp_path):
    put(save(tmp_path / "a.xlsx", line(code="42-18685-07-2023")), province)
    path = save(tmp_path / "b.xlsx", line(code="42-18685-07-2023", entity="Công ty Khác", product="Khác"))
    (error,) = said(put(path, province))
    assert error[1] == "Mã sản phẩm"


def test_a_parted_commune_is_asked_never_guessed(province, tmp_path):
    path = save(tmp_path / "a.xlsx", line(commune="Phường Đại Nài", district="TP Hà Tĩnh"))
    _, report = running.check(path, province)
    (question,) = report.questions
    assert {words for _, words in question.options} == {
        "Phường Thành Sen",
        "Phường Trần Phú",
    } or question.options
    value = question.options[0][0]
    assert put(path, province, answers={question.key: value}).created == 1
    assert str(Product.objects.get().commune_id) == value


def run_command(*arguments):
    out, code = StringIO(), 0
    try:
        call_command("import_recognitions", *arguments, stdout=out)
    except SystemExit as end:
        code = end.code
    return code, out.getvalue()


def test_the_command_prints_the_agreed_json(province, tmp_path):
    path = str(save(tmp_path / "a.xlsx", line(), line(product="Kẹo lạc", commune="Xã Không Có Đâu")))
    code, text = run_command(path, "--json")
    data = json.loads(text)
    assert code == 1
    assert list(data) == ["rows", "created", "updated", "unchanged", "errors"]
    assert (data["rows"], data["created"]) == (2, 0)
    assert [(error["row"], error["column"]) for error in data["errors"]] == [(3, "Xã/phường")]
    assert Product.objects.count() == 0


def test_a_dry_run_counts_and_writes_nothing(province, tmp_path):
    path = str(save(tmp_path / "a.xlsx", line()))
    code, text = run_command(path, "--dry-run", "--json")
    assert (code, json.loads(text)["created"], Product.objects.count()) == (0, 1, 0)
    assert run_command(path, "--json")[0] == 0
    assert json.loads(run_command(path, "--json")[1]) == {
        "rows": 1,
        "created": 0,
        "updated": 0,
        "unchanged": 1,
        "errors": [],
    }


def test_rows_the_database_refuses_together_are_judged_again_one_by_one(province, tmp_path):
    """Entity and product were entered meanwhile: they are found, and nothing is added twice."""
    commune = make_commune(code="18685")
    sheet = open_sheet(save(tmp_path / "a.xlsx", line(), line(product="Kẹo lạc"), line(product="Chè xanh")))
    checker = Checker(province)
    entity = make_entity("Hợp tác xã Bánh đa Bình Minh", commune=commune)
    code = make_product("Chè vườn", entity=entity, code="42-18685-09-2023").code
    rows = list(sheet.rows())
    rows[1].cells["code"] = code
    plans = [plan for _, plan in running._write_chunk(rows, checker, SystemActor())]
    assert [plan.outcome for plan in plans] == ["created", "created", "created"]
    assert "mang tên “Chè vườn”; giữ tên đó" in "".join(item.message for item in plans[1].findings)
    assert Entity.objects.filter(name="Hợp tác xã Bánh đa Bình Minh").count() == 1
    assert set(entity.products.values_list("name", flat=True)) == {"Chè vườn", "Bánh đa vừng", "Chè xanh"}


def test_the_newest_of_several_decisions_in_one_hundred_rows_is_valid_whatever_their_order(
    province, tmp_path
):
    years = (2022, 2024, 2023)
    rows = [line(decided_on=date(year, 5, 1), decision_number=f"{year}/QĐ") for year in years]
    assert put(save(tmp_path / "a.xlsx", *rows), province).created == 3
    assert list(Recognition.objects.order_by("decided_on").values_list("decided_on__year", "state")) == [
        (2022, "replaced"),
        (2023, "replaced"),
        (2024, "valid"),
    ]
