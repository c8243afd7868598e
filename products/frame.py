"""Navigation entries of this app, and the dossiers that wait for a person."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.registry import More, NavEntry, Todo, add_navigation, add_todos
from core.acts import add_acts
from products import deadlines, desks, queries
from products.acts import ACTS
from products.enums import DossierState as State
from products.models import Dossier

add_acts(ACTS)

READERS = (Role.ENTITY, Role.COMMUNE_OFFICER, *Role.province_wide)
AT_THE_COMMUNE = (Role.COMMUNE_OFFICER,)
# Pages of `evaluation` that people look for under the dossier.
PARTS_OF_A_DOSSIER = ("/danh-gia/tu-danh-gia/", "/danh-gia/ho-so/")
# Reached from the lists of products and entities.
IMPORTS = "/nhap-du-lieu/"
# Enough for a day's work; the rest is in the list, whose count is in the navigation.
LONGEST_TODO = 50

# State -> what the person does, and the word on the button.
_WORDS = {
    State.DRAFT: ("Soạn và nộp hồ sơ", "Soạn tiếp"),
    State.RETURNED: ("Bổ sung hồ sơ bị trả lại", "Bổ sung"),
    State.SUBMITTED: ("Kiểm tra hồ sơ, đề nghị tỉnh", "Kiểm tra"),
    State.PROPOSED: ("Kiểm tra, tiếp nhận hồ sơ", "Xem và tiếp nhận"),
}


def _count(user: Any) -> int:
    return queries.waiting_for(user).count()


def _count_own(user: Any) -> int | None:
    """Officers find what waits for them at their desk."""
    return None if user.has_role(Role.COMMUNE_OFFICER, Role.PROVINCIAL_OFFICER) else _count(user)


def _count_at_commune(user: Any) -> int:
    return queries.waiting_for(user).filter(state=State.SUBMITTED).count()


add_navigation(
    NavEntry(10, "Hồ sơ", "products:dossiers", "dossier", READERS, _count_own, PARTS_OF_A_DOSSIER),
    NavEntry(
        15, "Kiểm tra hồ sơ", "products:commune_desk", "sheet", AT_THE_COMMUNE, _count_at_commune, ("/xa/",)
    ),
    NavEntry(20, "Sản phẩm", "products:products", "product", READERS, also=(IMPORTS,)),
    NavEntry(30, "Chủ thể", "products:entities", "entity", READERS),
)


@add_todos
def dossiers_waiting(user: Any) -> Iterator[Todo | More]:
    """Entity: drafts and returned ones; commune: filed ones; province: proposed ones."""
    waiting = queries.waiting_for(user)
    rows = list(waiting[: LONGEST_TODO + 1])
    for dossier in rows[:LONGEST_TODO]:
        yield _todo(dossier)
    if len(rows) > LONGEST_TODO:
        state = rows[LONGEST_TODO].state
        url = f"{reverse('products:dossiers')}?state={state}"
        yield More(waiting.count() - LONGEST_TODO, "hồ sơ đang chờ", url)


def _todo(dossier: Dossier) -> Todo:
    title, action = _WORDS[State(dossier.state)]
    due = deadlines.due_on(dossier)
    page = "products:desk_check" if dossier.state in desks.DUTIES else "products:dossier"
    return Todo(
        title=title,
        subject=dossier.product.name,
        url=reverse(page, args=[dossier.pk]),
        action_label=action,
        whose=f"{dossier.product.entity}, {dossier.commune}",
        badge=dossier.get_state_display(),
        badge_kind=dossier.badge_kind,
        since=dossier.state_since,
        due=due,
        due_words=_working_days(due) if due else "",
        overdue=due is not None and due < timezone.localdate(),
    )


def _working_days(due: date) -> str:
    """The commune's clock counts working days: "còn 6 ngày làm việc"."""
    left = deadlines.working_days_left(due, timezone.localdate())
    if left < 0 or due < timezone.localdate():
        return f"quá hạn {max(1, -left)} ngày làm việc"
    return f"còn {left} ngày làm việc" if left else "hạn hôm nay"
