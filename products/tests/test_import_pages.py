"""The import pages: upload, check, answer, write; who may, and what two people at once are told."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from accounts.enums import Role
from accounts.tests.factories import make_province, make_user
from core.exceptions import ConflictError
from core.services import load_units
from products import services
from products.models import Import, Product
from products.tests.factories import provincial_officer
from products.tests.import_files import line, save

pytestmark = pytest.mark.django_db

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def officer(criteria):
    load_units("42")
    return provincial_officer()


@pytest.fixture
def web(client, officer):
    client.force_login(officer)
    return client


@pytest.fixture
def send(web, tmp_path, django_capture_on_commit_callbacks):
    """Upload a workbook with these lines; its check has run. Gives the import."""

    def upload(*lines, content=None, name="danh-sach.xlsx"):
        content = content or save(tmp_path / "up.xlsx", *lines).read_bytes()
        file = SimpleUploadedFile(name, content, content_type=XLSX)
        with django_capture_on_commit_callbacks(execute=True):
            answer = web.post(reverse("products:import_upload"), {"file": file, "unit": make_province().pk})
        if answer.status_code != 302:
            return answer
        return Import.objects.get(pk=answer.url.split("/")[-2])

    return upload


@pytest.fixture
def act(web, django_capture_on_commit_callbacks):
    """Press a button of the import's page; the job behind it has run."""

    def press(imported, name, **data):
        with django_capture_on_commit_callbacks(execute=True):
            answer = web.post(reverse(f"products:import_{name}", args=[imported.pk]), data, follow=True)
        imported.refresh_from_db()
        return answer.content.decode()

    return press


def page(web, imported):
    return web.get(reverse("products:import", args=[imported.pk])).content.decode()


def test_errors_are_shown_beside_their_cells_and_nothing_is_written(web, send):
    imported = send(line(), line(product="Kẹo lạc", star=2))
    assert (imported.state, imported.findings["counts"]["error"]) == ("checked", 1)
    text = page(web, imported)
    assert 'class="is-error"' in text
    assert "1 và 2 sao không nhập" in text
    assert Product.objects.count() == 0


def test_all_or_nothing_is_not_offered_while_rows_are_bad(web, send, act):
    imported = send(line(), line(product="Kẹo lạc", star=2))
    text = act(imported, "confirm", mode="all_or_nothing")
    assert "Còn 1 dòng lỗi" in text
    assert (imported.state, Product.objects.count()) == ("checked", 0)


def test_a_mode_must_be_chosen(web, send, act):
    imported = send(line())
    assert "Hãy chọn cách ghi dữ liệu" in act(imported, "confirm")
    assert imported.state == "checked"


def test_good_rows_are_written_and_the_result_tells_why_the_others_are_not(web, send, act):
    imported = send(line(), line(product="Kẹo lạc", star=2))
    act(imported, "confirm", mode="good_rows")
    assert imported.state == "done"
    assert "Đã ghi xong" in page(web, imported)
    assert Product.objects.get().name == "Bánh đa vừng"
    answer = web.get(reverse("products:import_result", args=[imported.pk]))
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    rows = list(sheet.values)
    assert rows[0][-2:] == ("Kết quả", "Lý do")
    assert [row[-2] for row in rows[1:]] == ["Đã thêm", "Lỗi"]
    assert "1 và 2 sao không nhập" in rows[2][-1]
    assert rows[2][1] == "Kẹo lạc"


def test_a_parted_commune_is_asked_once_and_the_answer_ends_it(web, send, act):
    rows = [line(product=name, commune="Phường Đại Nài", district="TP Hà Tĩnh") for name in ("Một", "Hai")]
    imported = send(*rows)
    (question,) = imported.findings["questions"]
    assert question["rows"] == [2, 3]
    assert "Cần bạn trả lời" in page(web, imported)
    act(imported, "answer", q0=question["options"][1][0])
    assert imported.findings["counts"]["question"] == 0
    act(imported, "confirm", mode="all_or_nothing")
    assert {str(pk) for pk in Product.objects.values_list("commune", flat=True)} == {
        question["options"][1][0]
    }


def test_an_answer_that_was_not_offered_is_refused(web, send, act):
    imported = send(line(commune="Phường Đại Nài", district="TP Hà Tĩnh"))
    assert "ít nhất một câu trả lời" in act(imported, "answer", q0="999999")
    assert imported.answers == {}


def test_uploading_the_same_file_again_changes_nothing(web, send, act):
    first = send(line())
    act(first, "confirm", mode="all_or_nothing")
    again = send(line())
    assert again.findings["counts"] == {
        "created": 0, "updated": 0, "unchanged": 1, "error": 0, "question": 0, "warning": 0
    }  # fmt: skip
    act(again, "confirm", mode="all_or_nothing")
    assert (again.state, Product.objects.count()) == ("done", 1)


def test_the_second_of_two_who_confirm_is_told_so(send, officer):
    imported = send(line())
    services.confirm_import(imported, mode="good_rows", by=officer)
    with pytest.raises(ConflictError):
        services.confirm_import(imported, mode="good_rows", by=officer)


def test_what_is_no_workbook_is_refused_at_once(web, send):
    answer = send(content=b"Ten,Sao\nBanh,3\n", name="danh-sach.xlsx")
    assert answer.status_code == 422
    assert "không phải sổ Excel .xlsx" in answer.content.decode()
    assert Import.objects.count() == 0


def test_a_workbook_without_our_columns_says_which_are_missing(web, send, tmp_path):
    path = save(tmp_path / "x.xlsx", ["Bánh", "HTX A", "Xã Cẩm Bình"], titles=["Tên SP", "Chủ thể", "Xã"])
    imported = send(content=path.read_bytes())
    assert imported.state == "failed"
    assert "“Hạng sao”, “Ngày quyết định”" in imported.error
    assert "Không đọc được tệp này" in page(web, imported)


def test_the_template_comes_back_without_rows_to_write(web, send):
    content = web.get(reverse("products:import_template")).content
    imported = send(content=content)
    assert (imported.state, imported.error) == ("failed", "Tệp chưa có dòng dữ liệu nào dưới dòng tiêu đề.")


def test_a_filled_template_is_read_as_it_is(web, send, act):
    book = load_workbook(BytesIO(web.get(reverse("products:import_template")).content))
    sheet = book["Sản phẩm"]
    assert [cell.value for cell in sheet[1]][:3] == ["Mã sản phẩm", "Tên sản phẩm *", "Tên chủ thể *"]
    for place, value in enumerate(line(tax_code="0100109106", decided_on="25/12/2023"), start=1):
        sheet.cell(3, place, value)
    file = BytesIO()
    book.save(file)
    imported = send(content=file.getvalue())
    assert (imported.findings["rows"], imported.findings["counts"]["created"]) == (1, 1)


def test_a_discarded_import_cannot_be_written(send, act):
    imported = send(line())
    act(imported, "discard")
    text = act(imported, "confirm", mode="good_rows")
    assert imported.state == "discarded"
    assert "hãy xem lại trang" in text
    assert Product.objects.count() == 0


def test_another_province_does_not_find_the_import(client, send):
    imported = send(line())
    stranger = make_user("nghean", Role.PROVINCIAL_OFFICER, make_province("40", "Tỉnh Nghệ An"))
    client.force_login(stranger)
    assert client.get(reverse("products:import", args=[imported.pk])).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_the_database_equally_often(web, send, rows, django_assert_num_queries):
    imported = send(*[line(product=f"Sản phẩm {n}", star=2) for n in range(rows)])
    with django_assert_num_queries(5):
        page(web, imported)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_database_equally_often(web, send, rows, django_assert_num_queries):
    for _ in range(rows):
        send(line())
    with django_assert_num_queries(8):
        web.get(reverse("products:imports"))
