"""Open data: the public catalogue as JSON and CSV, described by OpenAPI (`/api/v1/openapi.json`).

Everything starts from `queries.catalogue.shown_today`: what a visitor of the pages does not see is not here.
"""

import csv
import io
from datetime import date
from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import NinjaAPI, Query, Schema, Status
from ninja.errors import ValidationError
from ninja.renderers import JSONRenderer
from pydantic import Field

from core.workbooks import FORMULA_MARKS
from evaluation.queries.catalogue import Filters, PublicProduct, as_public, find, public_page, public_product

# Excel reads UTF-8 only with this mark in front.
BOM = "\ufeff"
LARGEST_PAGE = 200


class ReadableJSON(JSONRenderer):
    """Vietnamese letters as they are, not as numbers."""

    json_dumps_params = {"ensure_ascii": False}


api = NinjaAPI(
    renderer=ReadableJSON(),
    title="Dữ liệu mở sản phẩm OCOP",
    version="1",
    description=(
        "Danh mục sản phẩm OCOP đã được công nhận, đang có hiệu lực và đã được tỉnh công khai. Không cần "
        "đăng nhập, không có dữ liệu cá nhân. Mỗi địa chỉ mạng được hỏi 120 lần mỗi phút; câu trả lời dùng "
        "lại được trong 5 phút."
    ),
    docs_url=None,
    urls_namespace="api",
)


class ProductFilters(Schema):
    q: str = Field("", max_length=100, description="Từ cần tìm trong tên sản phẩm, chủ thể; không cần dấu.")
    xa: str = Field("", pattern=r"^(\d{5})?$", description="Mã xã, phường 5 chữ số (QĐ 19/2025/QĐ-TTg).")
    bo: int | None = Field(None, ge=1, le=26, description="Số của bộ sản phẩm, 1 đến 26 (QĐ 26/2026/QĐ-TTg).")
    sao: Literal["3", "4", "5"] | None = Field(None, description="Hạng sao.")

    def as_filters(self) -> Filters:
        params = {"q": self.q, "xa": self.xa, "bo": str(self.bo or ""), "sao": self.sao or ""}
        return Filters.read(params)


class Paging(Schema):
    trang: int = Field(1, ge=1, le=100_000, description="Trang, từ 1.")
    co: int = Field(50, ge=1, le=LARGEST_PAGE, description="Số sản phẩm mỗi trang.")


class ProductOut(Schema):
    """A product of the list."""

    slug: str = Field(description="Mã công khai của sản phẩm, dùng trong địa chỉ.")
    name: str = Field(description="Tên sản phẩm.")
    code: str = Field(description="Mã số sản phẩm T-X-STT-năm; có thể trống với kết quả cũ.")
    stars: int = Field(description="Hạng sao được công nhận, 3 đến 5.")
    set_number: int = Field(description="Số của bộ sản phẩm.")
    set_name: str = Field(description="Tên bộ sản phẩm.")
    group: str = Field(description="Nhóm sản phẩm.")
    family: str = Field(description="Ngành sản phẩm.")
    specification: str = Field(description="Quy cách.")
    entity: str = Field(description="Tên chủ thể.")
    commune: str = Field(description="Xã, phường, đặc khu.")
    commune_code: str = Field(description="Mã xã, phường 5 chữ số.")
    province: str = Field(description="Tỉnh, thành phố.")
    province_code: str = Field(description="Mã tỉnh 2 chữ số.")
    decision_number: str = Field(description="Số quyết định công nhận; có thể trống với kết quả cũ.")
    decided_on: date | None = Field(description="Ngày quyết định; trống khi chỉ biết năm.")
    decided_year: int = Field(description="Năm quyết định.")
    decided_by: str = Field(description="Cơ quan công nhận.")
    valid_until: date | None = Field(description="Ngày cuối còn hiệu lực, kể cả gia hạn.")
    url: str = Field(description="Trang công khai của sản phẩm.")
    photos: list[str] = Field(description="Địa chỉ các ảnh (JPEG), ảnh bìa đứng đầu.")


class ProductDetail(ProductOut):
    """One product, with its story."""

    story: str = Field(description="Câu chuyện sản phẩm.")


class ProductPage(Schema):
    total: int = Field(description="Tổng số sản phẩm tìm được.")
    page: int
    pages: int
    products: list[ProductOut]


class Problem(Schema):
    detail: str


@api.exception_handler(ValidationError)
def say_what_is_wrong(request: HttpRequest, error: ValidationError) -> HttpResponse:
    names = sorted({str(part["loc"][-1]) for part in error.errors})
    return api.create_response(request, {"detail": f"Tham số không hợp lệ: {', '.join(names)}."}, status=422)


@api.get(
    "/san-pham",
    response=ProductPage,
    summary="Danh mục sản phẩm, theo trang",
    url_name="products",
    operation_id="list_products",
)
def list_products(
    request: HttpRequest, filters: Annotated[ProductFilters, Query()], paging: Annotated[Paging, Query()]
) -> dict[str, Any]:
    """Nhiều sao trước, rồi theo tên."""
    page, products = public_page(filters.as_filters(), paging.trang, paging.co)
    return {
        "total": page.paginator.count,
        "page": page.number,
        "pages": page.paginator.num_pages,
        "products": [_facts(product) for product in products],
    }


@api.get(
    "/san-pham/{slug}",
    response={200: ProductDetail, 404: Problem},
    summary="Một sản phẩm, kèm câu chuyện",
    url_name="product",
    operation_id="get_product",
)
def get_product(request: HttpRequest, slug: str) -> Any:
    """404 với sản phẩm chưa công khai, đã gỡ, hết hiệu lực hoặc bị thu hồi."""
    product = public_product(slug.replace("\x00", ""))
    if product is None:
        return Status(404, {"detail": "Không có sản phẩm này trong danh mục công khai."})
    return Status(200, {**_facts(product), "story": product.story})


COLUMNS = (
    "name", "code", "stars", "set_number", "set_name", "group", "family", "specification", "entity",
    "commune", "commune_code", "province", "province_code", "decision_number", "decided_on",
    "decided_year", "decided_by", "valid_until", "url",
)  # fmt: skip


@api.get(
    "/san-pham.csv",
    summary="Cả danh mục trong một tệp CSV",
    url_name="products_csv",
    operation_id="list_products_csv",
    openapi_extra={"responses": {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}},
)
def list_products_csv(request: HttpRequest, filters: Annotated[ProductFilters, Query()]) -> HttpResponse:
    """UTF-8 có BOM, mở được ngay bằng Excel; cùng các bộ lọc, không chia trang."""
    out = io.StringIO()
    out.write(BOM)
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for row in find(filters.as_filters()):
        facts = _facts(as_public(row))
        writer.writerow([_cell(facts[name]) for name in COLUMNS])
    response = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="san-pham-ocop.csv"'
    return response


def _cell(value: Any) -> Any:
    """Text that a spreadsheet could take for a formula is kept as text."""
    if isinstance(value, str) and value.startswith(FORMULA_MARKS):
        return f"'{value}"
    return "" if value is None else value


def _facts(product: PublicProduct) -> dict[str, Any]:
    return {
        "slug": product.slug,
        "name": product.name,
        "code": product.code,
        "stars": product.star,
        "set_number": product.product_set.number,
        "set_name": product.product_set.name,
        "group": product.product_set.group,
        "family": product.product_set.family,
        "specification": product.specification,
        "entity": product.entity,
        "commune": product.commune.name,
        "commune_code": product.commune.code,
        "province": product.province.name,
        "province_code": product.province.code,
        "decision_number": product.decision_number,
        "decided_on": product.decided_on,
        "decided_year": product.decided_year,
        "decided_by": product.decided_by,
        "valid_until": product.valid_until,
        "url": _absolute("catalogue:product", product.slug),
        "photos": [_absolute("catalogue:photo", product.slug, photo.pk) for photo in product.photos],
    }


def _absolute(name: str, *args: Any) -> str:
    return settings.SITE_URL.rstrip("/") + reverse(name, args=args)
