"""What the desks of the demonstration do with a filed dossier: verdicts, samples, Mẫu 03."""

from typing import Any

from core.text import lower_first
from products import completeness, services
from products.models import Dossier
from reports.demo.registry import Entry

TITLE = "Phó Chủ tịch UBND xã"


def find_lacking(dossier: Dossier, lacking: dict[str, str], *, by: Any) -> None:
    """A check that ends in a return: the named sections with their reasons, the rest in order."""
    for section, note in lacking.items():
        services.check_section(dossier, section=section, verdict="lacking", note=note, by=by)
    services.pass_rest(dossier, by=by)


def find_in_order(entry: Entry, dossier: Dossier) -> None:
    """A check by the commune that ends in a proposal, with samples counted and Mẫu 03 written."""
    officer = entry.officer
    services.pass_rest(dossier, by=officer)
    if not dossier.is_tourism:
        services.count_samples(dossier, count=completeness.SAMPLES_REQUIRED, by=officer)
    services.save_commune_report(dossier, by=officer, data=report(entry), revision=0)


def begin(entry: Entry, dossier: Dossier) -> None:
    """A check the officer has only begun."""
    for section in ("chu-the", "dang-ky", "cau-chuyen"):
        services.check_section(dossier, section=section, verdict="ok", note="", by=entry.officer)


def report(entry: Entry) -> dict[str, str]:
    """Columns of Mẫu 03, put together from the data of the product."""
    entity, product = entry.entity_data, entry.data
    total, local = entity["workers"]
    commune = entry.product.commune
    return {
        "local_material": _material(product),
        "local_labour": (
            f"Sử dụng {total} lao động, trong đó {local} người địa phương "
            f"({round(100 * local / total)}%); việc làm thường xuyên."
        ),
        "idea_origin": product["tale"],
        "local_identity": (
            f"{product['about']} Cách làm gắn với tập quán sản xuất của {lower_first(commune.name)}; "
            "các hộ trong vùng cùng tham gia và hưởng lợi."
        ),
        "conclusion": (
            f"UBND {lower_first(commune.name)} xác nhận các nội dung trên và đề nghị cơ quan tham mưu OCOP "
            "cấp tỉnh tiếp nhận, tổ chức đánh giá, phân hạng sản phẩm."
        ),
        "signer_name": f"Lãnh đạo Xã {commune.short_name}",
        "signer_position": TITLE,
    }


def _material(product: dict[str, Any]) -> str:
    if "raw" not in product:
        return "Dịch vụ dùng cảnh quan, sản vật và bếp ăn của các hộ trong xã."
    return (
        f"Nguyên liệu chính là {product['raw']}, lấy từ {product.get('area', 'địa bàn xã')}. "
        "Chủ thể chủ động nguồn nguyên liệu, có sổ ghi theo từng lô."
    )
