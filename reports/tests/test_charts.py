"""Charts as XML: what they say, and what they may not contain."""

from datetime import date
from fractions import Fraction
from xml.etree import ElementTree

import pytest

from reports import charts
from reports.charts.lines import nice_step

SVG = "{http://www.w3.org/2000/svg}"
NASTY = "Xã <b>\"Cẩm\"</b> & 'Bình'"
YEAR = {
    "start": date(2026, 1, 1),
    "end": date(2026, 12, 31),
    "as_of": date(2026, 3, 31),
    "title": "Công nhận",
}

PICTURES = {
    "progress": charts.progress_bar(Fraction(17, 25), Fraction(325, 365), label=NASTY),
    "bars": charts.bars([charts.Bar(NASTY, 3, "/a?b=1&c=2"), charts.Bar("Xã B", 1)], title=NASTY),
    "stars": charts.stars_by_group([charts.StarsRow(NASTY, {3: 12, 4: 5, 5: 1}, {3: "/a?b&c"})], title="Sao"),
    "burn": charts.burn_up([(date(2026, 2, 1), 4), (date(2026, 3, 31), 9)], 25, **YEAR, forecast=36),
    "no bars": charts.bars([], title="Trống"),
    "no stars": charts.stars_by_group([], title="Trống"),
    "no points": charts.burn_up([], 0, **YEAR),
}


def parse(picture: str) -> ElementTree.Element:
    return ElementTree.fromstring(picture)  # noqa: S314  our own text


def texts(picture: str) -> list[str]:
    return [element.text or "" for element in parse(picture).iter(f"{SVG}text")]


@pytest.mark.parametrize("name", PICTURES)
def test_picture_is_xml_with_a_text_alternative_and_nothing_the_policy_forbids(name):
    root = parse(PICTURES[name])
    assert root.tag == f"{SVG}svg"
    assert root.get("role") in ("img", "group")
    assert root.get("aria-label") == root.find(f"{SVG}title").text != ""
    for element in root.iter():
        assert element.tag not in (f"{SVG}script", f"{SVG}style")
        assert not [key for key in element.attrib if key == "style" or key.startswith("on")]


def test_words_of_people_stay_words():
    row = parse(PICTURES["bars"]).find(f"{SVG}a/{SVG}title")
    assert row.text == f"{NASTY}: 3"
    assert "<b>" not in PICTURES["bars"]


def test_link_inside_makes_it_a_group_that_can_be_reached():
    root = parse(PICTURES["bars"])
    assert root.get("role") == "group"
    assert [link.get("href") for link in root.iter(f"{SVG}a")] == ["/a?b=1&c=2"]
    assert parse(PICTURES["burn"]).get("role") == "img"


def test_progress_bar_is_drawn_at_most_full_and_ticks_the_time():
    root = parse(charts.progress_bar(Fraction(5, 4), Fraction(1, 2), width=100))
    track, share = root.findall(f"{SVG}rect")
    assert (track.get("width"), share.get("width")) == ("100", "100")
    assert root.find(f"{SVG}line").get("x1") == "50"
    assert root.get("aria-label") == "Đạt 125 %; đã qua 50 % thời gian"
    assert parse(charts.progress_bar(None)).get("aria-label") == "Chưa có số liệu"


def test_longest_bar_fills_the_room_and_every_number_is_written():
    picture = charts.bars(
        [charts.Bar("A", 1200), charts.Bar("B", 300)], title="X", width=440, label_width=150
    )
    lengths = [float(rect.get("width")) for rect in parse(picture).iter(f"{SVG}rect")]
    assert lengths == [246, 61.5]  # 440 - 150 - 44, and a quarter of it
    assert texts(picture) == ["A", "1.200", "B", "300"]


def test_stars_differ_by_pattern_and_are_counted_in_words():
    root = parse(PICTURES["stars"])
    fills = [rect.get("fill") for group in ("a", "g") for rect in root.findall(f"{SVG}{group}/{SVG}rect[1]")]
    assert len(set(fills)) == 3
    assert "url(#stars-4)" in fills
    assert root.find(f"{SVG}defs/{SVG}pattern").get("id") == "stars-4"
    assert "12 sản phẩm 3 sao, 5 sản phẩm 4 sao, 1 sản phẩm 5 sao" in root.get("aria-label")
    assert texts(PICTURES["stars"])[-1] == "18"


def test_burn_up_draws_the_plan_from_zero_to_its_value_and_the_points():
    root = parse(PICTURES["burn"])
    plan, reached, forecast = root.findall(f"{SVG}polyline")
    first, last = (pair.split(",") for pair in plan.get("points").split())
    assert (float(first[0]), float(last[0])) == (34, 428)
    assert (
        plan.get("stroke-dasharray")
        and not reached.get("stroke-dasharray")
        and forecast.get("stroke-dasharray")
    )
    assert len(reached.get("points").split()) == 3  # zero at the start, and two points
    assert {"kế hoạch 25", "lũy kế", "dự báo 36", "9"} <= set(texts(PICTURES["burn"]))


def test_burn_up_writes_a_value_of_zero_above_the_axis():
    start, end, day = date(2026, 1, 1), date(2026, 12, 31), date(2026, 3, 5)
    picture = charts.burn_up([(day, 0)], 25, start=start, end=end, as_of=day, title="X")
    label = next(text for text in parse(picture).findall(f"{SVG}text") if text.get("font-weight") == "700")
    assert (label.text, float(label.get("y"))) == ("0", 250 - 26 - 9)


def test_numbers_in_bars_are_dark_on_light():
    root = parse(charts.stars_by_group([charts.StarsRow("Chè", {3: 2, 4: 3, 5: 4})], title="X"))
    three, four, five = (bar for bar in root.findall(f"{SVG}g"))
    assert [len(bar.findall(f"{SVG}rect")) for bar in (three, four, five)] == [1, 2, 2]  # plates on dark bars
    assert {bar.find(f"{SVG}text").get("fill") for bar in (three, four, five)} == {charts.INK}


def test_burn_up_refuses_a_period_without_length():
    with pytest.raises(ValueError, match="two days"):
        charts.burn_up([], 5, start=date(2026, 1, 1), end=date(2026, 1, 1), as_of=date(2026, 1, 1), title="X")


def test_cumulate_ends_each_month_where_the_next_begins():
    by_month = {date(2026, 1, 1): 2, date(2026, 3, 1): 5}
    assert charts.cumulate(by_month, date(2026, 1, 15), date(2026, 3, 20)) == [
        (date(2026, 2, 1), 2),
        (date(2026, 3, 1), 2),
        (date(2026, 3, 20), 7),
    ]
    assert charts.cumulate({}, date(2026, 5, 1), date(2026, 4, 1)) == []


@pytest.mark.parametrize(
    ("top", "step"), [(1, 1), (5, 1), (6, 2), (25, 5), (26, 10), (2400, 500), (6000, 2000)]
)
def test_axis_has_at_most_five_round_steps(top, step):
    assert nice_step(top) == step
