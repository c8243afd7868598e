"""One thing wrong with a paper."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """The point of the decree's table (1 to 26), the page from 1, and what is wrong, in Vietnamese."""

    point: int
    page: int
    message: str

    def __str__(self) -> str:
        return f"Trang {self.page}, điểm {self.point}: {self.message}"
