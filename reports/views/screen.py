"""The dashboard for the screen of a meeting room, and as a workbook."""

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views import View

from accounts.access import AllowedMixin
from reports import dashboard, exports, frozen
from reports.views.frozen import FrozenDashboardView

REFRESH_MINUTES = 5
# What one look at the screen takes in.
MOST_COMMUNES, MOST_MONTHS, MOST_LATE = 8, 6, 6


def columns_for(cards):
    """Columns that keep the cards in three rows with the fewest empty places, the larger cards first."""
    fitting = [columns for columns in (3, 4, 5, 6) if cards <= 3 * columns]
    return min(fitting, key=lambda columns: -cards % columns, default=6)


class OfChoice(AllowedMixin):
    """A page about what the address of the dashboard chooses."""

    permission = "reports.view_dashboard"

    def choice(self):
        """What the address asks for; None without any plan, 404 outside the own area."""
        query = {name: value.replace("\x00", "") for name, value in self.request.GET.items()}
        try:
            return dashboard.choose(self.request.user, query)
        except LookupError as error:
            raise Http404 from error

    def board(self):
        """The page's figures, counted now; None without any plan."""
        choice = self.choice()
        return dashboard.dashboard_of(choice) if choice else None


class ScreenView(OfChoice, View):
    """Large figures that refresh themselves; htmx asks for the figures alone."""

    def get(self, request):
        board = self.board()
        part = "reports/_screen.html" if request.headers.get("HX-Request") else "reports/screen.html"
        shown = {
            "board": board,
            "choice": board.choice if board else None,
            "now": timezone.now(),
            "minutes": REFRESH_MINUTES,
            "seconds": 60 * REFRESH_MINUTES,
        }
        if board:
            late = [(unit.name, task) for unit in board.late for task in unit.tasks]
            shown |= {
                "time_percent": round(100 * board.progress.time_share),
                "columns": columns_for(len(board.cards)),
                "communes": board.communes[:MOST_COMMUNES],
                "months": board.expiring[:MOST_MONTHS],
                "late": late[:MOST_LATE],
                "late_more": max(len(late) - MOST_LATE, 0),
                "late_total": len(late),
                "soon": board.soon[: max(MOST_LATE - len(late) - 1, 0)],
            }
        return render(request, part, shown)


class DashboardWorkbook(OfChoice, View):
    """Every table of the page; with `?chot=DAY` the figures of the closed period."""

    def get(self, request):
        if request.GET.get("chot"):
            return self._frozen()
        board = self.board()
        if board is None:
            raise Http404
        return exports.answer(exports.dashboard_book(board, by=request.user), "bang-dieu-hanh")

    def _frozen(self):
        page = FrozenDashboardView()
        page.setup(self.request)
        figure_set = page.figure_set
        if figure_set is None:
            raise Http404
        book = exports.frozen_book(frozen.frozen_board(figure_set), by=self.request.user)
        return exports.answer(book, f"so-lieu-da-chot-{figure_set.as_of:%Y-%m-%d}")
