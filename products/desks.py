"""Which desk holds a filed dossier, and what it may do with it: the commune first, then the province."""

from dataclasses import dataclass

from products.enums import Desk
from products.enums import DossierState as State


@dataclass(frozen=True)
class Duty:
    """What waits at a desk: who may act, and the steps (`workflow.TRANSITIONS`) onward and back."""

    desk: Desk
    permission: str
    onward: str
    back: str


DUTIES: dict[str, Duty] = {
    State.SUBMITTED: Duty(Desk.COMMUNE, "products.check_dossier", "propose", "return_to_entity"),
    State.PROPOSED: Duty(Desk.PROVINCE, "products.accept_dossier", "accept", "return_from_province"),
}
# The step that sends a dossier back -> the desk whose findings are its reasons.
DESK_OF_RETURN: dict[str, Desk] = {duty.back: duty.desk for duty in DUTIES.values()}
