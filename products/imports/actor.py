"""Who writes when a workbook is imported from the shell without a user's name."""

from typing import Any


class SystemActor:
    """May write everywhere; the log of acts names nobody, and says which command it was."""

    is_authenticated = False
    is_active = True
    pk = None

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return True

    def __str__(self) -> str:
        return "Hệ thống"
