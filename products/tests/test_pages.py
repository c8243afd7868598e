"""The pages: forms answer in Vietnamese beside the field, nothing typed is lost, drafts save themselves."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.tests.factories import make_commune
from core.models import AuditEntry
from products.enums import DossierState
from products.models import Dossier, DossierVersion, Entity, Product
from products.tests.factories import (
    TEXTS,
    commune_officer_of,
    make_dossier,
    make_entity,
    make_product,
    make_set,
    owner_of,
    provincial_officer,
    ready_to_propose,
    recognise,
    take_step,
)

pytestmark = pytest.mark.django_db

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def draft(client):
    """A draft whose owner is signed in."""
    dossier = make_dossier()
    client.force_login(owner_of(dossier.product.entity))
    return dossier


def edit_url(dossier, step="cau-chuyen"):
    return reverse("products:dossier_edit", args=[dossier.pk, step])


def step_url(dossier, name):
    return reverse("products:transition", args=[dossier.pk, name])


def error_of(answer, field):
    """What stands beside the field on the page."""
    errors = answer.context["form"].errors
    assert field in errors, errors
    assert f'id="id_{field}_error"' in answer.content.decode()
    return errors[field]


def test_a_refused_entity_form_keeps_what_was_typed(client):
    client.force_login(commune_officer_of(make_commune()))
    answer = client.post(
        reverse("products:entity_create"),
        {"name": "Hợp tác xã Mới", "tax_code": "123", "phone": "abc", "founded_on": "32/13/2020"},
    )
    page = answer.content.decode()
    assert error_of(answer, "legal_form") == ["Hãy chọn loại hình."]
    assert error_of(answer, "tax_code") == [
        "Mã số thuế không đúng: cần 10 hoặc 13 chữ số (hộ kinh doanh: 12 chữ số), kiểm tra lại từng số."
    ]
    for typed in ("Hợp tác xã Mới", 'value="123"', 'value="abc"', "32/13/2020"):
        assert typed in page
    assert not Entity.objects.exists()


def test_what_the_service_refuses_stands_beside_its_field(client):
    make_entity("HTX Một", tax_code="0100109106")
    commune = make_commune()
    client.force_login(commune_officer_of(commune))
    answer = client.post(
        reverse("products:entity_create"),
        {"name": "HTX Hai", "legal_form": "cooperative", "commune": commune.pk, "tax_code": "0100109106"},
    )
    assert error_of(answer, "tax_code") == ["Mã số thuế này đã thuộc một chủ thể khác trong hệ thống."]
    assert "HTX Hai" in answer.content.decode()


def test_an_entity_is_added_and_edited(client):
    commune = make_commune()
    client.force_login(commune_officer_of(commune))
    data = {"name": "HTX Mới", "legal_form": "cooperative", "commune": commune.pk, "founded_on": "05/11/2020"}
    added = client.post(reverse("products:entity_create"), data)
    entity = Entity.objects.get()
    assert added.url == reverse("products:entity", args=[entity.pk])
    assert "05/11/2020" in client.get(added.url).content.decode()
    edit = reverse("products:entity_edit", args=[entity.pk])
    assert 'value="05/11/2020"' in client.get(edit).content.decode()
    client.post(edit, {**data, "name": "HTX Tên Khác"})
    assert Entity.objects.get().name == "HTX Tên Khác"


def test_a_commune_of_elsewhere_cannot_be_chosen(client):
    client.force_login(commune_officer_of(make_commune()))
    there = make_commune("Xã Đức Thọ", "18229")
    data = {"name": "HTX", "legal_form": "cooperative", "commune": there.pk}
    assert error_of(client.post(reverse("products:entity_create"), data), "commune")
    assert not Entity.objects.exists()


def test_a_product_form_knows_who_may_register_tourism(client):
    entity = make_entity("Hội Du lịch", legal_form="association")
    client.force_login(owner_of(entity))
    url = reverse("products:product_create", args=[entity.pk])
    wrong = client.post(url, {"name": "Kẹo", "product_set": make_set(6).pk, "origin": "new"})
    assert "bộ 26" in error_of(wrong, "product_set")[0]
    client.post(url, {"name": "Tuyến thăm quan", "product_set": make_set(26).pk, "is_flagship": "on"})
    product = Product.objects.get()
    assert product.commune == entity.commune
    assert not product.is_flagship  # the officers' word


def test_a_dossier_begins_at_its_product(client):
    product = make_product()
    client.force_login(owner_of(product.entity))
    url = reverse("products:dossier_create", args=[product.pk])
    year = client.get(url).context["form"].fields["year"].initial
    refused = client.post(url, {"kind": "upgrade", "year": year})
    assert "chưa từng được công nhận" in error_of(refused, "kind")[0]
    begun = client.post(url, {"kind": "first", "year": year})
    assert begun.url == edit_url(Dossier.objects.get(), "dang-ky")


def test_every_page_of_the_guided_form_opens(client, draft):
    for step in ("dang-ky", "cau-chuyen", "san-xuat", "thi-truong", "ke-hoach"):
        assert client.get(edit_url(draft, step)).status_code == 200
    assert client.get(edit_url(draft, "khong-co")).status_code == 404


def test_the_button_saves_and_goes_on(client, draft):
    revision = draft.current_version.revision
    answer = client.post(edit_url(draft), {"story": "Chuyện mới", "revision": revision, "onward": "1"})
    assert answer.url == edit_url(draft, "san-xuat")
    assert DossierVersion.objects.get().story == "Chuyện mới"


def test_autosave_answers_with_the_new_revision_and_not_the_field(client, draft):
    revision = draft.current_version.revision
    answer = client.post(edit_url(draft), {"story": "Đang gõ", "revision": revision}, **HTMX)
    page = answer.content.decode()
    assert f'name="revision" id="draft-revision" value="{revision + 1}"' in page
    assert "<textarea" not in page and "<html" not in page
    assert DossierVersion.objects.get().story == "Đang gõ"


def test_autosave_of_a_wrong_number_says_so_and_keeps_the_rest(client, draft):
    revision = draft.current_version.revision
    answer = client.post(edit_url(draft, "dang-ky"), {"samples": "năm", "revision": revision}, **HTMX)
    assert answer.status_code == 422 and "Hãy ghi số mẫu bằng chữ số" in answer.content.decode()
    again = client.post(edit_url(draft, "dang-ky"), {"samples": "năm", "revision": revision})
    assert error_of(again, "samples") and 'value="năm"' in again.content.decode()


def test_a_conflict_shows_both_versions(client, draft):
    revision = draft.current_version.revision
    client.post(edit_url(draft), {"story": "Bản thứ nhất", "revision": revision})
    answer = client.post(edit_url(draft), {"story": "Bản thứ hai", "revision": revision})
    page = answer.content.decode()
    assert answer.status_code == 409 and "Bản thứ nhất" in page and "Bản thứ hai" in page
    assert DossierVersion.objects.get().story == "Bản thứ nhất"


def test_a_conflict_of_autosave_names_the_other_writer_and_the_revision_to_go_on_from(client, draft):
    revision = draft.current_version.revision
    client.post(edit_url(draft), {"story": "Bản thứ nhất", "revision": revision})
    answer = client.post(edit_url(draft), {"story": "Bản thứ hai", "revision": revision}, **HTMX)
    page = answer.content.decode()
    assert (answer.status_code, answer["X-Conflict"]) == (409, "1")
    assert f'data-revision="{revision + 1}"' in page and str(owner_of(draft.product.entity)) in page
    assert "Bản thứ nhất" in page and "Bản thứ hai" in page


def test_the_same_text_sent_twice_is_no_conflict(client, draft):
    data = {"story": "Dòng một\r\nDòng hai", "revision": draft.current_version.revision}
    assert client.post(edit_url(draft), data, **HTMX).status_code == 200
    again = client.post(edit_url(draft), {**data, "story": "Dòng một\nDòng hai"}, **HTMX)
    assert again.status_code == 200
    assert f'value="{data["revision"] + 1}"' in again.content.decode()


def test_what_was_typed_after_filing_comes_back_to_be_copied(client, draft):
    revision = draft.current_version.revision
    take_step(draft, "submit")
    answer = client.post(edit_url(draft), {"story": "Câu vừa gõ", "revision": revision})
    assert answer.status_code == 409 and "Câu vừa gõ" in answer.content.decode()
    by_htmx = client.post(edit_url(draft), {"story": "Câu vừa gõ", "revision": revision}, **HTMX)
    assert by_htmx.status_code == 409 and "đã nộp" in by_htmx.content.decode()


def test_a_refused_form_does_not_say_that_it_is_saved(client, draft):
    revision = draft.current_version.revision
    answer = client.post(edit_url(draft, "dang-ky"), {"samples": "năm", "revision": revision})
    assert 'data-saved-state="unsaved"' in answer.content.decode()


def test_a_filed_dossier_is_not_edited(client, draft):
    take_step(draft, "submit")
    assert client.get(edit_url(draft)).url == reverse("products:dossier", args=[draft.pk])
    client.post(edit_url(draft), {"story": "khác", "revision": draft.current_version.revision})
    assert DossierVersion.objects.get().story == TEXTS["story"]


def test_submit_lists_what_is_missing_and_files_when_complete(client, draft):
    revision = draft.current_version.revision
    client.post(edit_url(draft), {"story": "", "revision": revision})
    refused = client.post(step_url(draft, "submit"))
    assert refused.status_code == 200 and "Chưa có nội dung: Câu chuyện sản phẩm." in refused.content.decode()
    assert Dossier.objects.get().state == "draft"
    client.post(edit_url(draft), {"story": "Đã có", "revision": revision + 1})
    filed = client.post(step_url(draft, "submit"), follow=True)
    assert "01/PĐK-42-18682-2026" in filed.content.decode()
    assert "Chờ xã kiểm tra" in filed.content.decode()


def test_a_return_asks_for_reasons_and_shows_them(client, draft):
    take_step(draft, "submit")
    client.force_login(commune_officer_of(draft.commune))
    refused = client.post(step_url(draft, "return_to_entity"), {"note": ""})
    assert error_of(refused, "note") == ["Hãy ghi lý do trả lại để chủ thể biết phải bổ sung gì."]
    client.post(step_url(draft, "return_to_entity"), {"note": "Thiếu hợp đồng mua gạo."})
    client.force_login(owner_of(draft.product.entity))
    for url in (reverse("products:dossier", args=[draft.pk]), edit_url(draft)):
        assert "Thiếu hợp đồng mua gạo." in client.get(url).content.decode()


def test_a_proposal_asks_for_the_letter_and_its_day(client, draft):
    ready_to_propose(take_step(draft, "submit"))
    client.force_login(commune_officer_of(draft.commune))
    refused = client.post(
        step_url(draft, "propose"), {"proposal_number": "125/UBND", "proposed_on": "31/02/2026"}
    )
    assert error_of(refused, "proposed_on") == ["Ngày không đúng; viết như 05/11/2026."]
    assert "125/UBND" in refused.content.decode()
    future = client.post(step_url(draft, "propose"), {"proposal_number": "1", "proposed_on": "01/01/2099"})
    assert error_of(future, "proposed_on") == ["Ngày công văn không được sau hôm nay."]
    today = f"{timezone.localdate():%d/%m/%Y}"
    client.post(step_url(draft, "propose"), {"proposal_number": "125/UBND", "proposed_on": today})
    page = client.get(reverse("products:dossier", args=[draft.pk])).content.decode()
    assert f"125/UBND, ngày {today}" in page


def test_a_step_already_taken_is_explained(client, draft):
    take_step(draft, "submit")
    again = client.post(step_url(draft, "submit"), follow=True)
    assert again.redirect_chain == [(reverse("products:dossier", args=[draft.pk]), 302)]
    assert "Nộp hồ sơ: đã thực hiện lúc" in again.content.decode()


def test_a_step_sent_from_a_wrong_state_is_refused_and_kept_in_the_log(client, draft):
    take_step(draft, "submit")
    take_step(draft, "propose")
    client.force_login(commune_officer_of(draft.commune))
    forged = client.post(step_url(draft, "return_to_entity"), {"note": "Thôi"})
    assert "nên không thể thực hiện: Trả lại chủ thể" in forged.content.decode()
    entry = AuditEntry.objects.get(verb="dossier.refused")
    assert entry.after == {"step": "return_to_entity", "state": "proposed"}
    assert client.post(step_url(draft, "tu-nghi-ra")).status_code == 404
    assert AuditEntry.objects.filter(verb="refused", after={"status": 404}).count() == 1


def test_the_filed_version_is_readable_with_its_hash(client, draft):
    take_step(draft, "submit")
    url = reverse("products:version", args=[draft.pk, 1])
    page = client.get(url).content.decode()
    assert draft.current_version.sha256 in page and "Nguyên vẹn" in page
    assert client.get(reverse("products:version", args=[draft.pk, 2])).status_code == 404


@pytest.mark.parametrize("state", DossierState.values)
def test_a_dossiers_page_opens_in_every_state(state, client):
    dossier = make_dossier(state=state)
    url = reverse("products:dossier", args=[dossier.pk])
    for user in (owner_of(dossier.product.entity), commune_officer_of(dossier.commune), provincial_officer()):
        client.force_login(user)
        assert dossier.get_state_display() in client.get(url).content.decode()


def test_text_typed_by_people_is_never_markup(client, draft):
    revision = draft.current_version.revision
    client.post(edit_url(draft), {"story": "<script>alert(1)</script>", "revision": revision})
    page = client.get(reverse("products:dossier", args=[draft.pk])).content.decode()
    assert "<script>alert" not in page and "&lt;script&gt;" in page


def test_home_lists_what_waits(client, draft):
    page = client.get(reverse("accounts:home")).content.decode()
    assert "Soạn và nộp hồ sơ" in page and reverse("products:dossier", args=[draft.pk]) in page


def test_the_name_on_the_certificate_is_refused_beside_its_field(client):
    product = make_dossier(state=DossierState.RECOGNISED).product
    recognise(product)
    client.force_login(owner_of(product.entity))
    edit = reverse("products:product_edit", args=[product.pk])
    stays = {"product_set": product.product_set.pk, "specification": "hộp 200 g"}
    answer = client.post(edit, {**stays, "name": "Giò lụa"})
    assert error_of(answer, "name") == [
        "Giấy chứng nhận còn hiệu lực ghi tên này; chỉ cán bộ OCOP cấp tỉnh đổi được."
    ]
    assert 'value="Giò lụa"' in answer.content.decode()
    assert client.post(edit, {**stays, "name": product.name}).status_code == 302
    product.refresh_from_db()
    assert (product.name, product.specification) == ("Bánh đa vừng", "hộp 200 g")


def test_the_step_that_asks_nothing_of_a_tourism_product_leads_on(client):
    dossier = make_dossier(make_product("Làng ven sông", set_number=26))
    client.force_login(owner_of(dossier.product.entity))
    page = reverse("products:dossier_edit", args=[dossier.pk, "dang-ky"])
    html = client.get(page).content.decode()
    # What a browser sends: every hidden value of the page, in its order.
    revisions = re.findall(r'name="revision"[^>]*value="(\d*)"', html)
    assert len(revisions) == html.count('name="revision"') == 1
    assert client.post(page, {"revision": revisions}).status_code == 302
