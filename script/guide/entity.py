"""The pages of an entity."""

import io

from PIL import Image, ImageDraw
from playwright.sync_api import Page

from guide.ways import Picture, at, found, press, upload

DRAFT, RETURNED = "Bột rau má sấy lạnh Đồng Mẫu", "Dưa lưới nhà màng Đồng Mẫu"
OWNER = "HTX Nông nghiệp Minh Họa Cẩm Bình"


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


ENTITY = "chuthe1"
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
)
