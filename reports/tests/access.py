"""Which roles may open which page of this app; everybody else is refused with 403."""

from accounts.enums import Role

OFFICE = {Role.PROVINCIAL_OFFICER}
READERS = {Role.PROVINCIAL_OFFICER, Role.LEADERSHIP, Role.ADMINISTRATOR}
# Commune and entity: only issued papers of their own dossiers, elsewhere 404.
OWNERS = {Role.ENTITY, Role.COMMUNE_OFFICER}

# Heads and feet of papers.
KEEPERS_OF_LETTERHEADS = {Role.PROVINCIAL_OFFICER, Role.ADMINISTRATOR}

ACCESS = {
    "reports:dashboard": READERS,
    # Sections of the progress report. pk: the province
    "reports:outline": KEEPERS_OF_LETTERHEADS,
    # Comparisons, workbooks, the screen of the meeting room.
    "reports:compare_years": READERS,
    "reports:compare_years_workbook": READERS,
    "reports:compare_communes": READERS,
    "reports:compare_communes_workbook": READERS,
    "reports:screen": READERS,
    "reports:dashboard_workbook": READERS,
    "reports:figures": READERS,  # name: of reports.comparisons.figures
    # The days behind a median of the road.
    "reports:step_stays": READERS,  # step: a state of the road
    # Heads and feet of papers.
    "reports:letterheads": KEEPERS_OF_LETTERHEADS,
    "reports:letterhead_edit": KEEPERS_OF_LETTERHEADS,  # pk: the province
    "reports:letterhead_restore": KEEPERS_OF_LETTERHEADS,
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
    "reports:return": OFFICE | {Role.LEADERSHIP},
    "reports:issue": OFFICE,
    "reports:replace": OFFICE,
    "reports:signed": OFFICE,
    "reports:sign": OFFICE,
    "reports:verify": "anybody",
}
