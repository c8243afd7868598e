"""Results of every outcome for tests of what follows the council: closed, not decided yet."""

from collections.abc import Mapping

from evaluation.models import AgendaItem, Council
from evaluation.queries.scoring_sets import scoring_set
from evaluation.services import results
from evaluation.tests.factories import accepted_dossier, make_council, open_session_with, sheet_of, submit
from evaluation.tests.sheets import SET_1_CHOICES
from products.tests.factories import provincial_officer

# Sheets of docs/scoring.md. Chosen by all: 73 points with every condition of four stars.
FOUR_STARS = SET_1_CHOICES[0]
# 71 points, but a condition of four stars is not met.
THREE_STARS = SET_1_CHOICES[2]
# A condition of three stars is not met at all.
TWO_STARS = {**FOUR_STARS, "10": 0}
EXCLUDED, BEST = "excluded", "best"


def closed_items(*wanted: Mapping[str, int] | str, council: Council | None = None) -> list[AgendaItem]:
    """One meeting with a closed result for each: choices every member makes, `BEST`, or `EXCLUDED`."""
    dossiers = [accepted_dossier(f"Rau thơm số {number}") for number in range(1, len(wanted) + 1)]
    session = open_session_with(*dossiers, council=council or make_council())
    items = list(session.items.order_by("position"))
    for item, choices in zip(items, wanted, strict=True):
        score_and_close(item, choices)
    return list(AgendaItem.objects.filter(session=session).order_by("position"))


def score_and_close(item: AgendaItem, choices: Mapping[str, int] | str) -> None:
    """Every member chooses the same; the office closes."""
    officer = provincial_officer()
    for username in ("chu.tich", "thu.ky", "uy.vien"):
        submit(sheet_of(item, username), _best(item) if choices == BEST else _plain(choices))
    if choices == EXCLUDED:
        results.exclude(item=item, ground="Giả mạo hồ sơ", evidence="Công văn 12/CA", by=officer)
    results.close_item(item=item, by=officer)


def _plain(choices: Mapping[str, int] | str) -> Mapping[str, int]:
    return THREE_STARS if isinstance(choices, str) else choices


def _best(item: AgendaItem) -> dict[str, int]:
    table = scoring_set(item.criteria_set_id)
    return {leaf.code: max(leaf.options, key=lambda o: o.points).position for leaf in table.leaves}
