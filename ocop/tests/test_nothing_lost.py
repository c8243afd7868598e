"""Nothing typed is ever lost: two writers, a session that ends, a text too long, a network that is away."""

import pytest
from playwright.sync_api import Page, expect

from accounts.enums import Role
from accounts.models import User
from accounts.tests.factories import PASSWORD, make_commune, make_user
from evaluation.models import SelfChoice
from ocop.tests.browser import PATIENCE_MS, Arrive, Person, arrive_fixture, browser_fixture  # noqa: F401
from products.models import Dossier, EntityAccount
from products.tests.factories import make_dossier, make_entity, make_product

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("criteria"),
]

MINE = "Bà con làng Bình Minh làm bún khô từ gạo mùa.\nMỗi mẻ phơi ba nắng."
THEIRS = "Nghề bún ở Cẩm Bình có từ trăm năm trước."


@pytest.fixture
def owner() -> User:
    return make_user("chu-the", Role.ENTITY, make_commune(), full_name="Chủ Thể Thử", email="ct@example.com")


@pytest.fixture
def colleague(owner) -> User:
    return make_user("dong-nghiep", Role.ENTITY, make_commune(), full_name="Đồng Nghiệp Thử")


@pytest.fixture
def dossier(owner, colleague) -> Dossier:
    """A draft with all its texts, which two people of one entity write."""
    entity = make_entity(name="HTX Bún khô Minh Họa")
    for user in (owner, colleague):
        EntityAccount.objects.create(entity=entity, user=user)
    return make_dossier(make_product("Bún khô", entity), by=owner)


def draft_url(dossier: Dossier, step: str = "san-xuat") -> str:
    return f"/ho-so/{dossier.pk}/soan/{step}/"


def text_of(dossier: Dossier, name: str) -> str:
    return getattr(dossier.current_version, name).replace("\r\n", "\n")


def chip(page: Page):
    return page.locator("[data-saved-word]").first


def open_draft(arrive: Arrive, user: User, dossier: Dossier, **options) -> Person:
    person = arrive(user, **options)
    person.page.goto(draft_url(dossier))
    person.sees("Nguyên liệu, sản xuất")
    return person


# --- two writers ---


def test_both_versions_are_shown_and_the_chosen_one_is_kept(arrive: Arrive, owner, colleague, dossier):
    one, two = open_draft(arrive, owner, dossier), open_draft(arrive, colleague, dossier)
    two.fill(materials=THEIRS)
    two.sees_saved()
    one.foresees("409", "htmx:")
    one.fill(materials=MINE)
    box = one.page.locator("[data-conflict]")
    expect(box).to_be_visible(timeout=PATIENCE_MS)
    expect(box).to_contain_text("Đồng Nghiệp Thử")
    expect(box).to_contain_text(THEIRS)
    expect(box).to_contain_text("phơi ba nắng")
    expect(chip(one.page)).to_have_text("Chưa lưu: hai bản khác nhau")
    assert box.locator("[data-conflict-field]").count() == 1  # the other field is the same
    one.take_picture("hai-ban")
    one.check_accessibility()
    assert text_of(dossier, "materials") == THEIRS  # nothing is overwritten meanwhile
    one.press("Tiếp tục", box)
    one.sees_saved()
    assert text_of(dossier, "materials") == MINE


def test_the_other_version_can_be_taken(arrive: Arrive, owner, colleague, dossier):
    one, two = open_draft(arrive, owner, dossier), open_draft(arrive, colleague, dossier, screen="phone")
    one.fill(materials=THEIRS)
    one.sees_saved()
    two.foresees("409", "htmx:")
    two.fill(materials=MINE)
    box = two.page.locator("[data-conflict]")
    expect(box).to_be_visible(timeout=PATIENCE_MS)
    two.take_picture("hai-ban")
    box.get_by_label("Lấy bản kia").check()
    two.press("Tiếp tục", box)
    two.sees_saved()
    expect(two.page.locator("#id_materials")).to_have_value(THEIRS)
    assert text_of(dossier, "materials") == THEIRS


def test_changes_of_different_fields_are_put_together(arrive: Arrive, owner, colleague, dossier):
    one, two = open_draft(arrive, owner, dossier), open_draft(arrive, colleague, dossier)
    two.fill(production=THEIRS)
    two.sees_saved()
    one.foresees("409", "htmx:")
    one.fill(materials=MINE)
    one.sees_saved()
    expect(one.page.locator("#id_production")).to_have_value(THEIRS)
    assert (text_of(dossier, "materials"), text_of(dossier, "production")) == (MINE, THEIRS)


def test_without_javascript_both_texts_come_back_to_be_mended(arrive: Arrive, owner, colleague, dossier):
    one = open_draft(arrive, owner, dossier, javascript=False)
    two = open_draft(arrive, colleague, dossier)
    two.fill(materials=THEIRS)
    two.sees_saved()
    one.foresees("409")
    one.fill(materials=MINE)
    one.press("Lưu")
    one.sees("Nội dung vừa được người khác thay đổi")
    mine = one.page.get_by_label("Bản của tôi")
    expect(mine).to_have_value(MINE)
    expect(one.page.get_by_label("Bản đang lưu")).to_have_value(THEIRS)
    one.take_picture("hai-ban-khong-js")
    mine.fill(f"{THEIRS}\n{MINE}")
    one.press("Lưu bản của tôi")
    one.sees("Nguyên liệu, sản xuất", "Đã lưu.")
    assert text_of(dossier, "materials") == f"{THEIRS}\n{MINE}"


# --- the session ends ---


def sign_in_here(person: Person, password: str = PASSWORD) -> None:
    dialog = person.page.locator("#sign-in-dialog")
    expect(dialog).to_be_visible(timeout=PATIENCE_MS)
    dialog.get_by_label("Mật khẩu").fill(password)
    person.press("Đăng nhập", dialog)


def test_signing_in_again_in_place_sends_what_was_typed(arrive: Arrive, owner, dossier):
    entity = open_draft(arrive, owner, dossier)
    entity.context.clear_cookies(name="sessionid")
    entity.fill(materials=MINE)
    sign_in_here(entity, PASSWORD + "?")
    expect(entity.page.locator("[data-sign-in-error]")).to_have_text("Mật khẩu không đúng.")
    entity.take_picture("dang-nhap-lai")
    entity.check_accessibility()
    sign_in_here(entity)
    entity.sees_saved()
    assert text_of(dossier, "materials") == MINE
    entity.press("Lưu, sang phần sau")
    entity.sees("Thị trường, kết quả")


def test_a_form_sent_by_button_waits_for_signing_in_too(arrive: Arrive, owner, dossier):
    entity = arrive(owner)
    entity.page.goto(f"/san-pham/{dossier.product_id}/sua/")
    entity.page.locator("textarea[name=description]").fill(MINE)
    entity.context.clear_cookies(name="sessionid")
    entity.page.locator("main form[data-guard] .btn-primary").click()
    sign_in_here(entity)
    entity.sees("Bún khô")
    dossier.product.refresh_from_db()
    assert dossier.product.description.replace("\r\n", "\n") == MINE


def test_putting_it_off_keeps_the_text_on_the_page(arrive: Arrive, owner, dossier):
    entity = open_draft(arrive, owner, dossier)
    entity.context.clear_cookies(name="sessionid")
    entity.fill(materials=MINE)
    dialog = entity.page.locator("#sign-in-dialog")
    expect(dialog).to_be_visible(timeout=PATIENCE_MS)
    entity.press("Để sau", dialog)
    expect(entity.page.locator("#id_materials")).to_have_value(MINE)
    expect(chip(entity.page)).to_have_text("Chưa lưu được, sẽ thử lại")
    entity.press("Lưu")
    sign_in_here(entity)
    entity.sees("Nguyên liệu, sản xuất", "Đã lưu.")
    assert text_of(dossier, "materials") == MINE


# --- texts that are too long, links followed at once, no network ---


def test_a_note_that_is_too_long_is_counted_and_refused_not_cut(arrive: Arrive, owner, dossier):
    entity = arrive(owner)
    entity.page.goto(f"/danh-gia/tu-danh-gia/{dossier.pk}/")
    leaf = entity.page.locator('[id="tc-1.1"]')
    leaf.locator("[data-option]").nth(2).check()
    expect(leaf).to_have_attribute("data-choice-state", "saved")
    leaf.locator("summary").click()
    note = leaf.locator("[data-note]")
    note.fill("a" * 2005)
    expect(leaf.locator("[data-length]")).to_contain_text("Dài quá 5 ký tự")
    note.blur()
    expect(leaf).to_have_attribute("data-choice-state", "refused")
    entity.take_picture("thuyet-minh-dai")
    expect(note).to_have_value("a" * 2005)
    assert SelfChoice.objects.get(criterion__code="1.1").note == ""
    note.fill("a" * 2000)
    note.blur()
    expect(leaf).to_have_attribute("data-choice-state", "saved")
    expect(leaf.locator("[data-length]")).to_have_text("2.000/2.000 ký tự")
    assert SelfChoice.objects.get(criterion__code="1.1").note == "a" * 2000


def test_following_a_link_right_after_typing_keeps_the_last_words(arrive: Arrive, owner, dossier):
    entity = open_draft(arrive, owner, dossier)
    entity.fill(materials=MINE)
    entity.follow("Phần trước")
    entity.sees("Câu chuyện sản phẩm")
    assert text_of(dossier, "materials") == MINE


def test_without_a_network_the_text_stays_and_is_sent_later(arrive: Arrive, owner, dossier):
    entity = open_draft(arrive, owner, dossier)
    entity.foresees("htmx:sendError", "htmx:afterRequest", "ERR_INTERNET_DISCONNECTED")
    entity.context.set_offline(True)
    entity.fill(materials=MINE)
    expect(chip(entity.page)).to_have_text("Chưa lưu được, sẽ thử lại")
    entity.press("Lưu")
    expect(entity.page.locator("#toasts")).to_contain_text("chưa gửi được")
    expect(entity.page.locator("#id_materials")).to_have_value(MINE)
    entity.context.set_offline(False)
    entity.sees_saved()
    assert text_of(dossier, "materials") == MINE


def test_a_double_click_sends_a_form_once(arrive: Arrive, owner, dossier):
    entity = open_draft(arrive, owner, dossier)
    sent: list[str] = []
    entity.page.on("request", lambda request: request.method == "POST" and sent.append(request.url))
    entity.page.locator("button[name=onward]").dblclick()
    entity.sees("Thị trường, kết quả")
    assert len(sent) == 1
