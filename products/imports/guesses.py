"""Legal form from a name or its many spellings, product set from the product's name. Guesses are marked as such."""

import re

from core.text import search_key
from products.enums import LegalForm

# Whole words of an entity's name, without diacritics, the surest first.
_FORMS: tuple[tuple[str, str], ...] = (
    (r"to hop tac|tht", LegalForm.COOPERATIVE_GROUP),
    (r"lien hiep hop tac xa|hop tac xa|htx\w*|qtd|quy tin dung", LegalForm.COOPERATIVE),
    (r"trang trai|nong trai|farm", LegalForm.FARM),
    (r"hiep hoi|chi hoi|^hoi", LegalForm.ASSOCIATION),
    (r"trung tam dieu hanh|ban quan ly", LegalForm.MANAGING_CENTRE),
    (r"cong ty|cty|tnhh|doanh nghiep|dntn|mtv|co phan|ctcp|xi nghiep|tap doan|jsc|nha may", LegalForm.SME),
)
_WRITTEN = {
    "htx": LegalForm.COOPERATIVE,
    "lien hiep htx": LegalForm.COOPERATIVE,
    "tht": LegalForm.COOPERATIVE_GROUP,
    "dn": LegalForm.SME,
    "dnnvv": LegalForm.SME,
    "doanh nghiep": LegalForm.SME,
    "ho": LegalForm.HOUSEHOLD,
    "hkd": LegalForm.HOUSEHOLD,
    "ho san xuat": LegalForm.HOUSEHOLD,
    "ho kinh doanh": LegalForm.HOUSEHOLD,
    "ho gia dinh": LegalForm.HOUSEHOLD,
    "ho ca the": LegalForm.HOUSEHOLD,
    "ho kinh doanh ca the": LegalForm.HOUSEHOLD,
    "co so": LegalForm.HOUSEHOLD,
    "co so san xuat": LegalForm.HOUSEHOLD,
    "ca nhan": LegalForm.HOUSEHOLD,
    "hoi": LegalForm.ASSOCIATION,
    "hiep hoi": LegalForm.ASSOCIATION,
    "khac": LegalForm.OTHER_TOURISM,
}
_TOURISM = 26
# Words of a product's name -> set, the surest first (Phụ lục I QĐ 26/2026).
_SETS: tuple[tuple[str, int], ...] = (
    (r"du lich|homestay|khu sinh thai|trai nghiem|tham quan|diem den|lang van hoa|nghi duong", 26),
    (r"tinh dau|cao duoc lieu", 20),
    (r"my pham|xa phong|dau goi|kem duong|serum|son moi|sua tam|nuoc rua|muoi ngam", 19),
    (r"duoc lieu|dong trung ha thao|vien nang|vien hoan|cao (?:ga|linh|ca gai|xuong|ngua)|thuoc|dam dang|dan sam", 18),
    (r"nuoc mam|mam (?:tom|ruoc|tep|ca|nem|cay|cua)|ruoc|nuoc cham|xi dau|nuoc tuong|^tuong|tuong (?:ban|ot|dau)|giam", 9),
    (r"muoi|gia vi|bot (?:nghe|ot|toi|gung|canh)|hat nem|ot|hanh|toi|tieu|sa te|mac khen|hat doi|ngu vi", 10),
    (r"ruou (?!vang|mui|trai|hoa|sim|mo|chuoi|tao|mo|dong|sam|can)|ruou trang|ruou gao|ruou nep", 14),
    (r"ruou|bia|vang", 15),
    (r"nuoc (?:khoang|uong|tinh khiet|dong chai)|nuoc dong binh", 16),
    (r"ca phe|cafe|coffee|ca cao|cacao|chocolate|socola", 13),
    (r"tra (?:hoa|thao|atiso|gung|sen|day|ca gai|co ngot|rau|tam|gao|dau|khoai|nu|toi|linh chi|mang|la|bi|buoi|cam|vang|ngu|tam that|giao|dam|kho qua|muop|hibiscus|tui)|tra thao moc", 12),
    (r"^che (?!bien|lam)|che (?:xanh|kho|tuoi|dinh|shan|bup|tam|o long|olong|den|moc|sao)|tra (?:xanh|shan|den|o long|olong|moc cau|dinh|nhai)|matcha", 11),
    (r"mat ong|sap ong|phan hoa|mat mia|mat hoa|^mat|sua ong", 4),
    (r"nuoc (?:ep|cot|yen|sam|trai)|nuoc giai khat|sua (?:hat|dau|bap|ngo|gao|sen)|siro|si ro|kombucha|nuoc mat", 17),
    (r"gio|cha|nem|thit|xuc xich|lap xuong|kho (?:ca|bo|ga|heo|muc)|ca (?:kho|mot nang|thu|chi|rim|ngan|com)|muc (?:mot|kho|rim)|tom (?:kho|chua|non)|cha bong|ruoc thit|yen sao|to yen|sua chua|pho mai|bo (?:mot|gac)|ca (?:hoi|tam) hun|trung muoi|trung vit bac thao|nuoc yen|sua tuoi thanh trung", 8),
    (r"thit|ca |tom|cua|muc|trung|sua|ngao|so|oc|hau|luon|ech|ga |vit|bo |lon|heo|de |huou|nhung", 2),
    (r"banh|bun|mien|mi (?:gao|soi)|my gao|pho|com chay|com|keo|che lam|cu do|bong|ngu coc|nep cam u|bot (?:gao|sen|ngu|dau|yen|dinh)|hu tieu|chao", 6),
    (r"gao|nep|ngo|bap|dau (?:xanh|den|do|nanh|phong)|lac|vung|me den|ke|y di|hat (?:sen|dieu|y|chia|macca|mac ca)", 3),
    (r"say|mut|o mai|dua (?:muoi|chua|mon)|nuoc cot|chips|rang|dau (?:lac|phong|vung|me|dua|tram)|dau an|bot|muoi chua|hong deo|gac|dau phu|tau hu|mang (?:kho|chua|ngam|say)|thach|tinh bot", 7),
    (r"lua|tho cam|det|vai(?! thieu| tuoi| say)|ao dai|khan|may mac|theu|quan ao|tui", 22),
    (r"gom|may tre|tre|moc|go|non|chieu|tranh|do dong|dieu khac|cham|trong|huong|nhang|dan lat|coi|son mai|thu cong|gom su|da my nghe|quat|tuong go|do choi|chum", 21),
    (r"cay canh|bonsai|cay the|cay giong|mai vang", 24),
    (r"^hoa|hoa (?:lan|hong|cuc|dao|ly|tuoi)", 23),
    (r"ca canh|chim canh|ga choi", 25),
    (r"rau|qua|buoi|cam|quyt|chanh|nhan|vai thieu|xoai|chuoi|oi|thanh long|dua|mit|sau rieng|dua hau|dua luoi|nho|nam|khoai|ca chua|bi|muop|mang|hong|le|dao|man|na |bo |cu |hat|gung|nghe|bau|sen|ca rot|su hao|bap cai|cai|du du|mang cut|chom chom|tao|hat de", 1),
)  # fmt: skip
# When the name tells nothing: the first set of the family that is not raw, or simply the widest one.
_OF_FAMILY = {"I": 7, "II": 17, "III": 20, "IV": 21, "V": 24, "VI": _TOURISM}
_RANGES = {"I": range(1, 14), "II": range(14, 18), "III": range(18, 21), "IV": range(21, 23), "V": range(23, 26),
           "VI": range(26, 27)}  # fmt: skip


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^0-9a-z]+", " ", search_key(text)).split())


def legal_form(name: str) -> str:
    """The legal form a name speaks of; a name that says none is taken for a household."""
    key = _plain(name)
    for words, form in _FORMS:
        if re.search(rf"\b(?:{words})\b", key):
            return form
    return LegalForm.HOUSEHOLD


def written_legal_form(text: str) -> str | None:
    """The legal form people wrote: its label, a usual short form, or words such as "Công ty TNHH"."""
    key = _plain(text)
    labels = {_plain(form.label): form.value for form in LegalForm}
    found = labels.get(key) or _WRITTEN.get(key)
    if found:
        return found
    guess = legal_form(text)
    said_household = re.search(r"\b(?:ho|co so|ca nhan|ca the)\b", key)
    return guess if guess != LegalForm.HOUSEHOLD or said_household else None


def product_set(name: str, family: str = "") -> int:
    """The number of the set a product's name speaks of, inside the family (a Roman numeral) when one is given."""
    key = _plain(name)
    allowed = _RANGES.get(family, range(1, 27))
    for words, number in _SETS:
        if number in allowed and re.search(rf"\b(?:{words})(?:\b|(?<= ))", key):
            return number
    return _OF_FAMILY.get(family, _OF_FAMILY["I"])
