"""The decisions of the Prime Minister recognitions rest on, by the day they were signed."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class LegalBasis:
    number: str
    since: date


# The latest first. Decisions 1489 and 148 stay in force for what was decided under them.
LEGAL_BASES: tuple[LegalBasis, ...] = (
    LegalBasis("26/2026/QĐ-TTg", date(2026, 5, 22)),
    LegalBasis("1489/QĐ-TTg", date(2025, 7, 6)),
    LegalBasis("148/QĐ-TTg", date(2023, 2, 24)),
    LegalBasis("781/QĐ-TTg", date(2020, 6, 8)),
    LegalBasis("1048/QĐ-TTg", date(2019, 8, 21)),
    LegalBasis("490/QĐ-TTg", date(2018, 5, 7)),
)
BEFORE_THE_PROGRAMME = "Quy định của tỉnh trước năm 2018"

CHOICES: list[tuple[str, str]] = [
    *((basis.number, f"Quyết định {basis.number}") for basis in LEGAL_BASES),
    (BEFORE_THE_PROGRAMME, BEFORE_THE_PROGRAMME),
]


def proposed_for(decided_on: date) -> str:
    """The basis in force on the day of a decision; a person may know better."""
    return next((basis.number for basis in LEGAL_BASES if decided_on >= basis.since), BEFORE_THE_PROGRAMME)
