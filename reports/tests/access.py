"""Which roles may open which page of this app; everybody else is refused with 403."""

from accounts.enums import Role

OFFICE = {Role.PROVINCIAL_OFFICER}
READERS = {Role.PROVINCIAL_OFFICER, Role.LEADERSHIP, Role.ADMINISTRATOR}

ACCESS = {
    "reports:dashboard": READERS,
    "reports:list": READERS,
    "reports:request": OFFICE,
    "reports:detail": READERS,  # pk: paper of the province
    "reports:download": READERS,  # pk: paper of the province
}
