"""Closed results worked out again from their rows and compared with what was frozen; changes nothing.

Every figure is computed by `scoring.rate` from sheets, choices, conclusions and exclusions as they are stored
today, never from the frozen detail; the detail is only what the answer is held against.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from django.db.models import QuerySet

from evaluation.enums import ItemState
from evaluation.models import AgendaItem, Conclusion, Result, Sheet
from evaluation.queries.scoring_sets import scoring_set
from evaluation.queries.sheets import sheet_inputs
from evaluation.scoring import Rating, ScoringError, ScoringSet, SheetInput, SheetScore, display, rate
from evaluation.spread import display_root, far_pairs, figures_of

# Results read at a time: four queries a batch, and three more for a scoring table not met before.
BATCH = 100


@dataclass(frozen=True)
class Difference:
    """Something kept that does not follow from the rows: of which dossier, where, and both values."""

    result: int
    item: int
    session: str
    dossier: str
    criterion: str
    what: str
    kept: str
    computed: str

    def __str__(self) -> str:
        where = f"tiêu chí {self.criterion}, " if self.criterion else ""
        return (
            f"{self.session} · {self.dossier} (hồ sơ trong phiên số {self.item}): "
            f"{where}{self.what}: đã giữ {self.kept}, tính lại {self.computed}"
        )


@dataclass(frozen=True)
class _Rows:
    """What a batch of results is worked out from, by item."""

    sheets: dict[int, list[Sheet]]
    inputs: dict[int, SheetInput]
    conclusions: dict[int, dict[str, int]]


@dataclass(frozen=True)
class _Slip:
    """A difference before it knows its dossier."""

    what: str
    kept: Any
    computed: Any
    criterion: str = ""


def results_to_verify(session: int | None = None) -> QuerySet[Result]:
    """All closed results, or those of one session, with what their settings and names need."""
    results = Result.objects.select_related(
        "item__session__regulation",
        "item__session__council__regulation",
        "item__version__dossier__product",
        "item__exclusion",
    ).order_by("pk")
    return results if session is None else results.filter(item__session=session)


def verify(results: QuerySet[Result], *, batch: int = BATCH) -> Iterator[tuple[Result, list[Difference]]]:
    """Every result with its differences, in the order of the rows."""
    last = 0
    while True:
        chunk = list(results.filter(pk__gt=last)[:batch])
        if not chunk:
            return
        last = chunk[-1].pk
        rows = _rows(chunk)
        for result in chunk:
            yield result, [_named(result, slip) for slip in _readable_slips(result, rows)]
        if len(chunk) < batch:
            return


def without_result(session: int | None = None) -> list[Difference]:
    """Items that stand as closed although their result is gone; one query."""
    items = AgendaItem.objects.filter(state__in=ItemState.with_result, result=None).order_by("pk")
    if session is not None:
        items = items.filter(session=session)
    return [
        Difference(
            result=0,
            item=item.pk,
            session=str(item.session),
            dossier=str(item),
            criterion="",
            what="kết quả đã đóng",
            kept="không còn",
            computed="phải có",
        )
        for item in items.select_related("session", "version__dossier__product")
    ]


def _rows(results: Sequence[Result]) -> _Rows:
    """The counted sheets, their choices and the conclusions of the results' items; three queries."""
    items = [result.item_id for result in results]
    sheets: dict[int, list[Sheet]] = defaultdict(list)
    counted = Sheet.objects.filter(item__in=items).counted().select_related("seat__user", "stopped_at")
    for sheet in counted:
        sheets[sheet.item_id].append(sheet)
    every = [sheet for of_item in sheets.values() for sheet in of_item]
    conclusions: dict[int, dict[str, int]] = defaultdict(dict)
    rows = Conclusion.objects.filter(item__in=items)
    for item, code, position in rows.values_list("item_id", "criterion__code", "option__position"):
        conclusions[item][code] = position or 0
    inputs = {int(one.member): one for one in sheet_inputs(every)}
    return _Rows(sheets, inputs, conclusions)


def _readable_slips(result: Result, rows: _Rows) -> list[_Slip]:
    """The slips; a detail that has lost its shape is one itself."""
    try:
        return list(_slips(result, rows))
    except (KeyError, IndexError, TypeError, ValueError) as error:
        return [_Slip("bảng giữ lại", f"không đọc được ({error!r})", "kết quả tính được")]


def _slips(result: Result, rows: _Rows) -> Iterator[_Slip]:
    item = result.item
    table = scoring_set(item.criteria_set_id)
    sheets = rows.sheets[result.item_id]
    exclusion = getattr(item, "exclusion", None)
    regulation = item.session.regulation_in_use
    try:
        rating = rate(
            table,
            [replace(rows.inputs[one.pk], member=f"{one.seat.user} (số {one.pk})") for one in sheets],
            gate_rule=regulation.gate_rule,
            conclusions=rows.conclusions[result.item_id],
            excluded=exclusion.ground if exclusion else None,
        )
    except ScoringError as error:
        yield _Slip("không tính lại được", "kết quả", error)
        return
    detail = result.detail
    yield from _unequal(_of_result(result, rating, regulation.gate_rule))
    yield from _unequal(_of_totals(detail, rating, table))
    yield from _of_members(detail, sheets, rating)
    yield from _of_leaves(detail, sheets, rating, table)
    yield from _unequal(_of_decisions(detail, rating, rows.conclusions[result.item_id], exclusion))
    yield from _of_pairs(detail, rating, regulation.spread_limit)


def _unequal(triples: Iterable[tuple[str, Any, Any]]) -> Iterator[_Slip]:
    return (_Slip(what, kept, computed) for what, kept, computed in triples if kept != computed)


def _of_result(result: Result, rating: Rating, gate_rule: str) -> Iterator[tuple[str, Any, Any]]:
    """The columns of the result."""
    kept_total = Fraction(result.total_numerator, result.total_denominator)
    yield "tổng điểm của kết quả", _exact(kept_total), _exact(rating.total)
    yield "hạng sao theo điểm", result.star_by_score, rating.star_by_score
    yield "hạng sao", result.star, rating.star
    yield "đủ điều kiện công nhận", result.recognisable, rating.recognisable
    yield "tiềm năng 5 sao", result.potential_five, rating.potential_five
    yield "bị loại", result.excluded, rating.excluded
    yield "số phiếu được tính", result.sheets_counted, len(rating.sheets)
    yield "quy tắc xét điều kiện", result.gate_rule, gate_rule


def _of_totals(detail: dict[str, Any], rating: Rating, table: ScoringSet) -> Iterator[tuple[str, Any, Any]]:
    """The dossier's own figures in the detail."""
    yield "tổng điểm trong bảng giữ lại", _points(detail["total"]), _written(rating.total)
    yield "trung vị", _points(detail["median"]), _written(rating.median)
    yield "chênh lệch", detail["spread"], rating.spread
    sections = {section["code"]: _points(section["mean"]) for section in detail["sections"]}
    for section in table.sections:
        yield (
            f"trung bình phần {section.code}",
            sections.get(section.code),
            _written(rating.sections[section.code]),
        )
    if "stats" in detail:
        totals = [score.total for score in rating.sheets]
        yield "thống kê của hồ sơ", _stats(detail["stats"]), _figures(totals)


def _of_members(detail: dict[str, Any], sheets: Sequence[Sheet], rating: Rating) -> Iterator[_Slip]:
    """Whose sheets were counted, with total, sections and stop."""
    kept = {member["sheet"]: member for member in detail["members"]}
    for sheet, score in zip(sheets, rating.sheets, strict=True):
        member = kept.pop(sheet.pk, None)
        if member is None:
            yield _Slip(f"phiếu của {sheet.seat.user}", "không có", f"{score.total} điểm")
            continue
        name = member["name"]
        stop = sheet.stopped_at.code if sheet.stopped_at else None
        yield from _unequal(
            [
                (f"thành viên của phiếu {sheet.pk}", member["seat"], sheet.seat_id),
                (f"tổng điểm phiếu của {name}", member["total"], score.total),
                (f"điểm từng phần của {name}", member["sections"], dict(score.sections)),
                (f"tiêu chí dừng của {name}", member["stopped_at"], stop),
                (f"ý kiến của {name}", member["opinion"], sheet.opinion),
            ]
        )
    for member in kept.values():
        yield _Slip(f"phiếu của {member['name']}", f"{member['total']} điểm", "không được tính")


def _of_leaves(
    detail: dict[str, Any], sheets: Sequence[Sheet], rating: Rating, table: ScoringSet
) -> Iterator[_Slip]:
    """Every criterion: its mean, its statistics and what each member chose."""
    kept = {leaf["code"]: leaf for leaf in detail["leaves"]}
    places = {member["sheet"]: place for place, member in enumerate(detail["members"])}
    if set(kept) != {leaf.code for leaf in table.leaves}:
        yield _Slip("danh sách tiêu chí", len(kept), len(table.leaves))
    for leaf in (leaf for leaf in table.leaves if leaf.code in kept):
        frozen = kept[leaf.code]
        mean, values = rating.leaf_means[leaf.code], [score.points[leaf.code] for score in rating.sheets]
        if _points(frozen["mean"]) != _written(mean):
            yield _Slip("trung bình", _points(frozen["mean"]), _written(mean), leaf.code)
        if "stats" in frozen and _stats(frozen["stats"]) != _figures(values):
            yield _Slip("thống kê", _stats(frozen["stats"]), _figures(values), leaf.code)
        for sheet, score in zip(sheets, rating.sheets, strict=True):
            yield from _of_choice(frozen, places.get(sheet.pk), sheet, score)


def _of_choice(frozen: dict[str, Any], place: int | None, sheet: Sheet, score: SheetScore) -> Iterator[_Slip]:
    if place is None:
        return  # said once for the member
    code = frozen["code"]
    chosen = frozen["chosen"][place] if place < len(frozen["chosen"]) else {"position": None, "points": None}
    kept = (chosen["position"], chosen["points"])
    computed = (score.positions[code], score.points[code])
    if kept != computed:
        yield _Slip(f"lựa chọn của {sheet.seat.user}", _level(kept), _level(computed), code)


def _of_decisions(
    detail: dict[str, Any], rating: Rating, conclusions: dict[str, int], exclusion: Any
) -> Iterator[tuple[str, Any, Any]]:
    """Conditions that failed, conclusions and the exclusion."""
    kept_unmet = sorted((line["criterion"], line["star"]) for line in detail["unmet"])
    unmet = sorted((one.criterion, one.star) for one in rating.unmet)
    yield "điều kiện chưa đạt", _list(kept_unmet), _list(unmet)
    kept = sorted((line["criterion"], line["position"]) for line in detail["conclusions"])
    yield "kết luận của Hội đồng", _list(kept), _list(sorted(conclusions.items()))
    ground = detail["exclusion"]["ground"] if detail["exclusion"] else None
    yield "căn cứ loại", ground, exclusion.ground if exclusion else None


def _of_pairs(detail: dict[str, Any], rating: Rating, limit: int) -> Iterator[_Slip]:
    """Pairs of sheets over the limit; by difference, since seats may have changed their order."""
    if "pairs" in detail:
        kept = sorted(pair["difference"] for pair in detail["pairs"])
        totals = [score.total for score in rating.sheets]
        yield from _unequal(
            [("các cặp phiếu vượt giới hạn", kept, sorted(p.difference for p in far_pairs(totals, limit)))]
        )


def _named(result: Result, slip: _Slip) -> Difference:
    return Difference(
        result=result.pk,
        item=result.item_id,
        session=result.item.session.name,
        dossier=str(result.item),
        criterion=slip.criterion,
        what=slip.what,
        kept=_words(slip.kept),
        computed=_words(slip.computed),
    )


def _words(value: Any) -> str:
    if value is None or value == "":
        return "không có"
    return {True: "có", False: "không"}[value] if isinstance(value, bool) else str(value)


def _exact(value: Fraction) -> str:
    return f"{value.numerator}/{value.denominator}"


def _written(value: Fraction) -> str:
    return f"{display(value)} ({_exact(value)})"


def _points(kept: dict[str, Any]) -> str:
    numerator, denominator = kept["exact"]
    return f"{kept['shown']} ({numerator}/{denominator})"


def _stats(kept: dict[str, Any]) -> str:
    numerator, denominator = kept["deviation"]["variance"]
    return (
        f"{kept['least']} đến {kept['most']}, trung vị {_points(kept['median'])}, "
        f"độ lệch chuẩn {kept['deviation']['shown']} (phương sai {numerator}/{denominator})"
    )


def _figures(values: Sequence[int]) -> str:
    figures = figures_of(values)
    return (
        f"{figures.least} đến {figures.most}, trung vị {_written(figures.median)}, "
        f"độ lệch chuẩn {display_root(figures.variance)} (phương sai {_exact(figures.variance)})"
    )


def _level(level: tuple[Any, Any]) -> str:
    position, points = level
    return f"mức {position} ({points} điểm)"


def _list(pairs: Sequence[tuple[str, int]]) -> str:
    return ", ".join(f"{code} ({value})" for code, value in pairs)
