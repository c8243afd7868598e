"""What officers enter before a progress report is rendered: the sections it has, difficulties, proposals."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# Sections of the report in their order. Difficulties and proposals appear only when they are entered.
SECTIONS = {
    "general": "Tình hình chung",
    "targets": "Kết quả thực hiện chỉ tiêu",
    "tasks": "Kết quả thực hiện nhiệm vụ",
    "money": "Kinh phí",
    "shortcomings": "Tồn tại, hạn chế",
    "difficulties": "Khó khăn, vướng mắc",
    "coming": "Nhiệm vụ thời gian tới",
    "proposals": "Kiến nghị, đề xuất",
}


@dataclass(frozen=True)
class Entered:
    """`sections`: keys of SECTIONS that may appear; the others are one point a line."""

    sections: frozenset[str] = frozenset(SECTIONS)
    difficulties: tuple[str, ...] = ()
    proposals: tuple[str, ...] = ()

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> "Entered":
        """From `Paper.content`; what it does not say is as if nothing was entered."""
        return cls(
            sections=frozenset(content.get("sections", SECTIONS)),
            difficulties=tuple(content.get("difficulties", ())),
            proposals=tuple(content.get("proposals", ())),
        )
