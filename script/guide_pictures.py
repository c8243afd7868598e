#!/usr/bin/env python3
"""Chụp lại các hình của docs/huong-dan/ từ một máy chủ đang chạy với tỉnh minh họa.

Cách dùng: .venv/bin/python script/guide_pictures.py http://127.0.0.1:8000 [--only chu-the] [--whole THU-MUC]

Retakes the pictures of the user guide: every page of PICTURES at 1366 px, at 390 px and on a tablet of 1180
px, in the colours of a small PNG. It needs a server with a fresh demonstration province (and its worker, for
the import), because it adds pictures to one product, checks one dossier, uploads one workbook and scores a
criterion on the way.
"""

import argparse
import io
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from openpyxl import Workbook
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, FilePayload, Page, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout

GUIDE = Path(__file__).resolve().parent.parent / "docs" / "huong-dan"
FOLDER = GUIDE / "img"
PASSWORD = "OCOP-demo-2026"  # noqa: S105  of the demonstration province
SCREENS = {"may-tinh": (1366, 860), "may-tinh-bang": (1180, 820), "dien-thoai": (390, 844)}
TOUCH = ("may-tinh-bang", "dien-thoai")
LARGEST = 150_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COLOURS = (256, 128, 96, 64, 48, 32)
CHROMIUM = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
)

DRAFT, RETURNED = "Bột rau má sấy lạnh Đồng Mẫu", "Dưa lưới nhà màng Đồng Mẫu"
OWNER = "HTX Nông nghiệp Minh Họa Cẩm Bình"
FILED = "Nấm rơm tươi Ví Dụ"
ACCEPTED = "Bộ giỏ tre đan Xóm Mẫu"
RECOGNISED = "Chè xanh sao suốt Ví Dụ"
SESSION, PAST_SESSION = "Phiên chấm điểm thứ hai, đợt 2 năm 2026", "Phiên chấm điểm đợt 1 năm 2026"
DISPUTED, FIVE_STARS = "Rượu nhung hươu Đồi Ví Dụ", "Nước mắm cốt nhĩ Biển Mẫu"


# --- ways to a page ------------------------------------------------------------------------------------


def at(path: str) -> Callable[[Page], None]:
    """The page of an address."""
    return lambda page: page.goto(path)


def found(kind: str, name: str, *links: str) -> Callable[[Page], None]:
    """The page of a dossier or product found by its name, then on by links or buttons."""

    def go(page: Page) -> None:
        page.goto(f"/{kind}/?q={quote(name)}")
        page.locator("main tbody th a", has_text=name).first.click()
        for link in links:
            press(page, link)

    return go


def press(page: Page, name: str) -> None:
    """Follow the link or press the button with this name; one in a closed menu after opening it."""
    target = (
        page.locator("main")
        .get_by_role("link", name=name)
        .or_(page.locator("main").get_by_role("button", name=name))
    )
    try:
        target.first.click(timeout=3_000)
    except PlaywrightTimeout:
        page.get_by_role("button", name="Việc khác").click()
        target.first.click()


def then(*steps: Callable[[Page], None]) -> Callable[[Page], None]:
    """One way after another."""

    def go(page: Page) -> None:
        for step in steps:
            step(page)

    return go


def pressing(name: str) -> Callable[[Page], None]:
    return lambda page: press(page, name)


def further(page: Page) -> None:
    """A little down, where what stays beside the page stands whole."""
    page.wait_for_url("**/kiem-tra/")
    page.evaluate("window.scrollTo(0, 330)")


def typing(text: str) -> Callable[[Page], None]:
    """Type into the search box of the frame and wait for what it offers."""

    def go(page: Page) -> None:
        page.goto("/")
        box = page.locator("input[name=q]:visible").first
        if not box.count():
            page.get_by_role("link", name="Tìm kiếm").first.click()
            box = page.locator("input[name=q]:visible").first
        box.press_sequentially(text, delay=30)
        page.wait_for_timeout(1200)

    return go


# --- what has to be there first ------------------------------------------------------------------------


def photographed(page: Page) -> None:
    """The pictures page of the draft's product, with two drawn pictures when it has none."""
    found("san-pham", DRAFT, "Ảnh sản phẩm")(page)
    if page.locator(".photo-item").count():
        return
    files = [upload(f"anh-{number}.jpg", "image/jpeg", drawn(number)) for number in (1, 2)]
    page.set_input_files("input[type=file]", files)
    press(page, "Tải ảnh lên")
    page.locator(".photo-item").nth(1).wait_for()
    for number, words in enumerate(("Hộp bột rau má 200 g", "Gói dùng thử 50 g"), 1):
        item = page.locator(".photo-item").nth(number - 1)
        item.locator("input[name=caption]").fill(words)
        item.get_by_role("button", name="Lưu").click()
        page.get_by_text("Đã lưu chú thích").wait_for()
    page.reload()


def upload(name: str, kind: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": kind, "buffer": content}


def drawn(number: int) -> bytes:
    """A picture of a box on a table: plainly a drawing, nobody's photograph."""
    image = Image.new("RGB", (1200, 900), "#E9EFE4")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 640, 1200, 900), fill="#C9B48A")
    left, right, top = (400, 800, 170) if number == 1 else (470, 730, 330)
    draw.rounded_rectangle((left, top, right, 760), 24, fill="#2E7D4F")
    draw.rounded_rectangle((left + 40, top + 90, right - 40, 620), 12, fill="#F6F3E7")
    middle, half = (left + right) // 2, (right - left) // 5
    draw.ellipse((middle - half, top + 140, middle + half, top + 140 + 2 * half), fill="#6BA368")
    out = io.BytesIO()
    image.save(out, "JPEG", quality=88)
    return out.getvalue()


def judge(page: Page, verdict: str, note: str) -> None:
    """Give the papers of the dossier this verdict and wait until it is kept."""
    part = page.locator("#phan-minh-chung")
    if part.get_by_label(verdict, exact=True).is_checked() and part.locator("textarea").input_value() == note:
        return
    part.locator("textarea").fill(note)
    part.get_by_label(verdict, exact=True).check()
    page.locator("[data-saved-word]", has_text="Đã lưu lúc").wait_for()
    page.reload()


def lacking(page: Page) -> None:
    """The filed dossier with one section that the entity has to mend."""
    found("ho-so", FILED, "Kiểm tra hồ sơ")(page)
    judge(page, "Cần bổ sung", "Phiếu kiểm nghiệm đã quá 12 tháng: nộp phiếu mới, có chỉ tiêu vi sinh.")


def checked(page: Page) -> None:
    """The filed dossier with every section in order and Mẫu 03 written, as before a proposal."""
    found("ho-so", FILED, "Kiểm tra hồ sơ")(page)
    judge(page, "Đạt", "")
    rest = page.get_by_role("button", name="Các phần còn lại đều đạt")
    if rest.count():
        rest.click()
        page.get_by_role("button", name="Ghi Đạt").click()
        page.wait_for_load_state()
    page.get_by_role("link", name="Mẫu 03").first.click()
    for box in page.locator("main form textarea").all():
        if not box.input_value():
            box.fill("Nguyên liệu và lao động của xã; cách trồng gắn với tập quán sản xuất tại địa phương.")
    for name, words in (("signer_name", "Nguyễn Văn Mẫu"), ("signer_position", "Phó Chủ tịch UBND xã")):
        page.fill(f"[name={name}]", words)
    press(page, "Lưu, về trang kiểm tra")
    page.wait_for_url("**/kiem-tra/")


def imported(page: Page) -> None:
    """The check of a workbook with good and bad rows, uploaded when it is not there yet."""
    page.goto("/nhap-du-lieu/")
    known = page.get_by_role("link", name="danh-sach-2024.xlsx")
    if known.count():
        known.first.click()
        return
    page.set_input_files("#id_file", upload("danh-sach-2024.xlsx", XLSX, workbook()))
    press(page, "Tải lên và kiểm tra")
    page.get_by_text("Dòng trong tệp", exact=True).wait_for(timeout=60_000)


def workbook() -> bytes:
    """A list as offices keep it: old communes with their districts, and some mistakes."""
    book = Workbook()
    sheet = book.active
    sheet.append(
        [
            "Tên sản phẩm",
            "Tên chủ thể",
            "Xã/phường",
            "Huyện (cũ)",
            "Hạng sao",
            "Số quyết định",
            "Ngày quyết định",
        ]
    )
    for row in (
        (
            "Mật ong hoa keo Ví Dụ",
            "HTX Nhung hươu Ví Dụ Hương Sơn",
            "Xã Hương Sơn",
            "",
            3,
            "12/QĐ-MH",
            "15/06/2024",
        ),
        (
            "Bánh đa vừng Ví Dụ",
            "Hộ Bánh đa Ví Dụ",
            "Phường Đại Nài",
            "TP Hà Tĩnh",
            3,
            "12/QĐ-MH",
            "15/06/2024",
        ),
        ("Nước mắm Mẫu", "HTX Nước mắm Mẫu", "Cẩm Nhượng", "Cẩm Xuyên", "4 sao", "12/QĐ-MH", "2024"),
        ("Cam giòn Ví Dụ", "HTX Cam Ví Dụ Vũ Quang", "Xã Vũ Quang", "", 6, "12/QĐ-MH", "15/06/2024"),
        ("Chè búp Mẫu", "Tổ hợp tác Chè Mẫu", "Xã Không Có", "", 3, "12/QĐ-MH", "31/02/2024"),
    ):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def columns_open(page: Page) -> None:
    page.goto("/san-pham/")
    page.locator("main summary, main button").filter(has_text="Cột").first.click()


# --- at the council's table ---------------------------------------------------------------------------


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


def last_row(page: Page) -> None:
    page.locator("main tbody th a").last.click()


def seen(selector: str) -> Callable[[Page], None]:
    """Scroll until this part stands at the top of the window."""
    return lambda page: page.locator(selector).first.evaluate(
        "part => window.scrollTo(0, part.getBoundingClientRect().top + scrollY - 130)"
    )


# --- the pictures --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Picture:
    """`name` of the file, the demonstration account who sees the page, the way to it."""

    name: str
    who: str
    way: Callable[[Page], None]


ENTITY, COMMUNE, PROVINCE = "chuthe1", "xa.cambinh", "vanphong"
MEMBER, SECRETARY, CHAIR = "hoidong5", "thuky", "hoidong1"
PICTURES = (
    Picture("dang-nhap", "", at("/dang-nhap/")),
    Picture("chu-the-viec-cua-toi", ENTITY, at("/")),
    Picture("chu-the-thong-tin", ENTITY, found("chu-the", OWNER)),
    Picture("chu-the-sua", ENTITY, found("chu-the", OWNER, "Sửa thông tin")),
    Picture("chu-the-anh", ENTITY, photographed),
    Picture("chu-the-san-pham", ENTITY, found("san-pham", DRAFT)),
    Picture("chu-the-ho-so", ENTITY, found("ho-so", DRAFT)),
    Picture("chu-the-soan", ENTITY, found("ho-so", DRAFT, "Soạn tiếp")),
    Picture("chu-the-minh-chung", ENTITY, found("ho-so", RETURNED, "minh chứng")),
    Picture("chu-the-tu-danh-gia", ENTITY, found("ho-so", DRAFT, "Tự đánh giá")),
    Picture("chu-the-tra-lai", ENTITY, found("ho-so", RETURNED)),
    Picture("chu-the-rut", ENTITY, found("ho-so", DRAFT, "Rút hồ sơ…")),
    Picture("chu-the-thong-bao", ENTITY, at("/thong-bao/")),
    Picture("thong-bao-tuy-chon", ENTITY, at("/thong-bao/tuy-chon/")),
    Picture("xa-viec-cua-toi", COMMUNE, at("/")),
    Picture("xa-tra-lai", COMMUNE, then(lacking, pressing("Trả lại chủ thể"))),
    Picture("xa-kiem-tra", COMMUNE, then(found("ho-so", FILED, "Kiểm tra hồ sơ"), further)),
    Picture("xa-ho-so", COMMUNE, at("/xa/ho-so/")),
    Picture("xa-mau-03", COMMUNE, then(checked, pressing("Mẫu 03"))),
    Picture("xa-de-nghi", COMMUNE, then(checked, pressing("Đề nghị tỉnh đánh giá"))),
    Picture("xa-giay-tiep-nhan", COMMUNE, found("ho-so", FILED, "Giấy tiếp nhận")),
    Picture("xa-nhap-thay", COMMUNE, at("/xa/nhap-ho-so/")),
    Picture("xa-tai-khoan", COMMUNE, found("chu-the", OWNER, "Quản lý tài khoản")),
    Picture("tinh-viec-cua-toi", PROVINCE, at("/")),
    Picture("tinh-tiep-nhan", PROVINCE, at("/danh-gia/tiep-nhan/")),
    Picture("tinh-dot", PROVINCE, then(at("/danh-gia/dot/"), pressing("Đợt 2 năm"))),
    Picture("tinh-to-tu-van", PROVINCE, found("ho-so", ACCEPTED, "Đợt đánh giá, Tổ tư vấn")),
    Picture("tinh-tien-trinh", PROVINCE, at("/ho-so/tien-trinh/")),
    Picture("tinh-nhap-du-lieu", PROVINCE, imported),
    Picture("tinh-chu-the-trung", PROVINCE, at("/chu-the/co-the-trung/")),
    Picture("tinh-cong-nhan", PROVINCE, found("san-pham", RECOGNISED, "Ghi kết quả trước đây")),
    Picture("tinh-san-pham", PROVINCE, columns_open),
    Picture("tinh-tim", PROVINCE, typing("banh da")),
    Picture("tinh-phien-hop", PROVINCE, held(SESSION)),
    Picture("tinh-to-trinh", PROVINCE, then(at("/danh-gia/to-trinh/"), last_row)),
    Picture("tinh-trinh-bo", PROVINCE, resulted(FIVE_STARS, "Hồ sơ trình Bộ")),
    Picture("tinh-danh-muc", PROVINCE, at("/danh-gia/danh-muc/")),
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
    Picture("chu-tich-cach-cham", CHAIR, then(held(PAST_SESSION), seen(".calibration-table"))),
)  # fmt: skip


@contextmanager
def signed_in(browser: Browser, address: str, who: str, screen: str) -> Iterator[Page]:
    """A window of this width in which this account is signed in (nobody when `who` is empty)."""
    width, height = SCREENS[screen]
    context = browser.new_context(
        base_url=address, viewport={"width": width, "height": height}, has_touch=screen in TOUCH,
        locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", reduced_motion="reduce",
    )  # fmt: skip
    page = context.new_page()
    page.set_default_timeout(10_000)
    if who:
        page.goto("/dang-nhap/")
        page.fill("#id_username", who)
        page.fill("#id_password", PASSWORD)
        page.press("#id_password", "Enter")
        page.get_by_role("heading", name="Việc của tôi").first.wait_for()
    yield page
    context.close()


def small(picture: bytes) -> bytes:
    """The same PNG with as many colours as fit into LARGEST bytes; rare ones (a star, a warning) stay."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    for colours in COLOURS:
        out = io.BytesIO()
        few = image.quantize(colours, Image.Quantize.MAXCOVERAGE, kmeans=1, dither=Image.Dither.NONE)
        few.save(out, "PNG", optimize=True)
        if out.tell() <= LARGEST:
            break
    return out.getvalue()


def is_named(name: str) -> bool:
    """Does the guide show this picture?"""
    return any(f"(img/{name})" in page.read_text() for page in GUIDE.glob("*.md"))


def take(page: Page, picture: Picture, screen: str, whole: Path | None) -> None:
    """Go there and keep what stands in the window when the guide shows it; with `whole` the full page too."""
    name = f"{picture.name}-{screen}.png"
    if not whole and not is_named(name):
        return
    picture.way(page)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(300)
    if is_named(name):
        (FOLDER / name).write_bytes(small(page.screenshot()))
    if whole:
        whole.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=whole / name, full_page=True)
    print(name, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description="Chụp lại hình của hướng dẫn sử dụng")
    parser.add_argument("address", help="địa chỉ máy chủ, ví dụ http://127.0.0.1:8000")
    parser.add_argument("--only", default="", help="chỉ những hình có tên bắt đầu như vậy")
    parser.add_argument("--whole", type=Path, help="thư mục giữ thêm hình cả trang, để soát")
    options = parser.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = [picture for picture in PICTURES if picture.name.startswith(options.only)]
    failed = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(CHROMIUM))
        for screen in SCREENS:
            for who in dict.fromkeys(picture.who for picture in wanted):
                with signed_in(browser, options.address, who, screen) as page:
                    for picture in (one for one in wanted if one.who == who):
                        try:
                            take(page, picture, screen, options.whole)
                        except Exception as error:  # the other pictures are still wanted
                            failed.append(f"{picture.name} {screen}: {error}")
        browser.close()
    if failed:
        raise SystemExit("\n\n".join(["Không chụp được:", *failed]))


if __name__ == "__main__":
    main()
