"""What people read of results: the frozen detail, and before closing the sheets so far for whom
`queries.sight` lets see them.

Nothing here computes a score: every figure comes from `Result.detail` or from `score_tables`.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.db.models import Q, QuerySet

from accounts.enums import Role
from core.numbers import format_points
from evaluation.enums import AttendanceState, ItemState
from evaluation.models import AgendaItem, Result
from evaluation.scoring import FIRST_RECOGNISED_STAR
from evaluation.spread import display_signed
from products.enums import DossierState
from products.kinds import kept_against
from products.models import Dossier


def readable_items(user: Any) -> QuerySet[AgendaItem]:
    """Items whose result page the user may open.

    The council's people, the province and leadership from the start; entity and commune their own
    dossiers once the decision is taken: the notice of the result goes out after it.
    """
    of_council = Q(pk__in=AgendaItem.objects.visible_to(user).values("pk"))
    own = Dossier.objects.visible_to(user).filter(state__in=DossierState.announced)
    own_announced = Q(state=ItemState.CLOSED, version__dossier__in=own)
    return AgendaItem.objects.filter(of_council | own_announced).select_related(
        "session__council__regulation",
        "session__regulation",
        "criteria_set__product_set",
        "version__dossier__product__entity",
        "version__dossier__commune",
        "version__dossier__recognition",
        "result",
    )


def sees_names(user: Any) -> bool:
    """Entities and communes read a result without the members' names."""
    return user.has_role(Role.PROVINCIAL_OFFICER, Role.COUNCIL_MEMBER, Role.LEADERSHIP, Role.ADMINISTRATOR)


@dataclass(frozen=True)
class MemberLine:
    name: str
    role: str
    agency: str
    total: int
    distance: str
    stopped_at: str | None
    opinion: str


@dataclass(frozen=True)
class Level:
    """A chosen level: points and words."""

    name: str
    points: int
    label: str


@dataclass(frozen=True)
class SameChoice:
    """One level and everybody who chose it, in the order of the sheets."""

    names: list[str]
    points: int
    label: str


@dataclass(frozen=True)
class UnmetLine:
    """A minimum condition that failed: what was needed, and what each member chose (or was concluded)."""

    code: str
    title: str
    star: int
    needed_points: int
    needed_label: str
    chosen: list[SameChoice]
    concluded: bool


@dataclass(frozen=True)
class LeafRow:
    """A row of criterion x member; `split` 0 agrees, 1 differs, 2 differs by half the maximum or more."""

    code: str
    title: str
    max_points: int
    mean: str
    points: list[Level]
    difference: int
    split: int
    deviation: str


@dataclass(frozen=True)
class SectionRows:
    code: str
    title: str
    max_points: int
    mean: str
    totals: list[int]
    rows: list[LeafRow]


@dataclass(frozen=True)
class FarPairLine:
    """Two members whose totals differ by more than the regulation allows."""

    first: str
    first_total: int
    second: str
    second_total: int
    difference: int


@dataclass(frozen=True)
class ScoreTable:
    """Criterion x member with its statistics; results of the first version keep no deviation."""

    total: str
    median: str
    least: int
    most: int
    deviation: str
    spread: int
    spread_exceeded: bool
    members: list[MemberLine]
    sections: list[SectionRows]
    pairs: list[FarPairLine]


@dataclass(frozen=True)
class ResultPage(ScoreTable):
    """A frozen result, ready to be shown."""

    result: Result
    sentence: str
    unmet: list[UnmetLine]
    conclusions: list[dict[str, Any]]
    exclusion: dict[str, Any] | None
    quorum: dict[str, Any]
    attendance: list[tuple[str, int]]
    away: list[dict[str, Any]]
    rescorings: list[dict[str, Any]]
    discussions: list[dict[str, Any]]
    dissents: list[dict[str, Any]]
    settings: dict[str, Any]


def result_page(result: Result, *, names: bool) -> ResultPage:
    """The page of a result; without `names` the members are "Thành viên 1" to n and what they said is left
    out.
    """
    detail = result.detail
    shown = [m["name"] if names else f"Thành viên {n}" for n, m in enumerate(detail["members"], start=1)]
    attendance = detail.get("attendance", [])
    return ResultPage(
        **_table(detail, shown, names),
        result=result,
        sentence=sentence_of(result),
        unmet=[_unmet(unmet, shown) for unmet in detail["unmet"]],
        conclusions=[c if names else {**c, "by": ""} for c in detail["conclusions"]],
        exclusion=detail["exclusion"] and {**detail["exclusion"], **({} if names else {"by": ""})},
        quorum=detail["quorum"],
        attendance=list(Counter(row["label"] for row in attendance).items()),
        away=[row for row in attendance if names and row["state"] not in AttendanceState.attending],
        rescorings=detail.get("rescorings", []) if names else [],
        discussions=_said(detail, "discussions") if names else [],
        dissents=_said(detail, "dissents") if names else [],
        settings=detail["settings"],
    )


def _said(detail: dict[str, Any], what: str) -> list[dict[str, Any]]:
    """What was said into the minutes, with the time as a time."""
    return [{**entry, "at": datetime.fromisoformat(entry["at"])} for entry in detail.get(what, [])]


def score_table(detail: dict[str, Any]) -> ScoreTable:
    """The table of sheets that are not a result yet, with the members' names and without their opinions."""
    members = [{**member, "opinion": ""} for member in detail["members"]]
    return ScoreTable(**_table({**detail, "members": members}, [m["name"] for m in members], names=True))


def _table(detail: dict[str, Any], shown: list[str], names: bool) -> dict[str, Any]:
    """The fields of a ScoreTable; `shown` names the members as this reader may know them."""
    stats = detail.get("stats")
    totals = [member["total"] for member in detail["members"]]
    mean = Fraction(*detail["total"]["exact"])
    return {
        "total": _shown(detail["total"]),
        "median": _shown(detail["median"]),
        "least": min(totals),
        "most": max(totals),
        "deviation": _shown(stats["deviation"]) if stats else "",
        "spread": detail["spread"],
        "spread_exceeded": detail["spread_exceeded"],
        "members": [_member(m, name, names, mean) for m, name in zip(detail["members"], shown, strict=True)],
        "sections": [_section(section, detail, shown) for section in detail["sections"]],
        "pairs": [_pair(pair, shown, totals) for pair in detail.get("pairs", [])],
    }


def _pair(pair: dict[str, int], shown: list[str], totals: list[int]) -> FarPairLine:
    first, second = pair["first"], pair["second"]
    return FarPairLine(shown[first], totals[first], shown[second], totals[second], pair["difference"])


def sentence_of(result: Result) -> str:
    """The result in one sentence, with every condition that cost a star."""
    total = _shown(result.detail["total"])
    if result.excluded:
        return f"{total} điểm. Hồ sơ bị loại: {result.detail['exclusion']['ground']}; không xếp hạng sao."
    by_score = f"{total} điểm - đạt {result.star_by_score} sao theo điểm"
    if result.star == result.star_by_score:
        return f"{by_score}, {_full_star_words(result)}."
    return f"{by_score}, xếp {result.star} sao vì {_missing_words(result)}."


def _full_star_words(result: Result) -> str:
    if result.potential_five:
        return "đủ điều kiện bắt buộc: tiềm năng 5 sao, tỉnh trình Bộ đánh giá"
    if result.recognisable:
        return f"đủ điều kiện bắt buộc, xếp {result.star} sao"
    return f"xếp {result.star} sao, chưa đủ để được công nhận"


def _missing_words(result: Result) -> str:
    """ "thiếu 2 điều kiện bắt buộc 4 sao: 3.5 Sở hữu trí tuệ, 10 …": those of the first star not reached."""
    star = max((result.star or 0) + 1, FIRST_RECOGNISED_STAR)
    named = {u["criterion"]: u["title"] for u in result.detail["unmet"] if u["star"] == star}
    # A non-breaking space keeps the code and its title on one line.
    listed = ", ".join(f"{code}\u00a0{title}" for code, title in named.items())
    return f"thiếu {len(named)} điều kiện bắt buộc {star} sao: {listed}"


def format_distance(distance: Fraction) -> str:
    """A distance from the council's mean with its sign: "+0,33", "−1,50"."""
    return display_signed(distance).replace("-", "\u2212").replace(".", ",")


def _shown(points: dict[str, Any]) -> str:
    return format_points(points["shown"])


def _member(member: dict[str, Any], name: str, names: bool, mean: Fraction) -> MemberLine:
    return MemberLine(
        name=name,
        role=member["role"] if names else "",
        agency=member["agency"] if names else "",
        total=member["total"],
        distance=format_distance(member["total"] - mean),
        stopped_at=member["stopped_at"],
        opinion=member["opinion"] if names else "",
    )


def _section(section: dict[str, Any], detail: dict[str, Any], names: list[str]) -> SectionRows:
    code = section["code"]
    return SectionRows(
        code=code,
        title=section["title"],
        max_points=section["max"],
        mean=_shown(section["mean"]),
        totals=[member["sections"][code] for member in detail["members"]],
        rows=[_leaf_row(leaf, names) for leaf in detail["leaves"] if leaf["section"] == code],
    )


def _leaf_row(leaf: dict[str, Any], names: list[str]) -> LeafRow:
    points = [chosen["points"] for chosen in leaf["chosen"]]
    difference = max(points) - min(points)
    split = 0 if not difference else 2 if 2 * difference >= leaf["max"] and difference > 1 else 1
    return LeafRow(
        code=leaf["code"],
        title=leaf["title"],
        max_points=leaf["max"],
        mean=_shown(leaf["mean"]),
        points=_levels(leaf["chosen"], names),
        difference=difference,
        split=split,
        deviation=_shown(leaf["stats"]["deviation"]) if "stats" in leaf else "",
    )


def _levels(chosen: list[dict[str, Any]], names: list[str]) -> list[Level]:
    return [Level(name, level["points"], level["label"]) for level, name in zip(chosen, names, strict=True)]


def _same_choices(levels: list[Level]) -> list[SameChoice]:
    """The levels put together by what was chosen, best first."""
    found: dict[tuple[int, str], SameChoice] = {}
    for level in sorted(levels, key=lambda level: -level.points):
        same = found.setdefault((level.points, level.label), SameChoice([], level.points, level.label))
        same.names.append(level.name)
    return list(found.values())


def _unmet(unmet: dict[str, Any], names: list[str]) -> UnmetLine:
    who = ["Kết luận của Hội đồng"] if unmet["concluded"] else names
    return UnmetLine(
        code=unmet["criterion"],
        title=unmet["title"],
        star=unmet["star"],
        needed_points=unmet["needed"]["points"],
        needed_label=unmet["needed"]["label"],
        chosen=_same_choices(_levels(unmet["chosen"], who)),
        concluded=unmet["concluded"],
    )


@dataclass(frozen=True)
class Outcome:
    """The step that follows from a result, and the words of its page."""

    name: str
    label: str
    done: str
    needs_paper: bool
    number_label: str = ""


OUTCOMES = {
    "recognise": Outcome(
        "recognise", "Ghi quyết định công nhận", "Đã ghi quyết định công nhận.", True, "Quyết định công nhận"
    ),
    "send_to_ministry": Outcome(
        "send_to_ministry", "Trình Bộ đánh giá 5 sao", "Đã ghi việc trình Bộ.", True, "Văn bản trình Bộ"
    ),
    "ministry_answer": Outcome(
        "ministry_answer", "Ghi kết quả của Bộ", "Đã ghi kết quả của Bộ.", True, "Quyết định công nhận"
    ),
    "reject": Outcome("reject", "Ghi không công nhận", "Đã ghi: hồ sơ không được công nhận.", False),
    "keep": Outcome("reject", "Ghi giữ hạng hiện có", "Đã ghi: sản phẩm giữ hạng hiện có.", False),
    "exclude": Outcome("exclude", "Kết thúc hồ sơ bị loại", "Đã kết thúc hồ sơ bị loại.", False),
}


def outcome_of(item: AgendaItem) -> Outcome | None:
    """What the province has to enter for a closed item; None when entered, sent back or not closed yet."""
    state = item.version.dossier.state
    if item.state != ItemState.CLOSED or state not in DossierState.awaiting_decision:
        return None
    if state == DossierState.SENT_TO_MINISTRY:
        return OUTCOMES["ministry_answer"]
    result = item.result
    if result.excluded:
        return OUTCOMES["exclude"]
    if result.potential_five:
        return OUTCOMES["send_to_ministry"]
    if result.recognisable and _is_below_present(item):
        return OUTCOMES["keep"]
    return OUTCOMES["recognise" if result.recognisable else "reject"]


def _is_below_present(item: AgendaItem) -> bool:
    """An upgrade that came out below what the product holds today replaces nothing."""
    return kept_against(item.version.dossier, item.result.star or 0) is not None
