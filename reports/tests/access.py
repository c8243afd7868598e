"""Which roles may open which page of this app; everybody else is refused with 403."""

from accounts.enums import Role

OFFICE = {Role.PROVINCIAL_OFFICER}
READERS = {Role.PROVINCIAL_OFFICER, Role.LEADERSHIP, Role.ADMINISTRATOR}
# Commune and entity: only issued papers of their own dossiers, elsewhere 404.
OWNERS = {Role.ENTITY, Role.COMMUNE_OFFICER}

ACCESS = {
    "reports:dashboard": READERS,
    # Papers: archive, requests, issuing, signatures. pk: an issued paper on a dossier of the entity.
    "reports:list": READERS | OWNERS,
    "reports:workbook": READERS | OWNERS,
    "reports:request": OFFICE,
    "reports:request_draft": OFFICE,
    "reports:subject": READERS,  # noun, pk: a session of the province
    "reports:make": OFFICE,  # kind, pk: a session of the province
    "reports:detail": READERS | OWNERS,
    "reports:download": READERS | OWNERS,
    "reports:file": READERS | OWNERS,  # pk, form
    "reports:review": OFFICE | {Role.LEADERSHIP},
    "reports:issue": OFFICE,
    "reports:replace": OFFICE,
    "reports:signed": OFFICE,
    "reports:sign": OFFICE,
    "reports:verify": "anybody",
}
