"""Inspections (Đ9): planned for several at once, carried out, followed up; who reads what, and what waits."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from PIL import Image

from accounts.registry import todos_for
from accounts.tests.factories import make_commune
from core import reminders
from core.exceptions import DomainError
from core.models import Notice
from evaluation.models import Inspection
from evaluation.services import inspections
from evaluation.tests.after import certified, inspected, opened_revocation, planned
from products.tests.factories import (
    commune_officer_of,
    make_entity,
    make_product,
    owner_of,
    photo_bytes,
    provincial_officer,
    recognise,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("criteria")]

TODAY = timezone.localdate


@pytest.fixture
def officer():
    return provincial_officer()


@pytest.fixture
def product():
    return recognise(make_product(), expires=date(2099, 1, 1)).product


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


# --- planning ---


def test_several_products_are_planned_at_once_or_none(product, officer):
    second = recognise(make_product("Kẹo lạc", product.entity), expires=date(2099, 1, 1)).product
    bare = make_product("Chưa công nhận", product.entity)
    with pytest.raises(DomainError, match="Chưa công nhận"):
        planned(product, second, bare)
    assert not Inspection.objects.exists()
    assert len(planned(product, second)) == 2
    with pytest.raises(DomainError, match="chưa thực hiện; hãy bỏ: Bánh đa vừng"):
        planned(product)


def test_products_are_chosen_on_the_page_by_star_commune_end_and_last_inspection(product, officer):
    soon = TODAY() + timedelta(days=100)
    second = recognise(make_product("Kẹo lạc", product.entity), star=4, expires=soon).product
    inspected(product)
    client, page = signed_in(officer), reverse("evaluation:inspection_plan")

    def offered(query):
        return [row.name for row in client.get(page + query).context["page_obj"]]

    assert offered("") == ["Bánh đa vừng", "Kẹo lạc"]
    assert offered("?star=4") == offered("?expiry=soon") == offered("?rest=never") == ["Kẹo lạc"]
    assert offered("?expiry=later") == ["Bánh đa vừng"]
    assert offered(f"?commune={product.commune_id}") == ["Bánh đa vừng", "Kẹo lạc"]
    data = {
        "kind": "periodic",
        "basis": "Kế hoạch 15",
        "planned_on": "05/11/2099",
        "contents": "",
        "team": "",
    }
    refused = client.post(page, data)
    assert refused.status_code == 200 and "Hãy chọn ít nhất một sản phẩm" in refused.content.decode()
    client.post(page, {**data, "products": [product.pk, second.pk]})
    assert Inspection.objects.filter(state="planned", basis="Kế hoạch 15").count() == 2


# --- the result ---


def carry_out(inspection, **words):
    data = {"done_on": TODAY(), "findings": "Đạt.", "verdict": "passed", **words}
    return inspections.carry_out(inspection=inspection, by=provincial_officer(), **data)


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"done_on": TODAY() + timedelta(days=1)}, "done_on"),
        ({"findings": " "}, "findings"),
        ({"verdict": "x"}, "verdict"),
        ({"verdict": "to_mend"}, "follow_up"),
        ({"verdict": "to_mend", "follow_up": "In lại nhãn."}, "follow_up_due"),
        (
            {"verdict": "to_mend", "follow_up": "x", "follow_up_due": TODAY() - timedelta(days=1)},
            "follow_up_due",
        ),
    ],
)
def test_a_result_without_what_it_needs_is_refused(product, words, field):
    (row,) = planned(product)
    with pytest.raises(DomainError) as refused:
        carry_out(row, **words)
    assert refused.value.field == field


def test_the_result_is_told_to_commune_and_entity_and_put_right_until_something_rests_on_it(product):
    row = inspected(product)
    told = {notice.user for notice in Notice.objects.filter(key__startswith=f"inspection:{row.pk}:")}
    assert told == {owner_of(product.entity), commune_officer_of(product.commune)}
    row = carry_out(row, verdict="revoke")
    assert (row.follow_up, row.follow_up_due) == ("", None)
    opened_revocation(product.recognitions.get(), inspection=row, concluded_on=row.done_on)
    with pytest.raises(DomainError, match="việc thu hồi"):
        carry_out(row)


def test_mending_is_recorded_once_also_when_late(product, officer):
    due = TODAY() - timedelta(days=2)
    row = inspected(product, done_on=due - timedelta(days=3), follow_up_due=due)
    (todo,) = [todo for todo in todos_for(officer) if todo.badge == "Yêu cầu khắc phục"]
    assert todo.overdue and todo.due == due
    tell = {"inspection": row, "by": officer}
    with pytest.raises(DomainError):
        inspections.record_follow_up(followed_up_on=row.done_on - timedelta(days=1), result="x", **tell)
    mended = inspections.record_follow_up(followed_up_on=TODAY(), result="Nhãn mới đủ.", **tell)
    assert mended.word == "Đã khắc phục"
    assert not [todo for todo in todos_for(officer) if todo.badge == "Yêu cầu khắc phục"]
    with pytest.raises(DomainError, match="không có yêu cầu"):
        inspections.record_follow_up(followed_up_on=TODAY(), result="Lần hai.", **tell)


def test_only_a_planned_inspection_is_cancelled_and_says_why(product, officer):
    (row,) = planned(product)
    with pytest.raises(DomainError):
        inspections.cancel(inspection=row, reason="", by=officer)
    inspections.cancel(inspection=row, reason="Cơ sở bị ngập.", by=officer)
    for act in (lambda: carry_out(row), lambda: inspections.cancel(inspection=row, reason="x", by=officer)):
        with pytest.raises(DomainError):
            act()


# --- who reads ---


def test_an_entity_reads_its_own_results_once_done_and_a_commune_its_products(product, officer):
    (row,) = planned(product)
    entity, commune = owner_of(product.entity), commune_officer_of(product.commune)
    other = make_entity("HTX Khác", make_commune("Xã Khác", "18700"))
    strangers = (owner_of(other), commune_officer_of(other.commune))

    def readers():
        people = (entity, commune, officer, *strangers)
        return [Inspection.objects.visible_to(user).filter(pk=row.pk).exists() for user in people]

    assert readers() == [False, True, True, False, False]
    carry_out(row, findings="Nhãn đủ thông tin.", team="Bà Trưởng Đoàn Thử")
    assert readers() == [True, True, True, False, False]

    def read_by(user):
        page = signed_in(user).get(reverse("evaluation:inspection", args=[row.pk])).content.decode()
        return page.partition("<main")[2]

    assert "Nhãn đủ thông tin." in read_by(entity)
    assert "Trưởng Đoàn" not in read_by(entity) and officer.full_name not in read_by(entity)
    assert "Trưởng Đoàn" in read_by(commune)
    assert signed_in(commune).get(reverse("evaluation:inspection_result", args=[row.pk])).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_number_of_queries(count, officer, django_assert_num_queries):
    entity = make_entity()
    for number in range(count):
        inspected(recognise(make_product(f"Bánh {number}", entity)).product)
    client = signed_in(officer)
    client.get(reverse("evaluation:inspections"))
    with django_assert_num_queries(9):
        client.get(reverse("evaluation:inspections"))


def test_the_workbook_holds_what_its_reader_may_read(product):
    other = recognise(make_product("Kẹo lạc", product.entity), expires=date(2099, 1, 1)).product
    inspected(product, findings="Nhãn đủ thông tin.")
    planned(other)
    answer = signed_in(owner_of(product.entity)).get(
        reverse("evaluation:inspections_workbook") + "?cot=phat-hien,ket-qua"
    )
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    head = rows.index(["Sản phẩm", "Kết quả", "Kết quả kiểm tra"])
    assert rows[head + 1 :] == [[product.name, "Yêu cầu khắc phục", "Nhãn đủ thông tin."]]


# --- photos ---


def test_photos_lose_the_camera_s_data_are_kept_by_pruning_and_read_by_readers_only(product, officer):
    row, client = inspected(product), signed_in(officer)
    exif = Image.Exif()
    exif[0x010F] = "Máy ảnh riêng"
    picture = SimpleUploadedFile("a.jpg", photo_bytes((3000, 1000), exif=exif.tobytes()).read())
    bad = SimpleUploadedFile("b.jpg", b"khong phai anh")
    answer = client.post(
        reverse("evaluation:inspection_photo_add", args=[row.pk]), {"photos": [picture, bad]}, follow=True
    )
    assert "Đã thêm 1 ảnh." in answer.content.decode() and "b.jpg" in answer.content.decode()
    photo = row.photos.get()
    call_command("prune_files", "--older-than", "0")
    with Image.open(default_storage.open(photo.stored.file.name)) as kept:
        assert kept.size == (2000, 667) and not kept.getexif()
    page = reverse("evaluation:inspection_photo", args=[photo.pk])
    assert signed_in(owner_of(product.entity)).get(page)["Content-Type"] == "image/jpeg"
    other = make_entity("HTX Khác", make_commune("Xã Khác", "18700"))
    assert signed_in(owner_of(other)).get(page).status_code == 404
    client.post(reverse("evaluation:inspection_photo_remove", args=[photo.pk]))
    assert not row.photos.exists()


# --- reminders ---


def test_mending_is_remembered_a_week_before_and_once_overdue(product, officer):
    row = inspected(product)
    people = (owner_of(product.entity), commune_officer_of(product.commune), officer)
    Notice.objects.all().delete()
    for days in (-8, -7, -1, 0, 1, 5):
        reminders.send_all(row.follow_up_due + timedelta(days=days))
    for user in people:
        told = Notice.objects.filter(user=user, key__startswith="mending:").order_by("pk")
        assert [notice.title[:12] for notice in told] == ["Sắp hết hạn ", "Quá hạn khắc"]


@pytest.mark.parametrize("count", [1, 3])
def test_reminders_do_not_ask_more_for_more_rows(count, officer, django_assert_num_queries):
    entity = make_entity()
    for number in range(count):
        mending, revoked = (certified(f"{name} {number}", entity).recognition for name in ("Bánh", "Kẹo"))
        inspected(mending.product)
        opened_revocation(revoked)
    with django_assert_num_queries(20):
        reminders.send_all(TODAY() + timedelta(days=12))


def test_the_office_gets_the_certificates_of_a_month_once(officer):
    entity = make_entity()
    certified("Bánh một", entity, expires=date(2099, 8, 31))
    certified("Kẹo hai", entity, expires=date(2099, 8, 1))
    certified("Mật ba", entity, expires=date(2099, 9, 1))
    for day in (date(2099, 7, 31), date(2099, 8, 1), date(2099, 8, 20)):
        reminders.send_all(day)
    told = Notice.objects.filter(user=officer, key__startswith="certificates-ending:")
    assert [notice.title for notice in told] == ["Tháng 08/2099: 2 giấy chứng nhận hết hiệu lực"]
    assert told.get().url.endswith("?expires=2099-08")
