"""What people read of results. Before closing: nothing but who has submitted. After: the frozen detail.

Nothing here computes a score: every figure comes from `Result.detail`.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from accounts.enums import Role
from core.numbers import format_points
from evaluation.enums import ItemState
from evaluation.models import AgendaItem, Result
from evaluation.scoring import FIRST_RECOGNISED_STAR
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


@dataclass(frozen=True)
class SectionRows:
    code: str
    title: str
    max_points: int
    mean: str
    totals: list[int]
    rows: list[LeafRow]


@dataclass(frozen=True)
class ResultPage:
    """A frozen result, ready to be shown."""

    result: Result
    sentence: str
    total: str
    median: str
    members: list[MemberLine]
    sections: list[SectionRows]
    unmet: list[UnmetLine]
    conclusions: list[dict[str, Any]]
    exclusion: dict[str, Any] | None
    quorum: dict[str, Any]
    settings: dict[str, Any]
    spread: int
    spread_exceeded: bool


def result_page(result: Result, *, names: bool) -> ResultPage:
    """The page of a result; without `names` the members are "Thành viên 1" to n and opinions are left out."""
    detail = result.detail
    shown = [m["name"] if names else f"Thành viên {n}" for n, m in enumerate(detail["members"], start=1)]
    return ResultPage(
        result=result,
        sentence=sentence_of(result),
        total=_shown(detail["total"]),
        median=_shown(detail["median"]),
        members=[_member(m, name, names) for m, name in zip(detail["members"], shown, strict=True)],
        sections=[_section(section, detail, shown) for section in detail["sections"]],
        unmet=[_unmet(unmet, shown) for unmet in detail["unmet"]],
        conclusions=[c if names else {**c, "by": ""} for c in detail["conclusions"]],
        exclusion=detail["exclusion"] and {**detail["exclusion"], **({} if names else {"by": ""})},
        quorum=detail["quorum"],
        settings=detail["settings"],
        spread=detail["spread"],
        spread_exceeded=detail["spread_exceeded"],
    )


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


def _shown(points: dict[str, Any]) -> str:
    return format_points(points["shown"])


def _member(member: dict[str, Any], name: str, names: bool) -> MemberLine:
    return MemberLine(
        name=name,
        role=member["role"] if names else "",
        agency=member["agency"] if names else "",
        total=member["total"],
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
class Dot:
    x: str
    y: str
    title: str


@dataclass(frozen=True)
class Bound:
    x: str
    label: str


@dataclass(frozen=True)
class DotPlot:
    """Members' totals on a line, as SVG coordinates in text (a template would write 12.5 as 12,5)."""

    width: str
    height: str
    base: str
    dots: list[Dot]
    bounds: list[Bound]
    ticks: list[Bound]
    tick_end: str
    tick_text: str
    mean_x: str
    mean_anchor: str
    mean_label: str
    summary: str


def dot_plot(page: ResultPage) -> DotPlot:
    """The picture of a result: a dot a member, the mean, and the bounds of the stars near them."""
    return _Plot(page).draw()


class _Plot:
    WIDTH, LEFT, RIGHT, ROW, TOP = 720, 24, 24, 16, 46

    def __init__(self, page: ResultPage) -> None:
        self.page = page
        self.totals = sorted(member.total for member in page.members)
        bounds = [0, 30, 50, 70, 90, 100]
        self.low = max(0, max(b for b in bounds if b <= self.totals[0]) - 3)
        self.high = min(100, min(b for b in bounds if b >= self.totals[-1]) + 3)

    def draw(self) -> DotPlot:
        tallest = max(self.totals.count(total) for total in self.totals)
        base = self.TOP + self.ROW * max(tallest, 2)
        mean_x = self._x(self._mean())
        return DotPlot(
            width=str(self.WIDTH),
            height=str(base + 30),
            base=str(base),
            dots=self._dots(base),
            bounds=[
                Bound(self._x(points), f"{star} sao")
                for star, points in ((2, 30), (3, 50), (4, 70), (5, 90))
                if self.low <= points <= self.high
            ],
            ticks=[Bound(self._x(t), str(t)) for t in range(self.low, self.high + 1) if t % 5 == 0],
            tick_end=str(base + 5),
            tick_text=str(base + 21),
            mean_x=mean_x,
            mean_anchor=self._anchor(float(mean_x)),
            mean_label=f"Trung bình {self.page.total}",
            summary=self._summary(),
        )

    def _mean(self) -> float:
        numerator, denominator = self.page.result.detail["total"]["exact"]
        return numerator / denominator  # only a place in the picture; the figures are the detail's text

    def _anchor(self, x: float) -> str:
        """The label stays inside the picture."""
        return "start" if x < 90 else "end" if x > self.WIDTH - 90 else "middle"

    def _x(self, points: float) -> str:
        share = (points - self.low) / max(self.high - self.low, 1)
        return f"{self.LEFT + share * (self.WIDTH - self.LEFT - self.RIGHT):.1f}"

    def _dots(self, base: int) -> list[Dot]:
        seen: dict[int, int] = {}
        dots = []
        for member in self.page.members:
            seen[member.total] = seen.get(member.total, 0) + 1
            y = base - self.ROW * seen[member.total] + self.ROW // 2 - 2
            dots.append(Dot(self._x(member.total), str(y), f"{member.name}: {member.total} điểm"))
        return dots

    def _summary(self) -> str:
        totals = ", ".join(str(total) for total in self.totals)
        return f"Tổng điểm của {len(self.totals)} phiếu: {totals}. Trung bình {self.page.total}."


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
