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

REVIEWERS = (Role.PROVINCIAL_OFFICER, Role.LEADERSHIP)
LONGEST_TODO = 10

add_acts(ACTS)

add_navigation(
    NavEntry(5, "Bảng điều hành", "reports:dashboard", "dashboard", Role.province_wide),
    NavEntry(70, "Văn bản", "reports:list", "report", (*Role.province_wide, *Role.commune_roles)),
)


@add_todos
def papers_waiting(user: Any) -> Iterator[Todo | More]:
    """Drafts to be reviewed by another person than who made them, and reviewed papers to be issued."""
    if not user.has_role(*REVIEWERS):
        return
    waiting = archive.waiting_papers(user)
    rows = list(waiting[: LONGEST_TODO + 1])
    for paper in rows[:LONGEST_TODO]:
        is_draft = paper.state == PaperState.DRAFT
        yield Todo(
            title="Dự thảo chờ soát" if is_draft else "Văn bản chờ phát hành",
            subject=paper.title,
            url=paper.get_absolute_url(),
            action_label="Đọc và soát" if is_draft else "Xem và phát hành",
            whose=f"Người lập: {paper.requested_by}" if is_draft else f"Người soát: {paper.reviewed_by}",
            since=paper.requested_at if is_draft else paper.reviewed_at,
        )
    if len(rows) > LONGEST_TODO:
        yield More(waiting.count() - LONGEST_TODO, "văn bản chờ soát, phát hành", reverse("reports:list"))
