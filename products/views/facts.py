"""Rows of the `facts` component: what a page says of an entity, a product, a dossier."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html

from core.numbers import format_date, format_datetime
from products.enums import DossierKind
from products.models import Dossier, DossierVersion, Entity, Product

Rows = list[tuple[str, Any]]


def link(url_name: str, obj: Any) -> str:
    """The object's name as a link to its page."""
    return format_html('<a href="{}">{}</a>', reverse(url_name, args=[obj.pk]), obj)


def of_entity(entity: Entity) -> Rows:
    person = ", ".join(filter(None, [entity.representative, entity.representative_position]))
    return [
        ("Loại hình", entity.get_legal_form_display()),
        ("Mã số thuế", entity.tax_code),
        ("Số đăng ký kinh doanh", entity.registration_number),
        ("Ngày thành lập", format_date(entity.founded_on)),
        ("Địa chỉ", entity.address),
        ("Xã, phường", entity.commune),
        ("Người đại diện", person),
        ("Điện thoại", entity.phone),
        ("Thư điện tử", entity.email),
        ("Lao động", _workers(entity)),
    ]


def _workers(entity: Entity) -> str:
    if entity.workers_total is None:
        return ""
    local = "" if entity.workers_local is None else f", tại địa phương {entity.workers_local}"
    return f"{entity.workers_total} người{local}"


def of_product(product: Product) -> Rows:
    return [
        ("Mã số sản phẩm", product.code),
        ("Chủ thể", link("products:entity", product.entity)),
        ("Xã, phường", product.commune),
        ("Bộ sản phẩm", product.product_set),
        ("Nhóm", product.product_set.group),
        ("Quy cách", product.specification),
        ("Phân loại theo kế hoạch", product.get_origin_display()),
        ("Sản phẩm chủ lực", "Có" if product.is_flagship else "Không"),
    ]


def line_of(dossier: Dossier) -> str:
    """The one line of context under a dossier's title: number, entity, set."""
    product = dossier.product
    return " · ".join(filter(None, [dossier.number, product.entity.name, str(product.product_set)]))


def of_registration(dossier: Dossier) -> Rows:
    """What Mẫu 01 already knows, above the fields still to fill."""
    return [
        ("Hình thức đăng ký", dossier.get_kind_display()),
        ("Năm đánh giá", str(dossier.year)),
        ("Sản phẩm", link("products:product", dossier.product)),
        ("Bộ sản phẩm", dossier.product.product_set),
        ("Chủ thể", link("products:entity", dossier.product.entity)),
    ]


def of_snapshot(snapshot: dict[str, Any]) -> Rows:
    """Who filed what, as it was on the day of filing."""
    entity, product, dossier = snapshot["entity"], snapshot["product"], snapshot["dossier"]
    return [
        ("Số phiếu đăng ký", dossier["number"]),
        ("Hình thức đăng ký", DossierKind(dossier["kind"]).label),
        ("Sản phẩm", product["name"]),
        ("Mã số sản phẩm", product["code"]),
        ("Bộ sản phẩm", f"Bộ {product['set']['number']} - {product['set']['name']}"),
        ("Chủ thể", entity["name"]),
        ("Người đại diện", entity["representative"]),
        ("Địa chỉ", ", ".join(filter(None, [entity["address"], dossier["commune"]["name"]]))),
    ]


def of_version(version: DossierVersion) -> Rows:
    return [
        ("Lần nộp", str(version.number)),
        ("Nộp lúc", format_datetime(version.submitted_at)),
        ("Người nộp", version.submitted_by),
    ]


def of_dossier(dossier: Dossier) -> Rows:
    letter = dossier.proposal_number
    if letter and dossier.proposed_on:
        letter += f", ngày {format_date(dossier.proposed_on)}"
    return [
        ("Số phiếu đăng ký", dossier.number),
        ("Mã số sản phẩm", dossier.product.code),
        ("Hình thức đăng ký", dossier.get_kind_display()),
        ("Năm đánh giá", str(dossier.year)),
        ("Sản phẩm", link("products:product", dossier.product)),
        ("Chủ thể", link("products:entity", dossier.product.entity)),
        ("Xã, phường", dossier.commune),
        ("Bộ sản phẩm", dossier.product.product_set),
        ("Nộp lần đầu", format_datetime(dossier.submitted_at)),
        ("Công văn đề nghị", letter),
    ]
