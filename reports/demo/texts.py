"""What the made-up entities write in Mẫu 01 and Mẫu 02, put together from the data of each product."""

from typing import Any

from core.numbers import format_number

UNITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
# Evidence named beside a choice of the self-assessment, by the beginning of the criterion's title.
EVIDENCE = {
    "Nguồn nguyên liệu": "Bảng kê thu mua năm 2025; nguyên liệu từ {area}.",
    "Sử dụng lao động địa phương": "Danh sách {total} lao động, trong đó {local} người trong xã.",
    "Liên kết": "Hợp đồng tiêu thụ năm 2026 kèm hồ sơ.",
    "Khu vực phân phối": "Kênh bán: {channels}.",
    "Câu chuyện sản phẩm": "Tờ rơi và bảng giới thiệu đặt tại cơ sở.",
    "Sở hữu trí tuệ": "Giấy tờ nhãn hiệu kèm hồ sơ (minh họa).",
}


def number_words(number: int) -> str:
    """A number below 100 in capitals, for made-up names: 21 gives "Hai Mươi Mốt"."""
    tens, ones = divmod(number, 10)
    if tens == 0:
        words = [UNITS[ones]]
    else:
        words = ["mười"] if tens == 1 else [UNITS[tens], "mươi"]
        if ones:
            words.append({1: "một" if tens == 1 else "mốt", 5: "lăm"}.get(ones, UNITS[ones]))
    return " ".join(words).title()


def registration(entity: dict[str, Any], product: dict[str, Any]) -> dict[str, Any]:
    """Columns of a dossier's version (see products.completeness.DRAFT_FIELDS)."""
    is_tourism = product["set"] == 26
    return {
        "story": _story(entity, product),
        "materials": "" if is_tourism else _materials(product),
        "production": _production(entity, product),
        "market": _market(product),
        "results": _results(entity, product),
        "plan_ahead": _plan_ahead(product),
        "changes_since": product.get("changes", ""),
        "samples": 0 if is_tourism else 5,
    }


def half_written(entity: dict[str, Any], product: dict[str, Any]) -> dict[str, Any]:
    """The same while the entity is still writing."""
    return {name: registration(entity, product)[name] for name in ("story", "materials", "production")}


def just_begun(entity: dict[str, Any], product: dict[str, Any]) -> dict[str, Any]:
    """The first paragraph of a draft."""
    return {"story": product["tale"]}


def evidence(title: str, entity: dict[str, Any], product: dict[str, Any]) -> str:
    """The note beside a choice, for the criteria people usually explain; empty for the others."""
    total, local = entity["workers"]
    facts = {
        "total": total,
        "local": local,
        "area": product.get("area", "trong xã"),
        "channels": product["channels"],
    }
    return next((text.format(**facts) for start, text in EVIDENCE.items() if title.startswith(start)), "")


def _story(entity: dict[str, Any], product: dict[str, Any]) -> str:
    since = entity["founded"].year
    return (
        f"{product['tale']} {product['about']} "
        f"Cơ sở làm sản phẩm này tại {entity['commune']} từ năm {since}; "
        "người làm chủ yếu là lao động trong xã."
    )


def _materials(product: dict[str, Any]) -> str:
    return (
        f"Nguyên liệu chính: {product['raw']}, lấy từ {product['area']}. "
        "Cơ sở ký hợp đồng thu mua với hộ trồng, nuôi ngay đầu vụ và ghi sổ theo dõi từng lô."
    )


def _production(entity: dict[str, Any], product: dict[str, Any]) -> str:
    total, local = entity["workers"]
    return (
        f"Các bước thực hiện: {product['steps']}. Năng lực hiện tại {product['output']}. "
        f"Cơ sở có {total} lao động, trong đó {local} người địa phương; "
        "nước thải và phế phẩm được thu gom, xử lý."
    )


def _market(product: dict[str, Any]) -> str:
    return (
        f"Sản phẩm bán qua {product['channels']}. Quy cách: {_lower(product['spec'])}. "
        "Cơ sở có người phụ trách bán hàng và tham gia các đợt giới thiệu sản phẩm của tỉnh."
    )


def _results(entity: dict[str, Any], product: dict[str, Any]) -> str:
    revenue = format_number(product["revenue"])
    growth = product["growth"]
    change = f"tăng {growth} % so với năm 2024" if growth else "là năm đầu có doanh thu ổn định"
    return (
        f"Năm 2025: sản lượng {product['output']}, doanh thu {revenue} triệu đồng, {change}. "
        f"Thu nhập bình quân của {entity['workers'][0]} lao động được duy trì ổn định quanh năm."
    )


def _plan_ahead(product: dict[str, Any]) -> str:
    wanted = format_number(round(product["revenue"] * 1.2, -1))
    return (
        f"{product['ahead']} Phấn đấu năm 2027 đạt doanh thu {wanted} triệu đồng và giữ ổn định chất lượng."
    )


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
