"""People hear when a dossier moves: the entity, its commune, the province.

Notices say what happened and where to read it; never points, members' words or a result before its day.
"""

from collections.abc import Iterable
from typing import Any

from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Membership, User
from accounts.queries import people_with
from core import notices
from core.enums import NoticeKind
from products import signals
from products.models import Dossier

ENTITY, COMMUNE, PROVINCE = "entity", "commune", "province"
RESULT = "Đã có kết quả đánh giá, phân hạng"

# Step -> who hears of it, and in what words.
NEWS: dict[str, dict[str, str]] = {
    "submit": {COMMUNE: "Hồ sơ chờ xã kiểm tra"},
    "return_to_entity": {ENTITY: "Xã trả lại hồ sơ để bổ sung"},
    "propose": {ENTITY: "Xã đã đề nghị tỉnh đánh giá", PROVINCE: "Hồ sơ chờ tỉnh tiếp nhận"},
    "return_from_province": {
        ENTITY: "Tỉnh trả lại hồ sơ để bổ sung",
        COMMUNE: "Tỉnh trả lại hồ sơ để bổ sung",
    },
    "accept": {ENTITY: "Tỉnh đã tiếp nhận hồ sơ vào đợt đánh giá"},
    "withdraw": {COMMUNE: "Chủ thể đã rút hồ sơ"},
    "recognise": {ENTITY: RESULT, COMMUNE: RESULT},
    "send_to_ministry": {
        ENTITY: "Hồ sơ đã được trình Bộ đánh giá",
        COMMUNE: "Hồ sơ đã được trình Bộ đánh giá",
    },
    "reject": {ENTITY: RESULT, COMMUNE: RESULT},
    "exclude": {ENTITY: RESULT, COMMUNE: RESULT},
    "ministry_recognise": {ENTITY: RESULT, COMMUNE: RESULT},
    "ministry_return": {ENTITY: RESULT, COMMUNE: RESULT},
    "ministry_keep": {ENTITY: RESULT, COMMUNE: RESULT},
}


@receiver(signals.dossier_moved)
def tell_of_the_move(dossier: Dossier, transition: Any, by: Any, **kwargs: Any) -> None:
    """Everybody whom the step concerns, but the one who took it."""
    if transition.name == "withdraw" and not dossier.submitted_at:
        return  # nobody but the writer knew of it
    for whom, words in NEWS.get(transition.name, {}).items():
        notices.send(
            [user for user in people_of(dossier, whom) if user != by],
            kind=NoticeKind.DOSSIER,
            title=f"{words}: {dossier.product.name}",
            body=f"{dossier.product.entity}, {dossier.commune}",
            url=reverse("products:dossier", args=[dossier.pk]),
            key=f"dossier:{dossier.pk}:{transition.name}:{dossier.state_since.isoformat()}",
        )


def people_of(dossier: Dossier, whom: str) -> Iterable[User]:
    """The people of one side of a dossier; an entity without an account is spoken for by who entered it."""
    if whom == COMMUNE:
        return people_with(Role.COMMUNE_OFFICER, [dossier.commune_id])
    if whom == PROVINCE:
        return people_with(Role.PROVINCIAL_OFFICER, [dossier.commune.parent_id])
    return writers_of(dossier, accounts_of(dossier.product.entity_id))


def accounts_of(entity_id: int) -> list[User]:
    """Who acts for the entity today: an account whose role has ended hears nothing more."""
    held = Membership.objects.on(timezone.localdate()).filter(role=Role.ENTITY)
    people = User.objects.filter(
        is_active=True, entity_accounts__entity=entity_id, pk__in=held.values("user")
    )
    return list(people.distinct())


def writers_of(dossier: Dossier, accounts: Iterable[User]) -> Iterable[User]:
    """The entity's people; without any, who entered the dossier if still an officer of its commune."""
    if accounts := list(accounts):
        return accounts
    return people_with(Role.COMMUNE_OFFICER, [dossier.commune_id]).filter(pk=dossier.created_by_id)
