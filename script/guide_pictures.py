#!/usr/bin/env python3
"""Chụp lại các hình của docs/huong-dan/ từ một máy chủ đang chạy với tỉnh minh họa.

Cách dùng: .venv/bin/python script/guide_pictures.py http://127.0.0.1:8000 [--only chu-the] [--whole THU-MUC]

Retakes the pictures of the user guide: every page named in script/guide/ at 1366 px, at 390 px and on a
tablet of 1180 px, in the colours of a small PNG. It needs a server with a fresh demonstration province (and
its worker, for the import), because it adds pictures to one product, checks one dossier, uploads one workbook
and scores a criterion on the way.
"""

import argparse
import io
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from guide import administration, commune, council, entity, leadership, province, training
from guide.ways import Picture
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

GUIDE = Path(__file__).resolve().parent.parent / "docs" / "huong-dan"
FOLDER = GUIDE / "img"
PASSWORD = "OCOP-demo-2026"  # noqa: S105  of the demonstration province
SCREENS = {"may-tinh": (1366, 860), "may-tinh-bang": (1180, 820), "dien-thoai": (390, 844)}
TOUCH = ("may-tinh-bang", "dien-thoai")
LARGEST = 150_000
COLOURS = (256, 128, 96, 64, 48, 32)
CHROMIUM = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
)

PICTURES = (
    *entity.PICTURES,
    *commune.PICTURES,
    *province.PICTURES,
    *council.PICTURES,
    *training.PICTURES,
    *leadership.PICTURES,
    *administration.PICTURES,
)


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
