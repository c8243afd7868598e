"""Words that go into the minutes: composed letters, nothing the database or a page cannot hold."""

import unicodedata

from core.exceptions import DomainError

LONGEST = 5000


def clean_text(text: str, *, empty: str, field: str) -> str:
    """The text trimmed and composed. Raises DomainError (`empty`) without words, and beyond 5,000 letters."""
    text = unicodedata.normalize("NFC", text.replace("\x00", "")).strip()
    if not text:
        raise DomainError(empty, field=field)
    if len(text) > LONGEST:
        raise DomainError("Nội dung dài quá 5.000 ký tự; hãy rút gọn.", field=field)
    return text
