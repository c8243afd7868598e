"""The table of the council: member, secretary, chair."""

from collections.abc import Callable

from playwright.sync_api import Page

from guide.ways import Picture, at, press, pressing, seen, then

SESSION, PAST_SESSION = "Phiên chấm điểm thứ hai, đợt 2 năm 2026", "Phiên chấm điểm đợt 1 năm 2026"
DISPUTED, FIVE_STARS = "Rượu nhung hươu Đồi Ví Dụ", "Nước mắm cốt nhĩ Biển Mẫu"


def held(session: str, *links: str) -> Callable[[Page], None]:
    """The page of a session of the council, then on by links or buttons."""
    return then(at("/danh-gia/phien-hop/"), pressing(session), *(pressing(link) for link in links))


def debated(place: int, *links: str) -> Callable[[Page], None]:
    """The dossier at this place of the agenda of the open session, then on by links."""

    def go(page: Page) -> None:
        held(SESSION)(page)
        page.locator("table.agenda tbody th a").nth(place - 1).click()
        for link in links:
            press(page, link)

    return go


def resulted(name: str, *links: str) -> Callable[[Page], None]:
    """The closed result of a product of the first round, then on by links."""
    return then(held(PAST_SESSION, name), *(pressing(link) for link in links))


def scoring(button: str) -> Callable[[Page], None]:
    """The first sheet of the member that has this button, with the regulation read."""

    def go(page: Page) -> None:
        page.goto("/danh-gia/phieu/")
        press(page, button)
        page.locator("[data-scoring]").wait_for()
        page.wait_for_load_state("networkidle")
        read = page.get_by_role("button", name="Đã đọc, bắt đầu chấm")
        if read.is_visible():
            read.click()

    return go


def to_submit(page: Page) -> None:
    """From the sheet to the page where it is submitted."""
    scoring("Chấm tiếp")(page)
    page.goto(page.url.split("?")[0].split("#")[0] + "nop/")


def criterion(code: str) -> Callable[[Page], None]:
    """On to a criterion of the sheet that stands open."""

    def go(page: Page) -> None:
        fold = page.locator(".scoring-list-fold")
        if fold.get_attribute("open") is None:
            fold.locator("summary").click()
        page.locator(f'.leaf-link[data-code="{code}"]').click()

    return go


def without_network(page: Page) -> None:
    """Two choices made while the network is away; they wait on this device and are never sent from here."""
    scoring("Chấm tiếp")(page)
    page.keyboard.press("n")
    page.context.set_offline(True)
    for key in ("2", "n", "1"):
        page.keyboard.press(key)
    page.locator("[data-saved-word]", has_text="đang chờ mạng").wait_for()


def on_two_devices(page: Page) -> None:
    """The same criterion scored on another device first: both levels are shown, nothing is overwritten."""
    scoring("Chấm tiếp")(page)
    criterion("1.1")(page)
    panel = page.locator("[data-panel]:not([hidden])")
    free = [box.get_attribute("data-key") for box in panel.locator("[data-key]:not(:checked)").all()]
    other = page.context.browser.new_context(
        base_url=page.url.split("/danh-gia/")[0], storage_state=page.context.storage_state()
    ).new_page()
    other.goto(page.url)
    other.keyboard.press(free[0])
    other.locator("[data-saved-word]", has_text="Đã lưu lúc").wait_for()
    other.wait_for_timeout(1000)
    other.context.close()
    page.keyboard.press(free[1])
    page.locator("[data-dialog=conflict][open]").wait_for()


def naming(person: str) -> Callable[[Page], None]:
    """Choose the member whose conflict of interest is recorded; nothing is sent."""

    def go(page: Page) -> None:
        page.select_option("#id_seat", label=f"{person} - Ủy viên")
        page.get_by_label("Có quan hệ gia đình hoặc lợi ích với chủ thể").check()

    return go


def asking_again(person: str) -> Callable[[Page], None]:
    row = "#item-board tbody tr"
    return lambda page: page.locator(row, has_text=person).get_by_role("link").last.click()


MEMBER, SECRETARY, CHAIR = "hoidong5", "thuky", "hoidong1"
PICTURES = (
    Picture("thanh-vien-phieu-cua-toi", MEMBER, at("/danh-gia/phieu/")),
    Picture("thanh-vien-quy-che", MEMBER, then(scoring("Bắt đầu chấm"), pressing("Quy chế"))),
    Picture("thanh-vien-phieu", MEMBER, then(scoring("Chấm tiếp"), criterion("1.2"))),
    Picture("thanh-vien-khai-bao", MEMBER, then(at("/danh-gia/phieu/"), pressing("Khai báo xung đột"))),
    Picture("thanh-vien-nop", MEMBER, to_submit),
    Picture("thanh-vien-hai-may", MEMBER, on_two_devices),
    Picture("thanh-vien-mat-mang", MEMBER, without_network),
    Picture("thu-ky-phien-hop", SECRETARY, held(SESSION)),
    Picture("thu-ky-diem-danh", SECRETARY, held(SESSION, "Điểm danh")),
    Picture("thu-ky-tam-dung", SECRETARY, held(SESSION, "Tạm dừng phiên")),
    Picture("thu-ky-thu-tu", SECRETARY, then(held(SESSION), seen("table.agenda"))),
    Picture("thu-ky-khong-cham", SECRETARY, then(debated(2, "Ghi thành viên"), naming("Ủy viên Hai"))),
    Picture("thu-ky-ho-so", SECRETARY, debated(1)),
    Picture("thu-ky-ket-luan", SECRETARY, then(debated(1, "Ghi kết luận"), pressing("1.2"))),
    Picture("thu-ky-thao-luan", SECRETARY, debated(1, "Ghi thảo luận")),
    Picture("chu-tich-phien-hop", CHAIR, held(SESSION)),
    Picture("chu-tich-ho-so", CHAIR, debated(1)),
    Picture("chu-tich-cham-lai", CHAIR, then(debated(1), asking_again("Ủy viên Hai"))),
    Picture("chu-tich-ket-qua", CHAIR, resulted(DISPUTED)),
    Picture("chu-tich-bang-diem", CHAIR, then(resulted(DISPUTED), seen(".result-table"))),
)  # fmt: skip
