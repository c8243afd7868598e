"""Which roles may open which page of this app; everybody else is refused with 403."""

from accounts.enums import Role

OFFICE = {Role.PROVINCIAL_OFFICER}
READERS = {Role.PROVINCIAL_OFFICER, Role.LEADERSHIP, Role.ADMINISTRATOR}

ACCESS = {
    "reports:dashboard": READERS,
    # Comparisons, workbooks, the screen of the meeting room.
    "reports:compare_years": READERS,
    "reports:compare_years_workbook": READERS,
    "reports:compare_communes": READERS,
    "reports:compare_communes_workbook": READERS,
    "reports:screen": READERS,
    "reports:dashboard_workbook": READERS,
    "reports:figures": READERS,  # name: of reports.comparisons.figures
    "reports:list": READERS,
    "reports:request": OFFICE,
    "reports:detail": READERS,  # pk: paper of the province
    "reports:download": READERS,  # pk: paper of the province
}
