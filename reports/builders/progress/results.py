"""II. Dossiers filed and products recognised: sentences, table by group, chart."""

from core.numbers import format_number
from reports import words
from reports.builders.progress.facts import COMMUNES, PRODUCTS, Facts
from reports.document import Block, Column, Figure, Heading, Paragraph, Row, Table
from reports.queries import STARS, Results, Tally, place_of

# Fewer bars say nothing, more are not taken in at a glance; every commune stands in the annex.
FEWEST_BARS, MOST_BARS = 3, 10


def result_blocks(facts: Facts, names: dict[str, str]) -> tuple[Block, ...]:
    """Dossiers filed and products recognised in the period; nothing for plans kept only for reference."""
    if facts.plan.is_reference:
        return ()
    results = facts.results
    blocks: list[Block] = [Heading("Đăng ký đánh giá và công nhận sản phẩm")]
    blocks += [Paragraph(text) for text in (filed_sentence(facts), recognised_sentence(facts, names)) if text]
    if results.dossiers or results.recognitions:
        blocks += [groups_table(results), *group_figure(results), *commune_figure(results)]
    return tuple(blocks)


def filed_sentence(facts: Facts) -> str:
    """How many products, entities and communes filed dossiers in the period."""
    products = [row.product for row in facts.results.dossiers]
    if not products:
        return f"{_period_words(facts)} chưa có sản phẩm nộp hồ sơ đánh giá."
    entities = {product.entity_id for product in products}
    communes = {place_of(product) for product in products}
    return (
        f"{_period_words(facts)} có {format_number(len(products))} sản phẩm "
        f"của {format_number(len(entities))} chủ thể tại {format_number(len(communes))} xã, phường "
        "nộp hồ sơ đánh giá, phân hạng."
    )


def recognised_sentence(facts: Facts, names: dict[str, str]) -> str:
    """How many products were recognised in the period, by star, and how many are valid in all."""
    results = facts.results
    valid = sum(results.valid_by_star.values())
    standing = (
        f" Đến hết ngày {words.short_date(facts.as_of)} có {format_number(valid)} sản phẩm OCOP "
        f"còn hiệu lực công nhận{_by_star(results.valid_by_star)}."
    )
    if not results.recognitions:
        filed = f"; số liệu theo xã, phường tại {names[COMMUNES]} kèm theo" if COMMUNES in names else ""
        return f"Trong kỳ chưa có sản phẩm được công nhận{filed}.{standing}"
    return (
        f"Trong kỳ có {format_number(len(results.recognitions))} sản phẩm được công nhận từ 3 sao trở lên"
        f"{_by_star(results.stars)}; danh mục tại {names[PRODUCTS]}, số liệu theo xã, phường tại "
        f"{names[COMMUNES]} kèm theo.{standing}"
    )


def _period_words(facts: Facts) -> str:
    last = min(facts.as_of, facts.plan.ends_on)
    return f"Từ ngày {words.short_date(facts.plan.starts_on)} đến hết ngày {words.short_date(last)}"


def _by_star(stars: dict[int, int]) -> str:
    """ ", gồm 12 sản phẩm 3 sao và 5 sản phẩm 4 sao"; nothing when there is nothing to split."""
    counted = [f"{format_number(number)} sản phẩm {star} sao" for star, number in stars.items() if number]
    return f", gồm {words.listing(counted)}" if counted else ""


def groups_table(results: Results) -> Table:
    """Counts by family and group of products."""
    columns = (Column("Nhóm sản phẩm", 46), *tally_columns(54))
    rows: list[Row] = []
    tallies = results.by_group()
    for place, tally in enumerate(tallies):
        if place == 0 or tallies[place - 1].family != tally.family:
            rows.append(Row((tally.family.replace(" ", ". ", 1),), "group"))
        rows.append(Row((tally.label, *tally_cells(tally))))
    caption = "Hồ sơ và sản phẩm được công nhận theo nhóm sản phẩm"
    return Table(caption, columns, (*rows, total_row(tallies, ())), groups="Ngành sản phẩm")


def tally_columns(width: int) -> tuple[Column, ...]:
    star = width // 6
    stars = tuple(Column(f"{number} sao", star, "center", "number") for number in STARS)
    return (
        Column("Hồ sơ nộp", width - 4 * star, "center", "number"),
        *stars,
        Column("Cộng", star, "center", "number"),
    )


def tally_cells(tally: Tally) -> tuple[str, ...]:
    numbers = (tally.dossiers, *tally.stars.values(), tally.recognised)
    return tuple(format_number(number) for number in numbers)


def total_row(tallies: list[Tally], before: tuple[str, ...]) -> Row:
    stars = {star: sum(tally.stars[star] for tally in tallies) for star in STARS}
    total = Tally("Tổng cộng", sum(tally.dossiers for tally in tallies), stars)
    return Row((*before, total.label, *tally_cells(total)), "total")


def group_figure(results: Results) -> list[Figure]:
    """Recognised products by group and star, when there are any."""
    rows = [
        [tally.label, {str(star): number for star, number in tally.stars.items()}]
        for tally in results.by_group()
        if tally.recognised
    ]
    caption = "Sản phẩm được công nhận theo nhóm và hạng sao"
    return [Figure(caption, "stars", {"rows": rows})] if rows else []


def commune_figure(results: Results) -> list[Figure]:
    """The communes with more than one recognised product, when there are enough to rank."""
    rows = [[tally.label, tally.recognised] for tally in results.by_commune() if tally.recognised > 1]
    if len(rows) < FEWEST_BARS:
        return []
    caption = "Các xã, phường có nhiều sản phẩm được công nhận nhất trong kỳ"
    return [Figure(caption, "ranking", {"rows": rows[:MOST_BARS]})]
