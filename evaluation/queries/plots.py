"""The picture of a result: members' totals on a line, with the mean and the bounds of the stars."""

from dataclasses import dataclass

from evaluation.queries.results import ResultPage


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
