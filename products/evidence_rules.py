"""Which papers a dossier must hold before it is filed, by product set; the rest only raises points.

Each rule names its source: the grounds on which the table of a set excludes a dossier, or the requirement
printed beside a criterion (Phụ lục II QĐ 26/2026). Papers on which a criterion allows 0 points or a lower
level (environment, labour, intellectual property, story …) are never demanded.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from core.text import search_key
from products.enums import EvidenceGroup as Group

ALL = frozenset(range(1, 27))
FOOD = frozenset(range(1, 14))  # family I
DRINK = frozenset(range(14, 18))  # family II
HERBAL = frozenset((18, 19, 20))  # family III
# Criterion 1.1 of these sets excludes what is imported whole or of unknown origin.
ORIGIN_ASKED = frozenset((*range(7, 16), *HERBAL))


@dataclass(frozen=True)
class Rule:
    """A group of papers demanded of some sets, with what it should hold, in words."""

    group: Group
    sets: frozenset[int]
    what: str


REQUIRED: tuple[Rule, ...] = (
    # Mẫu 02 I: who the entity is; nobody is ranked without it.
    Rule(
        Group.REGISTRATION,
        ALL,
        "Giấy đăng ký hợp tác xã, doanh nghiệp, hộ kinh doanh; tổ hợp tác: hợp đồng hợp tác; trang trại: "
        "giấy chứng nhận hoặc xác nhận của xã.",
    ),
    # Sets 1-17: excluded when the food-safety certificate is lacking; 18: GMP; 19, 20: terms of the trade.
    Rule(
        Group.ELIGIBILITY,
        FOOD | DRINK | HERBAL,
        "Giấy chứng nhận cơ sở đủ điều kiện an toàn thực phẩm (GMP với thực phẩm bảo vệ sức khỏe) hoặc giấy "
        "tương đương, còn hiệu lực.",
    ),
    Rule(
        Group.MATERIAL,
        ORIGIN_ASKED,
        "Giấy tờ chứng minh nguồn gốc nguyên liệu: hợp đồng liên kết, mua bán, xác nhận vùng nguyên liệu.",
    ),
    # Criterion "Công bố chất lượng": its lowest level is a declaration; 18-20: excluded without one.
    Rule(
        Group.QUALITY_DECLARATION,
        FOOD | DRINK | HERBAL,
        "Bản tự công bố hoặc bản công bố sản phẩm, tiêu chuẩn cơ sở.",
    ),
    # Beside the same criterion: "Bản tiêu chuẩn sản phẩm phải kèm phiếu kiểm nghiệm các chỉ tiêu ATTP".
    Rule(Group.TEST_REPORT, FOOD | DRINK, "Phiếu kiểm nghiệm các chỉ tiêu an toàn thực phẩm."),
)


def required_of(set_number: int) -> list[Rule]:
    """What a product of the set must show, in the order of Mẫu 02."""
    return [rule for rule in REQUIRED if set_number in rule.sets]


def missing_groups(set_number: int, present: Iterable[str]) -> list[Rule]:
    """Rules of the set without a paper among the groups present."""
    found = set(present)
    return [rule for rule in required_of(set_number) if rule.group not in found]


# Words in a file's name (without diacritics) -> the group they speak of; the first that fits counts.
_NAME_WORDS: tuple[tuple[str, Group], ...] = (
    ("kiem nghiem", Group.TEST_REPORT),
    ("ket qua thu nghiem", Group.TEST_REPORT),
    ("xet nghiem", Group.TEST_REPORT),
    ("cong bo", Group.QUALITY_DECLARATION),
    ("tieu chuan co so", Group.QUALITY_DECLARATION),
    ("an toan thuc pham", Group.ELIGIBILITY),
    ("attp", Group.ELIGIBILITY),
    ("vsattp", Group.ELIGIBILITY),
    ("du dieu kien", Group.ELIGIBILITY),
    ("nhan hieu", Group.INTELLECTUAL_PROPERTY),
    ("so huu tri tue", Group.INTELLECTUAL_PROPERTY),
    ("dang ky kinh doanh", Group.REGISTRATION),
    ("dkkd", Group.REGISTRATION),
    ("dang ky htx", Group.REGISTRATION),
    ("dang ky hop tac xa", Group.REGISTRATION),
    ("dang ky doanh nghiep", Group.REGISTRATION),
    ("hop dong hop tac", Group.REGISTRATION),
    ("ma vach", Group.TRACEABILITY),
    ("ma so", Group.TRACEABILITY),
    ("truy xuat", Group.TRACEABILITY),
    ("haccp", Group.QUALITY_MANAGEMENT),
    ("iso", Group.QUALITY_MANAGEMENT),
    ("vietgap", Group.MATERIAL),
    ("nguyen lieu", Group.MATERIAL),
    ("lien ket", Group.MATERIAL),
    ("moi truong", Group.ENVIRONMENT),
    ("lao dong", Group.LABOUR),
    ("bao cao tai chinh", Group.GROWTH),
    ("doanh thu", Group.GROWTH),
    ("hop dong", Group.MARKET),
    ("hoi cho", Group.MARKET),
    ("phan phoi", Group.MARKET),
    ("quang ba", Group.PROMOTION),
    ("to roi", Group.PROMOTION),
    ("cau chuyen", Group.STORY),
    ("giai thuong", Group.AWARD),
    ("bang khen", Group.AWARD),
)


def guessed_group(filename: str) -> Group:
    """The group a file's name speaks of; OTHER when it says nothing."""
    words = " " + " ".join(re.sub(r"[^0-9a-z]+", " ", search_key(filename)).split()) + " "
    return next((group for text, group in _NAME_WORDS if f" {text} " in words), Group.OTHER)
