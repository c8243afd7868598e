"""Lines of the reports room in the navigation, and papers that wait for a person."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from accounts.enums import Role
from accounts.registry import More, NavEntry, Todo, add_navigation, add_todos
from core.acts import add_acts
from reports import archive
from reports.acts import ACTS
from reports.enums import PaperState
from reports.models import Paper

REVIEWERS = (Role.PROVINCIAL_OFFICER, Role.LEADERSHIP)
LONGEST_TODO = 10

add_acts(ACTS)

add_navigation(
    NavEntry(5, "Bảng điều hành", "reports:dashboard", "dashboard", Role.province_wide),
    NavEntry(70, "Văn bản", "reports:list", "report", (*Role.province_wide, *Role.commune_roles)),
)


def _waiting(paper: Paper) -> Todo:
    title, action, who, person, since = {
        PaperState.DRAFT: (
            "Dự thảo chờ soát", "Đọc và soát", "Người lập", paper.requested_by, paper.requested_at,
        ),
        PaperState.REVIEWED: (
            "Văn bản chờ phát hành", "Xem và phát hành", "Người soát", paper.reviewed_by, paper.reviewed_at,
        ),
        PaperState.RETURNED: (
            "Dự thảo bị trả lại", "Xem và lập lại", "Người trả lại", paper.returned_by, paper.returned_at,
        ),
    }[PaperState(paper.state)]  # fmt: skip
    return Todo(title, paper.title, paper.get_absolute_url(), action, whose=f"{who}: {person}", since=since)


@add_todos
def papers_waiting(user: Any) -> Iterator[Todo | More]:
    """Drafts to be reviewed by others than their makers, reviewed papers to be issued, own ones returned."""
    if not user.has_role(*REVIEWERS):
        return
    waiting = archive.waiting_papers(user)
    rows = list(waiting[: LONGEST_TODO + 1])
    for paper in rows[:LONGEST_TODO]:
        yield _waiting(paper)
    if len(rows) > LONGEST_TODO:
        yield More(waiting.count() - LONGEST_TODO, "văn bản chờ soát, phát hành", reverse("reports:list"))
