"""Rows of the `facts` component: what a page says of an entity, a product, a dossier."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html

from core.numbers import format_date, format_datetime, format_money, format_number
from products.enums import DossierKind, LegalForm, SalesChannel
from products.models import DeskCheck, Dossier, DossierVersion, Entity, Product

Rows = list[tuple[str, Any]]


def link(url_name: str, obj: Any) -> str:
    """The object's name as a link to its page."""
    return format_html('<a href="{}">{}</a>', reverse(url_name, args=[obj.pk]), obj)


def of_entity(entity: Entity) -> Rows:
    person = ", ".join(filter(None, [entity.representative, entity.representative_position]))
    return [
        ("Loại hình", _legal_form(entity)),
        ("Mã số thuế", entity.tax_code),
        ("Đăng ký", _registration(entity)),
        ("Ngày thành lập", format_date(entity.founded_on)),
        ("Củng cố, nâng cấp", format_date(entity.strengthened_on)),
        ("Địa chỉ", entity.address),
        ("Xã, phường", entity.commune),
        ("Người đại diện", person),
        ("Điện thoại", entity.phone),
        ("Thư điện tử", entity.email),
        ("Lao động", _workers(entity)),
    ]


def _legal_form(entity: Entity) -> str:
    label = entity.get_legal_form_display()
    return f"{label} (do hệ thống đoán, cần xác nhận)" if entity.legal_form_guessed else label


def _registration(entity: Entity) -> str:
    """ "Số 28A8-001, ngày 05/11/2020, Phòng Kinh tế xã Cẩm Bình"; only what is known."""
    number = f"Số {entity.registration_number}" if entity.registration_number else ""
    day = f"ngày {format_date(entity.registered_on)}" if entity.registered_on else ""
    return ", ".join(filter(None, [number, day, entity.registered_by]))


def _workers(entity: Entity) -> str:
    if entity.workers_total is None:
        return ""
    local = "" if entity.workers_local is None else f", tại địa phương {entity.workers_local}"
    return f"{entity.workers_total} người{local}"


def _set_of(product: Product) -> str:
    mark = " (do hệ thống đoán, cần xác nhận)" if product.set_guessed else ""
    return f"{product.product_set}{mark}"


def of_product(product: Product) -> Rows:
    return [
        ("Mã số sản phẩm", product.code),
        ("Chủ thể", link("products:entity", product.entity)),
        ("Xã, phường", product.commune),
        ("Bộ sản phẩm", _set_of(product)),
        ("Nhóm", product.product_set.group),
        ("Tình trạng", product.get_status_display()),
        ("Quy cách", product.specification),
        ("Giá bán", _price(product)),
        ("Kênh bán hàng", ", ".join(SalesChannel(name).label for name in product.sales_channels)),
        ("Phân loại theo kế hoạch", product.get_origin_display()),
        ("Sản phẩm chủ lực", "Có" if product.is_flagship else "Không"),
    ]


def _price(product: Product) -> str:
    if product.price is None:
        return ""
    unit = f" / {product.price_unit}" if product.price_unit else ""
    return f"{format_money(product.price)}{unit}"


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
        *([("Lý do nộp muộn", dossier.late_reason)] if dossier.late_reason else []),
    ]


def of_entity_as_filed(snapshot: dict[str, Any]) -> Rows:
    """The entity's data on the day of filing."""
    entity = snapshot["entity"]
    person = ", ".join(filter(None, [entity["representative"], entity.get("representative_position", "")]))
    return [
        ("Tên chủ thể", entity["name"]),
        ("Loại hình", LegalForm(entity["legal_form"]).label),
        ("Mã số thuế", entity["tax_code"]),
        ("Số đăng ký kinh doanh", entity.get("registration_number", "")),
        ("Địa chỉ", ", ".join(filter(None, [entity["address"], entity["commune"]]))),
        ("Người đại diện", person),
        ("Điện thoại", entity["phone"]),
        ("Lao động", workforce_as_filed(snapshot)),
    ]


def workforce_as_filed(snapshot: dict[str, Any]) -> str:
    """Workers of the entity on the day of filing, and the share of local ones."""
    entity = snapshot.get("entity", {})
    total, local = entity.get("workers_total"), entity.get("workers_local")
    if total is None:
        return ""
    if not total or local is None:
        return f"{total} người"
    return f"{total} người, tại địa phương {local} ({format_number(100 * local / total, 1)} %)"


def of_receipt(version: DossierVersion, receipt: DeskCheck) -> Rows:
    """What the printed receipt says."""
    dossier, snapshot = version.dossier, version.snapshot or {}
    entity = snapshot.get("entity", {})
    return [
        ("Chủ thể nộp hồ sơ", entity.get("name", dossier.product.entity.name)),
        ("Người đại diện", entity.get("representative", "")),
        ("Điện thoại", entity.get("phone", "")),
        ("Sản phẩm", f"{dossier.product}, {dossier.product.product_set}"),
        ("Hình thức đăng ký", f"{dossier.get_kind_display()}, năm {dossier.year}"),
        ("Số phiếu đăng ký", dossier.number),
        ("Lần nộp", f"{version.number}, lúc {format_datetime(version.submitted_at)}"),
        ("Giấy tờ minh chứng", f"{version.evidences.count()} tệp"),
        ("Sản phẩm mẫu", _samples(version, receipt)),
        ("Mã băm SHA-256 của hồ sơ", version.sha256),
    ]


def _samples(version: DossierVersion, receipt: DeskCheck) -> str:
    if version.dossier.is_tourism:
        return "Không nộp mẫu (dịch vụ du lịch)"
    if receipt.samples_received is None:
        return f"{version.samples} mẫu theo hồ sơ, chưa giao nhận"
    return f"đã nhận {receipt.samples_received} mẫu"
