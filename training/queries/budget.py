"""Money of a plan: its lines and their sums."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from training.enums import FundSource
from training.models import BudgetLine, Plan


@dataclass(frozen=True)
class FundSum:
    """What one source gives."""

    label: str
    planned: Decimal
    spent: Decimal


@dataclass(frozen=True)
class Budget:
    """The lines with their sums, in dong; `spent` holds what was spent up to a day."""

    lines: tuple[BudgetLine, ...]
    funds: tuple[FundSum, ...]
    planned: Decimal
    spent: Decimal

    @property
    def overspent(self) -> tuple[BudgetLine, ...]:
        return tuple(line for line in self.lines if line.spent is not None and line.spent > line.planned)


def budget_of(plan: Plan, day: date | None = None) -> Budget:
    """The plan's money, one query; with a day, spending recorded for later is left out."""
    return budget_from(plan.budget_lines.all(), day)


def budget_from(rows: Iterable[BudgetLine], day: date | None = None) -> Budget:
    """The same of lines that were read already; spending after the day is taken off the lines themselves."""
    lines = tuple(rows)
    for line in lines:
        if day and line.spent_on and line.spent_on > day:
            line.spent = line.spent_on = None
    by_fund: dict[str, list[BudgetLine]] = {}
    for line in lines:
        by_fund.setdefault(line.fund, []).append(line)
    funds = tuple(
        FundSum(str(fund.label), _planned(by_fund[fund]), _spent(by_fund[fund]))
        for fund in FundSource
        if fund in by_fund
    )
    return Budget(lines, funds, _planned(lines), _spent(lines))


def _planned(lines: list[BudgetLine] | tuple[BudgetLine, ...]) -> Decimal:
    return sum((line.planned for line in lines), Decimal(0))


def _spent(lines: list[BudgetLine] | tuple[BudgetLine, ...]) -> Decimal:
    return sum((line.spent or Decimal(0) for line in lines), Decimal(0))
