"""Persons on their way to the register: a checked row of a workbook, or somebody the records suggest."""

from dataclasses import dataclass
from datetime import date

from accounts.models import User
from core.models import AdminUnit
from products.models import Entity
from training.enums import RegisterGroup


@dataclass(frozen=True)
class RegisterRow:
    """A checked row of a workbook."""

    name: str
    group: str
    unit_id: int
    position: str
    listed_on: date
    left_on: date | None


@dataclass(frozen=True)
class Suggestion:
    """Somebody the records know who should be on the register: an account, or the leader of an entity."""

    key: str
    name: str
    unit: AdminUnit
    group: RegisterGroup
    position: str
    reason: str
    user: User | None = None
    entity: Entity | None = None
