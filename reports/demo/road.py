"""Dossiers on their road until the province has accepted them, on the days the data says."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from evaluation.models import Round
from evaluation.queries.scoring_sets import StoredSet, stored_set
from evaluation.services import rounds
from evaluation.services.criteria import in_force_set
from evaluation.services.self_assessment import Answer, save_answers
from products import services
from products.deadlines import working_days_after
from products.enums import DossierKind
from products.models import Dossier
from reports.demo import choices, desk, papers, texts
from reports.demo.clock import past, standing_on
from reports.demo.registry import Entry

WRITING_DAYS = 7
# QĐ 26/2026: nobody writes by its tables before.
IN_FORCE = date(2026, 5, 22)
# Working days after filing. The law gives the commune 15 (Đ7 k2).
RETURN_AFTER, PROPOSE_AFTER, ACCEPT_AFTER = 3, 4, 6
LATEST_DRAFT = date(2026, 11, 16)
# Where a dossier that only waits for somebody would stand in the entity's own eyes.
USUAL_SCORE, USUAL_STAR = 68, 3
# How many points an entity sees itself above what the council will find.
OWN_OPTIMISM = 4
LATEST_ROUND = "2"
LATE_REASON = "Đánh giá lại trong khung 180-120 ngày trước khi hết hạn; Hội đồng còn họp trong đợt này."
ADVICE_TIME = timedelta(days=14)
ADVICE = "Đối chiếu hồ sơ với Bộ tiêu chí, xem kỹ giấy tờ sắp hết hạn và vùng nguyên liệu."
DRAFT_TEXTS = {"half": texts.half_written, "begun": texts.just_begun}

Dossiers = dict[str, Dossier]


@dataclass(frozen=True)
class Reception:
    """What the province needs to accept: its rounds (by session or number), and who advises the council."""

    rounds: dict[str, Round]
    adviser: Any


def travel(entries: Iterable[Entry], officer: Any, reception: Reception) -> Dossiers:
    """Begin, write and file every dossier and take it as far as acceptance; answers them by product name.

    `officer` acts for the province.
    """
    begun = [entry for entry in entries if entry.dossier]
    begun.sort(key=lambda entry: (entry.dossier.get("filed", LATEST_DRAFT), entry.product.name))
    return {entry.product.name: _travel(entry, officer, reception) for entry in begun}


def _travel(entry: Entry, officer: Any, reception: Reception) -> Dossier:
    state, filed = entry.dossier["state"], entry.dossier.get("filed", LATEST_DRAFT)
    dossier = _begin(entry, max(filed - timedelta(days=WRITING_DAYS), IN_FORCE))
    _write(entry, dossier, filed - timedelta(days=1))
    if state == "draft":
        return dossier
    _step(dossier, "submit", entry.author, filed, 15)
    if reason := entry.dossier.get("returned_first"):
        _step(dossier, "return_to_entity", entry.officer, working_days_after(filed, 2), 10, note=reason)
        filed = working_days_after(filed, 3)
        _step(dossier, "submit", entry.author, filed, 16)
    if state == "withdrawn":
        _step(
            dossier, "withdraw", entry.author, working_days_after(filed, 2), 10, note=entry.dossier["reason"]
        )
        return dossier
    if state == "submitted":
        if filed < LATEST_DRAFT:
            with standing_on(working_days_after(filed, 1), 9):
                desk.begin(entry, dossier)
        return dossier
    if state == "returned" and entry.dossier.get("by") != "province":
        day = working_days_after(filed, RETURN_AFTER)
        with standing_on(day, 9):
            desk.find_lacking(dossier, entry.dossier.get("lacking", {}), by=entry.officer)
        _step(dossier, "return_to_entity", entry.officer, day, 10, note=entry.dossier["reason"])
        return dossier
    return _with_province(entry, dossier, filed, officer, reception)


def _with_province(
    entry: Entry, dossier: Dossier, filed: date, officer: Any, reception: Reception
) -> Dossier:
    proposed, decided = working_days_after(filed, PROPOSE_AFTER), working_days_after(filed, ACCEPT_AFTER)
    letter = {"proposal_number": f"{100 + dossier.pk % 800}/UBND-KT", "proposed_on": past(proposed)}
    with standing_on(proposed, 9):
        desk.find_in_order(entry, dossier)
    _step(dossier, "propose", entry.officer, proposed, 14, **letter)
    if entry.dossier["state"] == "returned":
        with standing_on(decided, 8):
            desk.find_lacking(dossier, entry.dossier.get("lacking", {}), by=officer)
        _step(dossier, "return_from_province", officer, decided, 9, note=entry.dossier["reason"])
    elif entry.dossier["state"] != "proposed":
        _accept(entry, dossier, decided, officer, reception)
    return dossier


def _accept(entry: Entry, dossier: Dossier, day: date, officer: Any, reception: Reception) -> None:
    """Into the round of its session; the adviser gets what the council has not scored yet."""
    target = reception.rounds[entry.dossier.get("session", LATEST_ROUND)]
    waits = entry.dossier["state"] in ("accepted", "scoring")
    with standing_on(day, 11, dossier.pk * 7 % 60):
        rounds.accept_into_round(
            dossier=dossier,
            evaluation_round=target,
            late_reason=LATE_REASON,
            advisers=[reception.adviser] if waits else [],
            due_on=timezone.localdate() + ADVICE_TIME,
            note=ADVICE if waits else "",
            by=officer,
        )


def _step(dossier: Dossier, name: str, by: Any, day: date, hour: int, **data: Any) -> None:
    with standing_on(day, hour, dossier.pk * 7 % 60):
        services.perform(dossier, name, by=by, **data)


def _begin(entry: Entry, day: date) -> Dossier:
    with standing_on(day, 8):
        return services.create_dossier(
            product=entry.product,
            kind=entry.dossier.get("kind", DossierKind.FIRST),
            year=2026,
            by=entry.author,
        )


def _write(entry: Entry, dossier: Dossier, day: date) -> None:
    """The texts of Mẫu 01 and 02 and the self-assessment, whole or as far as the draft has come."""
    filled = entry.dossier.get("filled", "whole")
    write = DRAFT_TEXTS.get(filled, texts.registration)
    with standing_on(day, 20):
        version = dossier.current_version
        data = write(entry.entity_data, entry.data)
        services.save_draft(version, by=entry.author, data=data, revision=version.revision)
        if filled != "begun":
            save_answers(version=version, answers=_answers(entry, day, filled), by=entry.author)
        if filled == "whole":
            papers.attach(dossier, by=entry.author, day=past(day))


def _answers(entry: Entry, day: date, filled: str) -> list[Answer]:
    table = stored_set(in_force_set(entry.product.product_set, past(day)).pk)
    chosen = choices.shared_view(table.scoring, _own_view(entry), entry.chance("self-assessment"))
    if filled == "half":
        chosen = choices.first_half(table.scoring, chosen)
    return [_answer(table, code, position, entry) for code, position in chosen.items()]


def _own_view(entry: Entry) -> choices.Goal:
    wanted = goal_of(entry)
    return choices.Goal(min(100, wanted.score + OWN_OPTIMISM), wanted.star, wanted.lack)


def goal_of(entry: Entry) -> choices.Goal:
    """What the council is to find, or the usual for a dossier that is not scored yet."""
    data = entry.dossier
    return choices.Goal(
        data.get("score", USUAL_SCORE),
        data.get("star", USUAL_STAR),
        tuple(data.get("lack", ())),
        data.get("apart", False),
    )


def _answer(table: StoredSet, code: str, position: int, entry: Entry) -> Answer:
    note = texts.evidence(table.scoring.leaf(code).title, entry.entity_data, entry.data)
    return Answer(table.criterion_of_code[code], table.option_at.get((code, position)), note)
