"""The register from a workbook: checked and written by a worker, with every error beside its cell."""

from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from accounts.enums import Role
from accounts.tests.factories import make_commune, make_user
from core import jobs
from core.exceptions import ConflictError
from training import services
from training.models import RegisterImport, RegisterPerson
from training.services import register_imports
from training.tests.factories import BINH

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return make_user("can-bo", Role.PROVINCIAL_OFFICER)


def as_file(book):
    file = BytesIO()
    book.save(file)
    return SimpleUploadedFile("danh-sach.xlsx", file.getvalue())


@pytest.fixture
def send_register(client, django_capture_on_commit_callbacks):
    """Upload a workbook for the register; its check has run. Gives the import."""

    def upload(content):
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post(reverse("training:register_imports"), {"file": content})
        return RegisterImport.objects.get(pk=answer.url.split("/")[-2])

    return upload


@pytest.fixture
def press_register(client, django_capture_on_commit_callbacks):
    """Press a button of an import's page; the job behind it has run. Gives the page that follows."""

    def press(imported, act):
        with django_capture_on_commit_callbacks(execute=True):
            client.post(reverse("training:register_import_act", args=[imported.pk, act]))
        imported.refresh_from_db()
        return client.get(imported.get_absolute_url()).content.decode()

    return press


def test_register_is_read_from_a_workbook_with_every_error_beside_its_cell(
    client, officer, send_register, press_register
):
    make_commune(*BINH)
    book = Workbook()
    sheet = book.active
    for line in (
        ["Họ và tên", "Nhóm", "Đơn vị", "Chức vụ", "Vào danh sách ngày", "Ra khỏi danh sách ngày"],
        ["Trần Thị Lan", "Cán bộ quản lý OCOP", "Xã Cẩm Bình", "Công chức", "05/01/2026", ""],
        ["Minh", "bạn bè", "Xã Không Có", "", "32/13/2026", ""],
        ["Trần Thị Lan", "Cán bộ quản lý OCOP", "Cẩm Bình", "", "", ""],
        ["Lê Văn Hải", "Lãnh đạo chủ thể", "Tỉnh Hà Tĩnh", "", "05/01/2026", "01/03/2026"],
    ):
        sheet.append(line)
    client.force_login(officer)
    imported = send_register(as_file(book))
    by_line = {
        line["number"]: {key: error for key, (_, error) in line["cells"].items() if error}
        for line in imported.lines
    }
    assert {number: set(errors) for number, errors in by_line.items()} == {
        2: set(), 3: {"name", "group", "unit", "listed_on"}, 4: {"name"}, 5: set(),
    }  # fmt: skip
    assert by_line[4]["name"] == "Đã có ở dòng 2 của tệp này."
    page = client.get(imported.get_absolute_url()).content.decode()
    assert "Đã có ở dòng 2 của tệp này." in page and "Ghi 2 dòng đúng, bỏ 2 dòng lỗi" in page
    assert not RegisterPerson.objects.exists()
    for made in (imported, send_register(as_file(book))):  # the same workbook twice changes nothing
        assert "Đã ghi xong" in press_register(made, "confirm")
        assert {(p.name, p.unit.name, p.left_on) for p in RegisterPerson.objects.select_related("unit")} == {
            ("Trần Thị Lan", "Xã Cẩm Bình", None),
            ("Lê Văn Hải", "Tỉnh Hà Tĩnh", date(2026, 3, 1)),
        }
        assert RegisterPerson.objects.count() == 2
    assert made.findings["counts"] == {"created": 0, "updated": 0, "unchanged": 2}


def test_a_register_workbook_is_written_once_and_nothing_of_it_is_lost(
    client, officer, send_register, press_register
):
    book = Workbook()
    book.active.append(["Họ và tên", "Nhóm", "Đơn vị"])
    book.active.append(["Trần Thị Lan", "Cán bộ quản lý OCOP", "Tỉnh Hà Tĩnh"])
    client.force_login(officer)
    imported = send_register(as_file(book))
    # Stopped before a worker takes it: nothing is written, and it can be checked and confirmed again.
    job = services.confirm_register_import(imported=imported, by=officer).job
    jobs.cancel(job=job, by=officer)
    register_imports.run_register_apply(job.pk)
    assert "chưa ghi dòng nào" in client.get(imported.get_absolute_url()).content.decode()
    assert "Ghi 1 dòng" in press_register(imported, "recheck") and not RegisterPerson.objects.exists()
    press_register(imported, "confirm")
    again = press_register(imported, "confirm")
    assert "Đã ghi xong" in again and RegisterPerson.objects.count() == 1
    with pytest.raises(ConflictError, match="đã chuyển sang “đã xong”"):
        services.confirm_register_import(imported=imported, by=officer)
    # Not a workbook at all: said on its page, and the file is kept.
    broken = send_register(SimpleUploadedFile("danh-sach.xlsx", b"khong phai so"))
    assert broken.state == "failed" and "không phải sổ Excel" in broken.error and broken.file.size
