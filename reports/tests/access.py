"""Which roles may open which page of this app; everybody else is refused with 403."""

from accounts.enums import Role

OFFICE = {Role.PROVINCIAL_OFFICER}
READERS = {Role.PROVINCIAL_OFFICER, Role.LEADERSHIP, Role.ADMINISTRATOR}

# Heads and feet of papers.
KEEPERS_OF_LETTERHEADS = {Role.PROVINCIAL_OFFICER, Role.ADMINISTRATOR}

ACCESS = {
    "reports:dashboard": READERS,
    # Heads and feet of papers.
    "reports:letterheads": KEEPERS_OF_LETTERHEADS,
    "reports:letterhead_edit": KEEPERS_OF_LETTERHEADS,  # unit: the province
    "reports:letterhead_restore": KEEPERS_OF_LETTERHEADS,
    "reports:list": READERS,
    "reports:request": OFFICE,
    "reports:detail": READERS,  # pk: paper of the province
    "reports:download": READERS,  # pk: paper of the province
}
