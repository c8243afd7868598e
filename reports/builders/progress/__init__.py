"""Báo cáo tiến độ: the progress of a plan, in words and tables, to the provincial People's Committee.

`build` reads the database; all else are pure functions of what it read. Sections that have nothing to say
are left out: the paper states only what the records hold.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import count

from reports import queries, words
from reports.builders.progress.annexes import annexes
from reports.builders.progress.entered import Entered
from reports.builders.progress.facts import MAIN_INDICATOR, Facts, annex_names
from reports.builders.progress.general import (
    coming_blocks,
    entered_blocks,
    general_blocks,
    shortcoming_blocks,
)
from reports.builders.progress.results import result_blocks
from reports.builders.progress.standing import as_frozen, money_blocks, valid_blocks
from reports.builders.progress.targets import is_number_of_the_area, target_blocks
from reports.builders.progress.tasks import class_blocks, task_blocks
from reports.dashboard.choice import Choice
from reports.dashboard.in_force import valid_products
from reports.dashboard.work import TRAINED
from reports.document import Block, Document, Figure, Head, Heading, Section, Table, roman
from reports.letterhead import letterhead_of
from training.models import FigureSet, LegalBasis, Plan
from training.queries import PlanProgress, budget_of, frozen_targets, plan_progress

TEMPLATE_VERSION = "progress-2"
# Statutes are cited without number and issuer (NĐ 30/2020, Phụ lục I, mục II.6a).
CITED_BY_NAME = ("luật", "pháp lệnh")
NOTHING_ENTERED = Entered()
A_YEAR = timedelta(days=366)
# Kept with plans as where figures come from; căn cứ are documents only.
NOT_A_DOCUMENT = "hội nghị"


def build(
    plan: Plan,
    *,
    period_to: date,
    today: date,
    figure_set: FigureSet | None = None,
    entered: Entered = NOTHING_ENTERED,
) -> Document:
    """The report on `plan` as of `period_to`; a day to come is reported as of today, and says so.

    With a `figure_set` everything that was frozen and approved is taken from it; `entered` is what
    officers chose and wrote.
    """
    as_of = min(period_to, today)
    last = min(as_of, plan.ends_on)
    records = not plan.is_reference
    shown = plan_progress(plan, as_of=as_of, also=[TRAINED] if records else ())
    facts = Facts(
        plan=plan,
        progress=frozen(shown, figure_set) if figure_set else shown,
        results=queries.results_of(plan.unit, plan.starts_on, last),
        letterhead=letterhead_of(plan.unit, as_of),
        legal_bases=cited(plan.legal_bases.all(), as_of),
        dated=as_of,
        growth=queries.growth_of(MAIN_INDICATOR, plan.unit, plan.starts_on, last) if records else (),
        valid=valid_products(Choice(plan), last) if records else None,
        trained=shown.totals[TRAINED] if records else None,
        budget=budget_of(plan, as_of),
        earlier=_a_year_earlier(plan, shown, last),
        entered=entered,
    )
    return document(as_frozen(facts, figure_set) if figure_set else facts)


def _a_year_earlier(plan: Plan, shown: PlanProgress, last: date) -> dict[str, int]:
    """Nothing for a plan of several years, and for one kept for reference: no records go with it."""
    if plan.is_reference or plan.ends_on - plan.starts_on > A_YEAR:
        return {}
    names = sorted({target.computed_by for target in shown.targets if is_number_of_the_area(target)})
    return queries.a_year_earlier(names, plan.unit, plan.starts_on, last)


def frozen(shown: PlanProgress, figure_set: FigureSet) -> PlanProgress:
    """The plan as it was frozen: lines, sums of tasks and warnings of the version, not of today's records."""
    summary = figure_set.summary
    return replace(
        shown,
        targets=frozen_targets(figure_set),
        tasks_done=summary["tasks_done"],
        tasks_overdue=summary["tasks_overdue"],
        warnings=tuple(summary["warnings"]),
    )


def document(facts: Facts) -> Document:
    """The report in words and tables."""
    facts = facts.folded()
    head = facts.letterhead
    names = annex_names(facts)
    return Document(
        head=Head(
            head.governing_body,
            head.issuing_body,
            f"Số:           /{facts.symbol}",
            f"{head.place}, {words.formal_date(facts.dated)}",
        ),
        type_name="BÁO CÁO",
        subject=subject(facts),
        addressee=head.addressee,
        legal_bases=legal_basis_lines(facts.legal_bases),
        opening=opening(facts),
        sections=numbered(sections(facts, names)),
        closing=(
            f"Trên đây là báo cáo {words.lower_first(subject(facts))}; {head.issuer_name} "
            f"kính trình {head.addressee} xem xét, chỉ đạo./."
        ),
        recipients=head.recipients,
        signer_position=head.signer_position,
        annexes=annexes(facts, names),
    )


def subject(facts: Facts) -> str:
    """Trích yếu. An ended plan has results, a running one progress; a review is called by its own name."""
    title = facts.plan.title
    if _is_carried_out(facts.plan):
        carrying_out = "" if "thực hiện" in title else " thực hiện"  # not twice in one heading
        title = f"{'Kết quả' if facts.has_ended else 'Tiến độ'}{carrying_out} {title}"
    return f"{title}, số liệu đến ngày {words.short_date(facts.as_of)}"


def opening(facts: Facts) -> str:
    """The sentence that leads to the sections."""
    head = facts.letterhead
    told = (
        f"{head.issuer_name} báo cáo {head.addressee} kết quả đến hết ngày "
        f"{words.short_date(facts.as_of)} như sau:"
    )
    return f"Thực hiện {facts.plan.title}, {told}" if _is_carried_out(facts.plan) else told


def _is_carried_out(plan: Plan) -> bool:
    return plan.title.lower().startswith(("kế hoạch", "đề án"))


def cited(bases: Iterable[LegalBasis], day: date) -> tuple[LegalBasis, ...]:
    """The documents a paper of that day can rest on: issued by then, and no conferences."""
    return tuple(
        basis
        for basis in bases
        if not basis.kind.lower().startswith(NOT_A_DOCUMENT)
        and (basis.issued_on is None or basis.issued_on <= day)
    )


def legal_basis_lines(bases: Iterable[LegalBasis]) -> tuple[str, ...]:
    """Căn cứ, one a line: all end with ";", the last with "."."""
    lines = [legal_basis(basis) for basis in bases]
    return (*(f"{line};" for line in lines[:-1]), *(f"{line}." for line in lines[-1:]))


def legal_basis(basis: LegalBasis) -> str:
    """ "Căn cứ Quyết định số 26/2026/QĐ-TTg ngày 22 tháng 5 năm 2026 của Thủ tướng Chính phủ …"."""
    named = basis.kind.lower() in CITED_BY_NAME
    issuer = re.sub(r"\bUBND\b", "Ủy ban nhân dân", basis.issuer)
    parts = [
        f"Căn cứ {basis.kind}",
        f"số {basis.number}" if basis.number and not named else "",
        basis.subject if named else "",
        words.formal_date(basis.issued_on) if basis.issued_on else "",
        f"của {issuer}" if basis.issuer and not named else "",
        "" if named else words.lower_first(basis.subject),
    ]
    return " ".join(part for part in parts if part).rstrip(" .;")


def numbered(plain: Iterable[Section]) -> tuple[Section, ...]:
    """Sections as "I. TÌNH HÌNH CHUNG", their headings as "1. …"; tables and charts counted throughout."""
    tables, figures = count(1), count(1)
    return tuple(
        replace(
            section,
            title=f"{roman(place)}. {section.title.upper()}",
            blocks=tuple(_captioned(block, tables, figures) for block in _numbered_headings(section)),
        )
        for place, section in enumerate(plain, start=1)
    )


def _captioned(block: Block, tables: Iterator[int], figures: Iterator[int]) -> Block:
    """ "Bảng 2. …" or "Biểu đồ 1. …"."""
    if isinstance(block, Table):
        return replace(block, caption=f"Bảng {next(tables)}. {block.caption}")
    if isinstance(block, Figure):
        return replace(block, caption=f"Biểu đồ {next(figures)}. {block.caption}")
    return block


def _numbered_headings(section: Section) -> tuple[Block, ...]:
    """Khoản are counted from 1; a lone heading says no more than the section's title and is left out."""
    if sum(isinstance(block, Heading) for block in section.blocks) == 1:
        return tuple(block for block in section.blocks if not isinstance(block, Heading))
    blocks: list[Block] = []
    count = 0
    for block in section.blocks:
        if isinstance(block, Heading):
            count += 1
            block = replace(block, text=f"{count}. {block.text}")
        blocks.append(block)
    return tuple(blocks)


def sections(facts: Facts, names: dict[str, str]) -> list[Section]:
    """The sections that were chosen and have something to say, in their order."""
    entered = facts.entered
    blocks = {
        "general": lambda: general_blocks(facts),
        "targets": lambda: (
            *target_blocks(facts, names),
            *result_blocks(facts, names),
            *valid_blocks(facts, names),
        ),
        "tasks": lambda: (*task_blocks(facts), *class_blocks(facts)),
        "money": lambda: money_blocks(facts),
        "shortcomings": lambda: shortcoming_blocks(facts),
        "difficulties": lambda: entered_blocks(facts, "difficulties"),
        "causes": lambda: entered_blocks(facts, "causes"),
        "coming": lambda: coming_blocks(facts),
        "proposals": lambda: entered_blocks(facts, "proposals"),
    }
    candidates = [Section(entered.title(key), blocks[key]()) for key in entered.sections]
    return [section for section in candidates if section.blocks]
