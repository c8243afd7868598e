"""How the members scored over a session, from its frozen results."""

from dataclasses import dataclass
from typing import Any

from core.numbers import format_points
from evaluation.models import Result, Session
from evaluation.queries.results import format_distance
from evaluation.spread import Calibration, calibrate


@dataclass(frozen=True)
class CalibrationLine:
    """A member: dossiers scored, mean of the own totals, and its signed distance from the council's mean."""

    name: str
    role: str
    sheets: int
    mean: str
    distance: str
    leans: str


def calibration(session: Session) -> list[CalibrationLine]:
    """A line a member in the order of the sheets; two queries. Empty until every dossier has its result."""
    details = list(
        Result.objects.filter(item__session=session)
        .order_by("item__position")
        .values_list("detail", flat=True)
    )
    if not details or session.items.count() > len(details):
        return []
    people = {member["seat"]: member for detail in details for member in detail["members"]}
    found = calibrate({member["seat"]: member["total"] for member in d["members"]} for d in details)
    return [_line(people[seat], found[seat]) for seat in people]


def _line(person: dict[str, Any], of_member: Calibration) -> CalibrationLine:
    distance = of_member.distance
    leans = "cao hơn" if distance > 0 else "thấp hơn" if distance < 0 else "bằng"
    return CalibrationLine(
        name=person["name"],
        role=person["role"],
        sheets=of_member.sheets,
        mean=format_points(of_member.mean),
        distance=format_distance(distance),
        leans=f"{leans} Hội đồng",
    )
