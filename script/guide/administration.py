"""The administrator: accounts of the province."""

from playwright.sync_api import Page

from guide.ways import Picture, at, pressing, seen, then

ADMINISTRATOR = "quantri"
PASTED = (
    "Nguyễn Thị Hoà\tCẩm Bình\tCông chức Phòng Kinh tế\t0912 345 678\thoa@example.com\n"
    "Trần Văn Bảy\tCẩm Xuyênn\tPhó Chủ tịch UBND xã\t0912 345\n"
)


def paste(page: Page) -> None:
    page.fill("textarea", PASTED)


PICTURES = (
    Picture("quan-tri-tai-khoan", ADMINISTRATOR, at("/tai-khoan/")),
    Picture(
        "quan-tri-mo-nhieu",
        ADMINISTRATOR,
        then(at("/tai-khoan/nhieu/"), paste, pressing("Kiểm tra danh sách"), seen("textarea")),
    ),
)
