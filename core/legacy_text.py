"""Vietnamese typed before Unicode: recognised, never guessed into Unicode."""

import re
import unicodedata

# TCVN3 (ABC) draws Vietnamese with fonts over Latin-1 signs: "t¸c", "§øc". Signs that stand in no word ...
_TCVN3_SIGNS = "§®¸µ¶¹¨¾»©¬ª×Þßçþ"
_INSIDE = re.compile(f"[{_TCVN3_SIGNS}](?=[^\\W\\d_]|[{_TCVN3_SIGNS}])|(?<=[a-z])[¸µ¶·¹¨¾»¼×Þßçþ](?![0-9])")
# ... and letters of other languages; two of them are no accident.
_TCVN3_LETTERS = re.compile("[äåæëîïñöøûüÆ\u00ad]")
ENOUGH_LETTERS = 2
# VNI writes a base letter and then the mark as a second one: "xaõ", "Hôïp", "Ñöùc". Pairs that Vietnamese in
# Unicode has too ("oà" of "Hoà") are left out.
_VNI = re.compile(
    "[aA][ùøûõïâêáàåãäéèúüëÙØÛÕÏÂÊÁÀÅÃÄÉÈÚÜË]|[eE][ùøûõïâáàåãäÙØÛÕÏÂÁÀÅÃÄ]|[oO][ùøûõïâåäÙØÛÕÏÂÅÄ]|"
    r"[öÖ][ùøûõïôÙØÛÕÏÔ]|[ôÔ][ùøûõïÙØÛÕÏ]|[uU][ùøûõïÙØÛÕÏ]|[yY][øûõÙØÛÕ]|(?:^|(?<=\W))[ñÑ][aeiouyöôAEIOUYÖÔ]"
)


def legacy_encoding(text: str) -> str | None:
    """ "TCVN3 (ABC)" or "VNI" when the text is in one of these encodings, else None.

    >>> legacy_encoding("Hîp t¸c x· B×nh Minh")
    'TCVN3 (ABC)'
    >>> legacy_encoding("Hôïp taùc xaõ Bình Minh")
    'VNI'
    >>> legacy_encoding("Hợp tác xã Bình Minh")
    """
    text = unicodedata.normalize("NFC", text)
    if text.isascii() or _has_unicode_vietnamese(text):
        return None
    if _INSIDE.search(text):
        return "TCVN3 (ABC)"
    if _VNI.search(text):
        return "VNI"
    return "TCVN3 (ABC)" if len(_TCVN3_LETTERS.findall(text)) >= ENOUGH_LETTERS else None


def _has_unicode_vietnamese(text: str) -> bool:
    """Letters that only Unicode Vietnamese has; one of them settles the matter."""
    return any("Ạ" <= letter <= "ỹ" or letter in "ăĂđĐĩĨũŨơƠưƯ" for letter in text)
