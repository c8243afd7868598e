"""The desk of a commune."""

from playwright.sync_api import Page

from guide.entity import OWNER
from guide.ways import Picture, at, found, press, pressing, then

FILED = "Nấm rơm tươi Ví Dụ"


def further(page: Page) -> None:
    """A little down, where what stays beside the page stands whole."""
    page.wait_for_url("**/kiem-tra/")
    page.evaluate("window.scrollTo(0, 330)")


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


COMMUNE = "xa.cambinh"
PICTURES = (
    Picture("xa-viec-cua-toi", COMMUNE, at("/")),
    Picture("xa-tra-lai", COMMUNE, then(lacking, pressing("Trả lại chủ thể"))),
    Picture("xa-kiem-tra", COMMUNE, then(found("ho-so", FILED, "Kiểm tra hồ sơ"), further)),
    Picture("xa-ho-so", COMMUNE, at("/xa/ho-so/")),
    Picture("xa-mau-03", COMMUNE, then(checked, pressing("Mẫu 03"))),
    Picture("xa-de-nghi", COMMUNE, then(checked, pressing("Đề nghị tỉnh đánh giá"))),
    Picture("xa-giay-tiep-nhan", COMMUNE, found("ho-so", FILED, "Giấy tiếp nhận")),
    Picture("xa-nhap-thay", COMMUNE, at("/xa/nhap-ho-so/")),
    Picture("xa-ke-hoach", COMMUNE, at("/ke-hoach/cam-binh-2026/")),
    Picture("xa-tai-khoan", COMMUNE, found("chu-the", OWNER, "Quản lý tài khoản")),
)
