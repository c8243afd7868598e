"""Pages of the desks: what is kept while choosing, what the entity reads, how many queries they need."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.tests.factories import make_commune, make_user
from core.models import AuditEntry
from products import changes, services
from products.enums import DossierState
from products.models import CommuneReport, DeskCheck, Dossier, SectionCheck
from products.tests.factories import (
    REPORT,
    commune_officer_of,
    make_dossier,
    make_entity,
    make_product,
    owner_of,
    provincial_officer,
    ready_to_propose,
    take_step,
)

pytestmark = pytest.mark.django_db

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def filed(client):
    """A filed dossier whose commune's officer is signed in."""
    dossier = make_dossier(state=DossierState.SUBMITTED)
    client.force_login(commune_officer_of(dossier.commune))
    return dossier


def desk_url(dossier, section=""):
    name, more = ("section_check", [section]) if section else ("desk_check", [])
    return reverse(f"products:{name}", args=[dossier.pk, *more])


def report_url(dossier):
    return reverse("products:commune_report_edit", args=[dossier.pk])


def test_the_checking_page_shows_what_was_filed_beside_each_verdict(client, filed):
    page = client.get(desk_url(filed)).content.decode()
    for words in (
        "HTX Bánh đa Cẩm Bình",
        "Bà truyền cho cháu.",
        "Người Đại Diện Thử",
        "0/8 phần",
        "01/TN-42-18682",
    ):
        assert words in page
    assert page.count('name="verdict" value="ok"') == 8
    assert '<button class="btn btn-primary w-100" type="button" disabled>' in page


def test_a_verdict_is_kept_at_once_and_the_answer_leaves_the_fields_alone(client, filed):
    answer = client.post(desk_url(filed, "cau-chuyen"), {"verdict": "ok", "note": ""}, **HTMX)
    text = answer.content.decode()
    assert answer.status_code == 200 and "textarea" not in text
    assert 'id="kq-cau-chuyen"' in text and "1/8 phần" in text
    assert SectionCheck.objects.get().verdict == "ok"


def test_lacking_without_words_is_refused_beside_the_section(client, filed):
    answer = client.post(desk_url(filed, "cau-chuyen"), {"verdict": "lacking", "note": " "}, **HTMX)
    assert answer.status_code == 422
    assert "hãy viết cần bổ sung gì" in answer.content.decode()
    nothing = client.post(desk_url(filed, "cau-chuyen"), {}, **HTMX)
    assert "Hãy chọn Đạt hoặc Cần bổ sung." in nothing.content.decode()
    assert not SectionCheck.objects.exists()


def test_without_javascript_a_verdict_comes_back_to_its_section(client, filed):
    answer = client.post(desk_url(filed, "ke-hoach"), {"verdict": "lacking", "note": "Thiếu số liệu."})
    assert answer.url == f"{desk_url(filed)}#phan-ke-hoach"
    assert client.post(desk_url(filed), {"pass_rest": "1"}).url == desk_url(filed)
    assert SectionCheck.objects.count() == 8
    page = client.get(desk_url(filed)).content.decode()
    assert "1 phần cần bổ sung" in page and "8/8 phần" in page


def test_an_unknown_section_is_not_found(client, filed):
    assert client.post(desk_url(filed, "khong-co"), {"verdict": "ok"}).status_code == 404


def test_too_few_samples_are_pointed_out_with_a_reason_to_use(client, filed):
    client.post(desk_url(filed), {"samples_received": "3"})
    page = client.get(desk_url(filed)).content.decode()
    assert "Cần 5 mẫu, mới nhận 3" in page and "nộp bổ sung sản phẩm mẫu" in page
    wrong = client.post(desk_url(filed), {"samples_received": "ba"})
    assert wrong.status_code == 422 and "bằng chữ số" in wrong.content.decode()
    assert DeskCheck.objects.get().samples_received == 3


def test_the_return_page_shows_what_the_entity_will_read(client, filed):
    services.check_section(
        filed,
        section="cau-chuyen",
        verdict="lacking",
        note="Nêu ai truyền nghề.",
        by=commune_officer_of(filed.commune),
    )
    step = reverse("products:transition", args=[filed.pk, "return_to_entity"])
    page = client.get(step).content.decode()
    assert "Nêu ai truyền nghề." in page and "Lý do chung (không bắt buộc)" in page
    assert client.post(step, {"note": ""}).status_code == 302
    assert Dossier.objects.get().state == DossierState.RETURNED


def test_mending_begins_at_the_first_part_asked_for_and_leads_to_the_others(client, filed):
    officer = commune_officer_of(filed.commune)
    for section in ("thi-truong", "minh-chung"):
        services.check_section(filed, section=section, verdict="lacking", note="Bổ sung.", by=officer)
    services.perform(filed, "return_to_entity", by=officer)
    client.force_login(owner_of(filed.product.entity))
    first = reverse("products:dossier_edit", args=[filed.pk, "thi-truong"])
    page = client.get(reverse("products:dossier", args=[filed.pk]))
    assert page.context["first_page"] == first
    other = reverse("products:evidence", args=[filed.pk])
    notice = client.get(first).content.decode().split("Phần khác cũng cần bổ sung")[1]
    assert f'<a href="{other}">Minh chứng</a>.' in notice


def test_the_entity_reads_the_reasons_beside_the_fields_until_it_files_again(client, filed):
    officer = commune_officer_of(filed.commune)
    for section, note in (("cau-chuyen", "Nêu ai truyền nghề."), ("chu-the", "Bổ sung điện thoại.")):
        services.check_section(filed, section=section, verdict="lacking", note=note, by=officer)
    services.perform(filed, "return_to_entity", by=officer, note="Xem hai phần.")
    client.force_login(owner_of(filed.product.entity))

    def page(step):
        return client.get(reverse("products:dossier_edit", args=[filed.pk, step])).content.decode()

    story, registration, plan = page("cau-chuyen"), page("dang-ky"), page("ke-hoach")
    assert "Nêu ai truyền nghề." in story and "Bổ sung điện thoại." not in story
    # The entity's own data is mended from the registration.
    assert "Bổ sung điện thoại." in registration and "Sửa thông tin chủ thể" in registration
    assert "Nêu ai truyền nghề." not in plan and "Phần khác cũng cần bổ sung" in plan
    assert story.count("<small>Cần bổ sung</small>") == 2  # marked in the list of steps
    whole = client.get(reverse("products:dossier", args=[filed.pk])).content.decode()
    for words in ("Xem hai phần.", "Nêu ai truyền nghề.", "Bổ sung điện thoại."):
        assert words in whole
    take_step(filed, "submit")
    assert (
        "Hồ sơ bị trả lại, cần bổ sung"
        not in client.get(reverse("products:dossier", args=[filed.pk])).content.decode()
    )


def test_after_a_return_the_desk_reads_what_it_had_asked(client, filed):
    officer = commune_officer_of(filed.commune)
    services.check_section(
        filed, section="cau-chuyen", verdict="lacking", note="Nêu ai truyền nghề.", by=officer
    )
    services.perform(filed, "return_to_entity", by=officer)
    take_step(filed, "submit")
    page = client.get(desk_url(filed)).content.decode()
    assert "Lần trước yêu cầu bổ sung" in page and "Nêu ai truyền nghề." in page
    assert reverse("products:compare", args=[filed.pk, 1, 2]) in page


def test_the_province_reads_the_communes_check_and_has_its_own(client, filed):
    take_step(filed, "propose")
    client.force_login(provincial_officer())
    page = client.get(desk_url(filed)).content.decode()
    assert "<b>Cấp xã:</b> Đạt" in page and "0/8 phần" in page
    assert reverse("products:commune_report", args=[filed.pk, 1]) in page
    assert reverse("products:transition", args=[filed.pk, "accept"]) in page
    assert client.post(desk_url(filed, "ke-hoach"), {"verdict": "ok"}, **HTMX).status_code == 200
    client.force_login(commune_officer_of(filed.commune))
    own = client.get(desk_url(filed)).content.decode()
    assert "chỉ để xem" in own and 'name="verdict"' not in own
    assert client.post(desk_url(filed, "ke-hoach"), {"verdict": "ok"}).status_code == 403


def test_the_commune_report_saves_itself_and_notices_a_second_writer(client, filed):
    first = client.post(report_url(filed), {**REPORT, "conclusion": "", "revision": "0"}, **HTMX)
    assert first.status_code == 200 and 'value="1"' in first.content.decode()
    assert "đề nghị của cấp xã" in first.content.decode()
    second = client.post(report_url(filed), {**REPORT, "idea_origin": "Khác.", "revision": "0"}, **HTMX)
    text = second.content.decode()
    assert second.status_code == 409 and "Khác." in text and REPORT["idea_origin"] in text
    assert CommuneReport.objects.get().idea_origin == REPORT["idea_origin"]
    plain = client.post(report_url(filed), {**REPORT, "idea_origin": "Khác.", "revision": "0"})
    assert plain.status_code == 409 and "Khác." in plain.content.decode()
    kept = client.post(report_url(filed), {**REPORT, "revision": "1"})
    assert kept.url == desk_url(filed)


def test_the_commune_report_is_read_by_officers_and_leadership_not_by_the_entity(client, filed):
    take_step(filed, "propose")
    url = reverse("products:commune_report", args=[filed.pk, 1])
    leader = make_user("lanh-dao", Role.LEADERSHIP)
    for reader, status in ((provincial_officer(), 200), (leader, 200), (owner_of(filed.product.entity), 403)):
        client.force_login(reader)
        assert client.get(url).status_code == status
    client.force_login(commune_officer_of(filed.commune))
    assert client.get(report_url(filed)).url == url
    late = client.post(report_url(filed), {**REPORT, "revision": "1"}, **HTMX)
    assert late.status_code == 409 and "không sửa được nữa" in late.content.decode()


def test_a_second_version_starts_from_the_report_of_the_first(client, filed):
    ready_to_propose(filed)
    take_step(filed, "return_to_entity")
    take_step(filed, "submit")
    page = client.get(report_url(filed)).content.decode()
    assert REPORT["local_material"] in page and "chưa lưu cho lần này" in page
    assert CommuneReport.objects.count() == 1


def test_the_receipt_is_for_everybody_who_reads_the_dossier(client, filed):
    url = reverse("products:receipt", args=[filed.pk, 1])
    for reader in (owner_of(filed.product.entity), commune_officer_of(filed.commune), provincial_officer()):
        client.force_login(reader)
        page = client.get(url).content.decode()
        assert "GIẤY TIẾP NHẬN HỒ SƠ" in page and f"01/TN-42-18682-{timezone.localdate().year}" in page
    assert client.get(reverse("products:receipt", args=[filed.pk, 2])).status_code == 404


@pytest.mark.parametrize(
    "state", [state for state in DossierState.values if state not in ("draft", "withdrawn")]
)
def test_the_checking_page_opens_in_every_state(state, client):
    dossier = make_dossier(state=state)
    for user in (commune_officer_of(dossier.commune), provincial_officer()):
        client.force_login(user)
        assert client.get(desk_url(dossier)).status_code == 200


def test_a_draft_has_nothing_to_check(client, filed):
    draft = make_dossier(make_product("Kẹo lạc"))
    assert client.get(desk_url(draft)).status_code == 404


def test_an_officer_begins_a_dossier_for_an_entity_without_account(client, filed):
    entity = make_entity("HTX Chưa Có Tài Khoản")
    url = reverse("products:enter_dossier")
    assert "HTX Chưa Có Tài Khoản" in client.get(f"{url}?q=chua co").content.decode()
    assert "HTX Chưa Có" not in client.get(f"{url}?q=khong khop").content.decode()
    chosen = f"{url}?chu-the={entity.pk}"
    missing = client.post(chosen, {"product": "moi", "kind": "first", "year": "2026"}).content.decode()
    assert "Hãy nhập tên sản phẩm." in missing and "Hãy chọn bộ sản phẩm." in missing
    data = {"product": "moi", "name": "Nem chua", "kind": "first", "year": timezone.localdate().year}
    data["product_set"] = filed.product.product_set_id
    answer = client.post(chosen, data)
    dossier = Dossier.objects.get(product__name="Nem chua")
    assert answer.url == reverse("products:dossier_edit", args=[dossier.pk, "dang-ky"])
    page = client.get(reverse("products:dossier", args=[dossier.pk])).content.decode()
    assert "Do cán bộ xã nhập thay chủ thể" in page and str(dossier.created_by) in page
    assert AuditEntry.objects.filter(verb="dossier.enter_for_entity").count() == 1
    # The product now has a dossier on the road and is offered no more.
    assert "Nem chua (" not in client.get(chosen).content.decode()


def test_an_entity_of_another_commune_cannot_be_entered_for(client, filed):
    foreign = make_entity("HTX Đức Thọ", make_commune("Xã Đức Thọ", "18229"))
    assert client.get(reverse("products:enter_dossier") + f"?chu-the={foreign.pk}").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_inbox_needs_as_many_queries_for_one_dossier_as_for_three(
    count, client, django_assert_num_queries
):
    entity = make_entity()
    for number in range(count):
        for state in (DossierState.SUBMITTED, DossierState.PROPOSED, DossierState.RETURNED):
            make_dossier(make_product(f"{state} {number}", entity), state)
    client.force_login(commune_officer_of(entity.commune))
    url = reverse("products:commune_desk")
    client.get(url)
    with django_assert_num_queries(7):
        assert client.get(url).content.decode().count("Bộ thử") == 0


def test_the_checking_page_stays_within_twelve_queries(client, filed, django_assert_max_num_queries):
    services.pass_rest(filed, by=commune_officer_of(filed.commune))
    client.get(desk_url(filed))
    with django_assert_max_num_queries(12):
        client.get(desk_url(filed))


class TestWhatChangedSinceTheReturn:
    """Filed again: officer and entity see at once which sections differ from the filing before."""

    def test_a_dossier_come_back_untouched_is_to_be_mended_first(self, client):
        dossier = make_dossier(state=DossierState.RETURNED)
        client.force_login(owner_of(dossier.product.entity))
        page = client.get(f"/ho-so/{dossier.pk}/").content.decode()
        assert "Bổ sung hồ sơ" in page
        assert "/buoc/submit/" not in page.split("</header>")[0]
        step = client.get(f"/ho-so/{dossier.pk}/buoc/submit/")
        assert step.context["unchanged"] is True

    def test_only_the_section_written_anew_counts_as_changed(self):
        dossier = make_dossier(state=DossierState.RETURNED)
        version = dossier.current_version
        assert changes.since_last_filing(version) == frozenset()
        services.save_draft(
            version,
            by=owner_of(dossier.product.entity),
            data={"story": "Chuyện kể lại."},
            revision=version.revision,
        )
        assert changes.since_last_filing(dossier.current_version) == {"cau-chuyen"}

    def test_a_first_filing_has_nothing_to_be_held_against(self):
        dossier = make_dossier(state=DossierState.SUBMITTED)
        assert changes.since_last_filing(dossier.current_version) is None

    def test_the_officer_sees_the_mark_beside_the_section(self, client):
        dossier = make_dossier(state=DossierState.RETURNED)
        version = dossier.current_version
        owner = owner_of(dossier.product.entity)
        services.save_draft(version, by=owner, data={"story": "Chuyện kể lại."}, revision=version.revision)
        take_step(dossier, "submit", by=owner)
        client.force_login(commune_officer_of(dossier.commune))
        parts = client.get(f"/ho-so/{dossier.pk}/kiem-tra/").context["parts"]
        assert {part.slug for part in parts if part.changed} == {"cau-chuyen"}
