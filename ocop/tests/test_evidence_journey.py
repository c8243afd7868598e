"""Papers in a browser: dropped on the page and on a criterion, through a lost network, without a script."""

import base64

import pytest
from playwright.sync_api import Route, expect

from evaluation.models import CriterionEvidence
from ocop.tests.browser import PATIENCE_MS, Arrive, Person, arrive_fixture, browser_fixture  # noqa: F401
from products.models import Dossier
from products.tests.factories import make_dossier, make_pdf, make_product, owner_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("criteria"),
]

# What a hand does with files over the page, as the browser tells the script of it.
DROP = """(place, files) => {
    const carried = new DataTransfer();
    for (const [name, content] of files) {
        const bytes = Uint8Array.from(atob(content), (sign) => sign.charCodeAt(0));
        carried.items.add(new File([bytes], name, { type: "application/pdf" }));
    }
    for (const kind of ["dragenter", "dragover", "drop"])
        place.dispatchEvent(new DragEvent(kind, { dataTransfer: carried, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def dossier() -> Dossier:
    """A draft of set 6 with its four demanded papers."""
    return make_dossier(make_product("Bún khô Cẩm Bình"))


@pytest.fixture
def entity(arrive: Arrive, dossier: Dossier) -> Person:
    return arrive(owner_of(dossier.product.entity))


def drop(person: Person, selector: str, **files: bytes) -> None:
    carried = [[f"{name}.pdf", base64.b64encode(content).decode()] for name, content in files.items()]
    person.page.locator(selector).evaluate(DROP, carried)


def test_files_dropped_on_the_page_are_kept_one_by_one(entity: Person, dossier: Dossier):
    entity.foresees("422")
    page = entity.page
    page.goto(f"/ho-so/{dossier.pk}/minh-chung/")
    entity.sees("Minh chứng", "4 tệp")
    drop(entity, "[data-drop]", hop_dong=make_pdf("hd"), may_doc=b"MZ" + b"0" * 500, ban_do=make_pdf("bd", 3))
    expect(page.locator("#paper-list > .paper")).to_have_count(6, timeout=PATIENCE_MS)
    refused = page.locator(".upload-row", has_text="may_doc.pdf")
    expect(refused).to_contain_text("nội dung là .exe")
    expect(page.locator("#paper-groups")).to_contain_text("6 tệp")
    entity.sees("Minh chứng", picture="minh-chung-tha")
    assert dossier.current_version.evidences.count() == 6
    page.reload()
    expect(page.locator("#paper-list > .paper")).to_have_count(6)


def test_the_answer_worked_out_first_and_arriving_last_does_not_undo_the_newer_one(
    entity: Person, dossier: Dossier
):
    page, address, held = entity.page, f"/ho-so/{dossier.pk}/minh-chung/", {}
    page.goto(address)

    def keep_back_the_first(route: Route) -> None:
        """The first file is answered by the server; the page hears of it only after the second."""
        if route.request.method == "POST" and not held:
            held[route] = None
            held[route] = route.fetch()
        else:
            route.continue_()

    page.route(f"**{address}", keep_back_the_first)
    drop(entity, "[data-drop]", hop_dong=make_pdf("hd"))
    while not any(held.values()):
        page.wait_for_timeout(20)
    drop(entity, "[data-drop]", ban_do=make_pdf("bd", 3))
    expect(page.locator("#paper-groups")).to_contain_text("6 tệp", timeout=PATIENCE_MS)
    for route, answer in held.items():
        route.fulfill(response=answer)
    expect(page.locator("#paper-list > .paper")).to_have_count(6, timeout=PATIENCE_MS)
    expect(page.locator("#paper-groups")).to_contain_text("6 tệp")


def test_progress_is_shown_and_a_lost_network_loses_no_file(entity: Person, dossier: Dossier):
    entity.foresees("ERR_FAILED", "net::")
    page, address = entity.page, f"/ho-so/{dossier.pk}/minh-chung/"
    page.goto(address)
    page.route(f"**{address}", lambda route: route.abort())
    drop(entity, "[data-drop]", hop_dong=make_pdf("hd"))
    row = page.locator(".upload-row", has_text="hop_dong.pdf")
    expect(row).to_contain_text("Mất kết nối, sẽ tự gửi lại")
    expect(row.locator("progress")).to_be_visible()
    page.unroute(f"**{address}")
    row.get_by_role("button", name="Thử lại").click()
    expect(page.locator("#paper-list > .paper")).to_have_count(5, timeout=PATIENCE_MS)
    expect(row).to_have_count(0)


def test_a_file_dropped_on_a_criterion_proves_it_and_others_are_chosen_from_the_list(
    entity: Person, dossier: Dossier
):
    page = entity.page
    page.goto(f"/danh-gia/tu-danh-gia/{dossier.pk}/")
    frame = page.locator(".leaf-frame", has=page.locator('[id="tc-1.1"]'))
    content = base64.b64encode(make_pdf("bk")).decode()
    frame.locator("fieldset").first.evaluate(DROP, [["bang-ke.pdf", content]])
    expect(frame.locator(".leaf-papers-line")).to_contain_text("bang-ke.pdf", timeout=PATIENCE_MS)
    frame.get_by_role("link", name="Gắn minh chứng cho tiêu chí 1.1").click()
    expect(frame.get_by_role("checkbox")).to_have_count(5, timeout=PATIENCE_MS)
    expect(frame.get_by_label("bang-ke.pdf")).to_be_checked()
    frame.get_by_label("registration.pdf").check()
    entity.sees_saved()
    entity.sees("Tự đánh giá", picture="gan-minh-chung")
    frame.get_by_role("link", name="Xong").click()
    expect(frame.locator(".leaf-papers-line")).to_contain_text("registration.pdf")
    links = CriterionEvidence.objects.values_list("criterion__code", "evidence__filename")
    assert set(links) == {("1.1", "bang-ke.pdf"), ("1.1", "registration.pdf")}
    page.goto(f"/ho-so/{dossier.pk}/minh-chung/")
    expect(page.locator(".paper", has_text="bang-ke.pdf")).to_contain_text("Dùng cho tiêu chí 1.1")


def test_without_a_script_the_form_sends_many_files(arrive: Arrive, dossier: Dossier):
    entity = arrive(owner_of(dossier.product.entity), javascript=False)
    entity.page.goto(f"/ho-so/{dossier.pk}/minh-chung/")
    files = [
        {"name": name, "mimeType": "application/pdf", "buffer": make_pdf(name)} for name in ("a.pdf", "b.pdf")
    ]
    entity.page.locator("[data-upload-input]").set_input_files(files)
    entity.press("Tải lên")
    entity.sees("Minh chứng", "Đã tải lên: a.pdf.", "Đã tải lên: b.pdf.")
    assert dossier.current_version.evidences.count() == 6


def test_a_paper_is_read_on_a_tablet_and_a_phone(arrive: Arrive, dossier: Dossier):
    owner = owner_of(dossier.product.entity)
    for screen in ("tablet", "phone"):
        entity = arrive(owner, screen=screen)
        entity.page.goto(f"/ho-so/{dossier.pk}/minh-chung/")
        entity.sees("Minh chứng", picture="minh-chung")
        entity.page.locator(".paper-picture").first.click()
        entity.sees(".pdf", "Trang 1/1")
        shown = entity.page.locator(".viewer-page img").first
        expect(shown).to_be_visible()
        assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") == 1000
