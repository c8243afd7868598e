"""What officers decide before a progress report is rendered: its sections, their titles and words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

# Sections of a report with their usual titles, in their usual order.
SECTIONS = {
    "general": "Tình hình chung",
    "targets": "Kết quả thực hiện chỉ tiêu",
    "tasks": "Kết quả thực hiện nhiệm vụ",
    "money": "Kinh phí",
    "shortcomings": "Tồn tại, hạn chế",
    "difficulties": "Khó khăn, vướng mắc",
    "causes": "Nguyên nhân",
    "coming": "Nhiệm vụ thời gian tới",
    "proposals": "Kiến nghị, đề xuất",
}
# Texts of the officers by the section they stand in: alone, or after what the system counts.
TEXTS = ("shortcomings", "difficulties", "causes", "coming", "proposals")


@dataclass(frozen=True)
class Entered:
    """`sections`: keys of SECTIONS in the order of the report; `titles`: where they differ from the usual.

    `texts`: points by section, one point a line as it was typed.
    """

    sections: tuple[str, ...] = tuple(SECTIONS)
    titles: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> "Entered":
        """From `Paper.content`; what it does not say is as if nothing was entered."""
        return cls(
            sections=tuple(key for key in content.get("sections", SECTIONS) if key in SECTIONS),
            titles=dict(content.get("titles", {})),
            texts={key: tuple(content.get(key, ())) for key in TEXTS},
        )

    def title(self, key: str) -> str:
        return self.titles.get(key) or SECTIONS[key]

    def points(self, key: str) -> tuple[str, ...]:
        """What was entered for a section."""
        return self.texts.get(key, ())
