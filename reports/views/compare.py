"""Years side by side, communes side by side, and the list behind a number of either."""

from dataclasses import replace
from datetime import date

from django.core.paginator import Paginator
from django.http import Http404
from django.utils import timezone
from django.utils.functional import cached_property
from django.views import View
from django.views.generic import TemplateView

from accounts.access import AllowedMixin
from accounts.pages import PAGE_SIZE
from core import tables
from core.days import day_of
from core.text import nfc
from reports import exports
from reports.comparisons import areas, communes, years
from reports.comparisons.figures import FIGURES
from training import lists
from training.asked import asked_of
from training.indicators import Period

LONGEST_SEARCH = 100


class OfProvince(AllowedMixin):
    """A page about the user's own province; `?tinh=ID` names one of several."""

    permission = "reports.view_dashboard"

    @cached_property
    def asked(self):
        """The address without what a database does not take."""
        return {name: value.replace("\x00", "") for name, value in self.request.GET.items()}

    @cached_property
    def province(self):
        found = areas.own_province(self.request.user, self.asked.get("tinh", ""))
        if found is None:
            raise Http404
        return found

    @cached_property
    def communes(self):
        return areas.communes_of(self.province)


class YearsMixin(OfProvince):
    """`?den-nam=2026&so-nam=3&cach=cuoi-nam`, or `cach=cung-ky` with a day, today's when none is given."""

    @cached_property
    def offered(self):
        return years.years_on_offer(self.province, timezone.localdate())

    @cached_property
    def same_day(self):
        if self.asked.get("cach") == "cuoi-nam":
            return None
        return day_of(self.asked.get("ngay", "")) or timezone.localdate()

    @cached_property
    def comparison(self):
        wanted = self.asked.get("den-nam", "")
        last = next((year for year in self.offered if str(year) == wanted), self.offered[0])
        sizes = {str(size): size for size in range(years.FEWEST, years.MOST + 1)}
        size = sizes.get(self.asked.get("so-nam", ""), years.USUAL)
        return years.compare_years(
            self.province,
            range(last - size + 1, last + 1),
            today=timezone.localdate(),
            same_day=self.same_day,
        )


class CompareYearsView(YearsMixin, TemplateView):
    template_name = "reports/compare_years.html"

    def get_context_data(self, **kwargs):
        shown = self.comparison
        return super().get_context_data(
            comparison=shown,
            offered=self.offered,
            sizes=range(years.FEWEST, years.MOST + 1),
            last=shown.years[-1].year,
            same_day=self.same_day,
            **kwargs,
        )


class CompareYearsWorkbook(YearsMixin, View):
    def get(self, request):
        return exports.answer(exports.years_book(self.comparison, by=request.user), "so-sanh-nam")


class CommunesMixin(OfProvince):
    """`?tim=WORDS` searches, `?xa=ID` (up to six) stand side by side, `?sap=` orders the table."""

    @cached_property
    def chosen(self):
        asked = [text for text in self.request.GET.getlist("xa") if text]
        try:
            return self.communes.chosen(asked, communes.MOST_CHOSEN)
        except KeyError:
            raise Http404 from None

    @cached_property
    def arrangement(self):
        return tables.arrange(communes.COLUMNS, self.request.GET)

    @cached_property
    def comparison(self):
        return communes.compare_communes(self.communes, timezone.localdate())

    @cached_property
    def words(self):
        return nfc(self.asked.get("tim", ""))[:LONGEST_SEARCH]

    @cached_property
    def found(self):
        """What the search found, and its remark; without words every commune."""
        return self.communes.search(self.words) if self.words else (None, "")

    @cached_property
    def ranked(self):
        """The rows found in the order asked for; most products in force first when none is."""
        by, found = self.arrangement.sorted_by, self.found[0]
        descending = self.arrangement.descending if by else True
        rows = [row for row in self.comparison.rows if found is None or row.unit.pk in found]
        return communes.arranged(rows, by.name if by else communes.VALID, descending=descending)


class CompareCommunesView(CommunesMixin, TemplateView):
    template_name = "reports/compare_communes.html"

    def get_context_data(self, **kwargs):
        chosen = [row.pk for row in self.chosen]
        by_id = {row.unit.pk: row for row in self.comparison.rows}
        page = Paginator(self.ranked, self.arrangement.size).get_page(self.asked.get(tables.PAGE))
        return super().get_context_data(
            comparison=self.comparison,
            table=self.arrangement,
            page=page,
            lines=[self._line(row, chosen) for row in page],
            total=self._cells(self.comparison.total),
            chosen=[(row, [pk for pk in chosen if pk != row.pk]) for row in self.chosen],
            chosen_ids=chosen,
            sides=communes.side_by_side(by_id[pk] for pk in chosen) if chosen else (),
            words=self.words,
            remark=self.found[1],
            page_sizes=tables.PAGE_SIZES,
            **kwargs,
        )

    def _cells(self, row):
        shown = (column for column in self.arrangement.columns if not column.fixed)
        return [(column.label, row.figures[column.name]) for column in shown]

    def _line(self, row, chosen):
        """The row's figures in the order of the columns, and the choice a click would make."""
        full = len(chosen) >= communes.MOST_CHOSEN
        return {
            "row": row,
            "cells": self._cells(row),
            "is_chosen": row.unit.pk in chosen,
            "choice": None if full or row.unit.pk in chosen else [*chosen, row.unit.pk],
        }


class CompareCommunesWorkbook(CommunesMixin, View):
    def get(self, request):
        book = exports.communes_book(
            self.comparison, self.ranked, self.arrangement.columns, self.chosen, by=request.user
        )
        return exports.answer(book, "so-sanh-xa")


class FigureListView(OfProvince, TemplateView):
    """The rows a number counted: `?tu=&den=` its period, `?xa=` one commune, `?rest=1` the others."""

    template_name = "reports/figure_list.html"

    def get_context_data(self, name, **kwargs):
        computed = FIGURES.get(name)
        if computed is None:
            raise Http404
        unit, period = self._unit(), self._period()
        rest = bool(self.asked.get("rest") and computed.population)
        filters = asked_of(computed, self.asked)
        area = unit or self.province
        rows = lists.counted_rows(computed, area, period, rest=rest).filter(filters.condition)
        seen = lists.seen_by(rows, self.request.user)
        page = Paginator(seen, PAGE_SIZE).get_page(self.asked.get("page"))
        kind = lists.kind_of(computed)
        return super().get_context_data(
            computed=computed,
            area=unit or self.province,
            period=period,
            rest=rest,
            filter_words=filters.words,
            page=page,
            heads=kind.heads,
            lines=[replace(kind.line(row), heads=kind.heads) for row in page.object_list],
            **kwargs,
        )

    def _unit(self):
        asked = self.asked.get("xa", "")
        if not asked:
            return None
        try:
            return self.communes.chosen([asked], 1)[0]
        except (KeyError, IndexError):
            raise Http404 from None

    def _period(self):
        """The days of the address; the year until today where they are missing or make no sense."""
        today = timezone.localdate()
        end = day_of(self.asked.get("den", "")) or today
        start = day_of(self.asked.get("tu", "")) or date(end.year, 1, 1)
        return Period(min(start, end), end)
