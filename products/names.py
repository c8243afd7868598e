"""Names of entities: the part that tells them apart."""

import re

from core.text import search_key

# Words of the legal form, written out and short, without diacritics; the longest first.
LEGAL_WORDS = (
    "lien hiep hop tac xa", "hop tac xa san xuat kinh doanh", "hop tac xa dich vu nong nghiep",
    "hop tac xa nong nghiep", "hop tac xa", "to hop tac", "cong ty trach nhiem huu han mot thanh vien",
    "cong ty trach nhiem huu han", "cong ty co phan", "cong ty tnhh mot thanh vien", "cong ty tnhh mtv",
    "cong ty tnhh", "cong ty cp", "cong ty", "doanh nghiep tu nhan", "doanh nghiep", "ho kinh doanh",
    "ho san xuat", "co so san xuat", "co so", "trang trai", "chi nhanh", "tnhh mtv", "tnhh", "mtv", "dntn",
    "htx nn", "htx", "tht", "hkd", "cssx", "cty", "cp",
)  # fmt: skip
# Short forms are written out first, so that "HTX NN" and "Hợp tác xã nông nghiệp" lose the same words.
SHORT_FORMS = {
    "htx": "hop tac xa", "tht": "to hop tac", "cty": "cong ty", "hkd": "ho kinh doanh",
    "dntn": "doanh nghiep tu nhan", "cssx": "co so san xuat", "nn": "nong nghiep",
    "dvnn": "dich vu nong nghiep",
}  # fmt: skip
_LEGAL = re.compile(rf"\b(?:{'|'.join(LEGAL_WORDS)})\b")


def match_name(name: str) -> str:
    """The name without diacritics, punctuation and words of the legal form, to compare entities by.

    "HTX Bánh đa Cẩm Bình" and "Hợp tác xã bánh đa Cẩm Bình" give "banh da cam binh". A name that is
    nothing but legal words is kept whole.
    """
    words = re.sub(r"[^0-9a-z]+", " ", search_key(name)).split()
    whole = " ".join(SHORT_FORMS.get(word, word) for word in words)
    short = " ".join(_LEGAL.sub(" ", whole).split())
    return short or whole
