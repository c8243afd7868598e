"""Filing: complete, numbered without gaps, frozen with a hash that can be checked by hand."""

import hashlib
import json
import threading

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.tests.factories import make_commune
from core.exceptions import DomainError
from products import completeness, numbering, services, signals, snapshot
from products.enums import DossierKind, LegalForm
from products.models import CommuneCounter, Dossier, DossierVersion
from products.tests.factories import make_dossier, make_entity, make_product, owner_of, recognise, take_step

pytestmark = pytest.mark.django_db


def save(dossier, **data):
    version = dossier.current_version
    return services.save_draft(
        version, by=owner_of(dossier.product.entity), data=data, revision=version.revision
    )


def submit(dossier):
    return services.perform(dossier, "submit", by=owner_of(dossier.product.entity))


def test_first_filing_of_a_commune_gets_number_and_code_one():
    dossier = submit(make_dossier())
    assert dossier.number == "01/PĐK-42-18682-2026"
    assert dossier.product.code == "42-18682-01-2026"


def test_numbers_run_by_commune_and_year():
    entity = make_entity()
    for name in ("Một", "Hai"):
        last = submit(make_dossier(make_product(name, entity=entity)))
    elsewhere = make_entity("HTX Đức Thọ", commune=make_commune("Xã Đức Thọ", "18229"))
    other = submit(make_dossier(make_product("Ba", entity=elsewhere)))
    next_year = submit(make_dossier(make_product("Bốn", entity=entity), year=2027))
    assert last.number == "02/PĐK-42-18682-2026"
    assert other.number == "01/PĐK-42-18229-2026"
    assert next_year.number == "01/PĐK-42-18682-2027"


def test_a_refused_filing_takes_no_number():
    dossier = make_dossier()
    save(dossier, story="")
    with pytest.raises(services.IncompleteError):
        submit(dossier)
    assert not CommuneCounter.objects.exists()
    assert Dossier.objects.get().state == "draft"


def test_everything_missing_is_said_at_once():
    entity = make_entity(phone="")
    dossier = make_dossier(make_product(entity=entity))
    save(dossier, story=" ", samples=3)
    with pytest.raises(services.IncompleteError) as refused:
        submit(dossier)
    assert [item.text for item in refused.value.missing] == [
        "Thông tin chủ thể còn thiếu: điện thoại.",
        "Cần 5 sản phẩm mẫu nộp kèm, hiện ghi 3.",
        "Chưa có nội dung: Câu chuyện sản phẩm.",
    ]


def test_a_tourism_service_needs_neither_samples_nor_material():
    entity = make_entity("Hội Du lịch cộng đồng", legal_form=LegalForm.ASSOCIATION)
    dossier = make_dossier(make_product("Tuyến thăm đồi chè", entity=entity, set_number=26))
    save(dossier, materials="", samples=0)
    assert submit(dossier).state == "submitted"


def test_an_app_above_can_hold_a_filing_back():
    def hold(sender, version, **kwargs):
        return ["Tự đánh giá còn 2 tiêu chí chưa chọn."]

    dossier = make_dossier()
    signals.collect_blockers.connect(hold)
    try:
        with pytest.raises(services.IncompleteError, match="còn 2 tiêu chí"):
            submit(dossier)
    finally:
        signals.collect_blockers.disconnect(hold)


def test_an_app_above_adds_its_part_to_the_snapshot():
    def add(sender, version, **kwargs):
        return {"thử": {"điểm": 71}}

    dossier = make_dossier()
    signals.collect_snapshot.connect(add)
    try:
        submit(dossier)
    finally:
        signals.collect_snapshot.disconnect(add)
    assert dossier.current_version.snapshot["thử"] == {"điểm": 71}


def test_the_hash_is_of_the_canonical_json_and_notices_a_change():
    version = submit(make_dossier()).current_version
    text = json.dumps(version.snapshot, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert version.sha256 == hashlib.sha256(text.encode()).hexdigest()
    assert snapshot.is_intact(version)
    version.snapshot["content"]["story"] += "."
    assert not snapshot.is_intact(version)


def test_the_snapshot_keeps_what_was_true_at_filing():
    dossier = submit(make_dossier())
    services.update_entity(dossier.product.entity, by=owner_of(dossier.product.entity), name="HTX Tên Mới")
    kept = dossier.current_version.snapshot
    assert kept["entity"]["name"] == "HTX Bánh đa Cẩm Bình"
    assert kept["dossier"]["number"] == "01/PĐK-42-18682-2026"
    assert kept["product"]["code"] == "42-18682-01-2026"
    assert kept["content"]["samples"] == 5


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE products_dossierversion SET story = 'khác'",
        "UPDATE products_dossierversion SET submitted_at = NULL",
        "DELETE FROM products_dossierversion",
    ],
)
def test_the_database_itself_refuses_to_change_a_filed_version(statement):
    submit(make_dossier())
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert DossierVersion.objects.get().story.startswith("Bánh đa vừng")


def test_a_filed_version_takes_no_draft():
    dossier = submit(make_dossier())
    with pytest.raises(DomainError, match="không sửa được"):
        save(dossier, story="khác")


def test_a_version_returned_is_kept_as_filed_while_the_next_is_written():
    dossier = take_step(submit(make_dossier()), "return_to_entity")
    save(dossier, story="Câu chuyện đã bổ sung.")
    first, second = dossier.versions.all()
    assert first.story.startswith("Bánh đa vừng") and snapshot.is_intact(first)
    assert second.story == "Câu chuyện đã bổ sung."


def test_upgrade_asks_what_changed():
    dossier = make_dossier()
    recognise(dossier.product)
    Dossier.objects.update(kind=DossierKind.UPGRADE)
    dossier.refresh_from_db()
    save(dossier, changes_since="")
    assert [item.step for item in completeness.missing_parts(dossier.current_version)] == ["dang-ky"]


@pytest.mark.django_db(transaction=True)
def test_two_connections_never_take_one_number_and_leave_no_gap():
    commune = make_commune()
    taken, start = [], threading.Barrier(2)

    def take_ten():
        start.wait()
        try:
            for _ in range(10):
                with transaction.atomic():
                    taken.append(numbering.next_number(commune, kind="dossier", year=2026))
        finally:
            connection.close()

    threads = [threading.Thread(target=take_ten) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == list(range(1, 21))


@pytest.mark.django_db(transaction=True)
def test_two_people_filing_at_once_get_neighbouring_numbers():
    entity = make_entity()
    dossiers = [make_dossier(make_product(name, entity=entity)) for name in ("Một", "Hai")]
    start, failures = threading.Barrier(2), []

    def file(pk):
        start.wait()
        try:
            submit(Dossier.objects.with_names().get(pk=pk))
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=file, args=[dossier.pk]) for dossier in dossiers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert sorted(Dossier.objects.values_list("number", flat=True)) == [
        "01/PĐK-42-18682-2026",
        "02/PĐK-42-18682-2026",
    ]
    assert sorted(Dossier.objects.values_list("product__code", flat=True)) == [
        "42-18682-01-2026",
        "42-18682-02-2026",
    ]
