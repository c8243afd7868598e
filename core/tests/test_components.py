"""Components and formats every page uses: what they print, worked by hand."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.template import Context, RequestContext, Template
from django.test import RequestFactory

from core import numbers
from core.icons import ICONS
from core.templatetags import ocop


def render(source: str, **values: object) -> str:
    return " ".join(Template(source).render(Context(values)).split())


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1234.5, "1.234,5"),
        (1234567, "1.234.567"),
        (Decimal("71.30"), "71,3"),
        (Fraction(2, 3), "0,67"),
        (Fraction(214, 3), "71,33"),
        (0, "0"),
        (-1234, "−1.234"),
        (Decimal("-0.001"), "0"),
        (None, "–"),
    ],
)
def test_number_in_vietnamese_form(value, expected):
    assert numbers.format_number(value) == expected


def test_number_with_fixed_places_keeps_zeros():
    assert numbers.format_number(Decimal("1500"), 1) == "1.500,0"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        # 209,99 / 3 = 69,99666…: shown as 69,99, never as 70,00
        (Fraction(20999, 300), "69,99"),
        (Fraction(299999, 10000), "29,99"),
        (Fraction(214, 3), "71,33"),
        (90, "90,00"),
        (None, "–"),
    ],
)
def test_points_are_cut_never_rounded_up(value, expected):
    assert numbers.format_points(value) == expected


def test_money_and_dates():
    assert numbers.format_money(24500000) == "24.500.000\u00a0₫"
    assert numbers.format_date(dt.date(2026, 11, 5)) == "05/11/2026"
    # 20:30 UTC is already the next morning in Việt Nam
    assert numbers.format_datetime(dt.datetime(2026, 11, 5, 20, 30, tzinfo=dt.UTC)) == "06/11/2026 03:30"
    assert numbers.format_date(dt.datetime(2026, 11, 5, 20, 30, tzinfo=dt.UTC)) == "06/11/2026"
    assert numbers.format_date(None) == "–"
    assert ocop.vn_day(dt.date(2026, 11, 21)) == "Thứ bảy, 21/11/2026"


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (dt.date(2026, 11, 18), "quá hạn 3 ngày"),
        (dt.date(2026, 11, 21), "hạn hôm nay"),
        (dt.date(2026, 11, 22), "hạn ngày mai"),
        (dt.date(2026, 11, 27), "còn 6 ngày"),
        (None, ""),
    ],
)
def test_due_date_in_words(due, words):
    assert numbers.due_words(due, dt.date(2026, 11, 21)) == words


def test_initials_are_of_first_and_last_word():
    assert ocop.initials("Nguyễn Thị Hồng Phượng") == "NP"
    assert ocop.initials("Đức") == "Đ"
    assert ocop.initials("") == ""


def test_stars_always_say_their_number():
    page = render("{% stars 3 %}")
    assert page.count("star-on") == 3 and page.count("star-off") == 2
    assert "3 sao" in page
    assert "Chưa xếp hạng" in render("{% stars None %}")
    assert "Tiềm năng 5 sao" in render('{% stars 5 label="Tiềm năng 5 sao" %}')


def test_badge_has_shape_and_word():
    page = render('{% status_badge "Chờ xã kiểm tra" "waiting" %}')
    assert "<svg" in page and "Chờ xã kiểm tra" in page and "is-waiting" in page
    with pytest.raises(ValueError, match="kind"):
        render('{% status_badge "x" "purple" %}')


def test_progress_bar_tells_share_and_time_with_points_in_svg():
    page = render("{% progress_bar share time %}", share=Fraction(17, 25), time=Fraction(3, 4))
    assert 'width="68.00%"' in page and 'x1="75.00%"' in page
    assert "Đạt 68%; đã qua 75% thời gian" in page
    assert numbers.whole_percent(Fraction(9996, 10_000)) == "99"
    assert [numbers.whole_percent(share) for share in (Fraction(29, 100), 0.29, 1)] == ["29", "29", "100"]
    assert 'width="100.00%"' in render("{% progress_bar 1.3 %}")
    assert "progress-tick" not in render("{% progress_bar 0.5 %}")


def test_every_icon_is_drawn_and_an_unknown_name_is_refused():
    assert all("<svg" in ocop.icon(name) for name in ICONS)
    with pytest.raises(ValueError, match="no icon"):
        ocop.icon("unicorn")


def test_values_are_escaped():
    source = "{% page_head title line=title %}<b>x</b>{% endpage_head %}{% facts rows %}"
    page = render(source, title="<script>", rows=[("<i>", "<u>")])
    assert "<script>" not in page and "<i>" not in page and "<u>" not in page
    assert "<b>x</b>" in page


def test_facts_show_a_dash_for_nothing_but_keep_zero():
    page = render("{% facts rows %}", rows=[("Trống", ""), ("Không", 0)])
    assert page.count("–") == 1 and "<dd>0</dd>" in page


@pytest.mark.django_db
def test_pager_keeps_the_rest_of_the_address_and_hides_for_one_page():
    request = RequestFactory().get("/", {"q": "chè", "page": "3"})
    request.user = AnonymousUser()
    long_list, short_list = Paginator(range(1234), 20).page(3), Paginator(range(5), 20).page(1)
    page = Template("{% pager page %}").render(RequestContext(request, {"page": long_list}))
    assert "41–60 trong 1.234" in page
    assert "q=ch%C3%A8&amp;page=4" in page
    assert Template("{% pager page %}").render(RequestContext(request, {"page": short_list})).strip() == ""
