"""Tags and filters every page may use without loading them; docs/components.md shows each one."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from core import numbers
from core.icons import ICONS

register = template.Library()

BADGE_KINDS = ("neutral", "info", "waiting", "good", "warning", "danger")
WEEKDAYS = ("Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy", "Chủ nhật")

register.filter("vn_number", numbers.format_number)
register.filter("vn_points", numbers.format_points)
register.filter("vn_money", numbers.format_money)
register.filter("vn_date", numbers.format_date)
register.filter("vn_datetime", numbers.format_datetime)
register.filter("due_words", numbers.due_words)


@register.filter
def vn_day(value: dt.date) -> str:
    """The day with its name: "Thứ bảy, 21/11/2026"."""
    return f"{WEEKDAYS[value.weekday()]}, {numbers.format_date(value)}" if value else numbers.NOTHING


@register.filter
def vn_minutes(value: dt.timedelta | None) -> str:
    """A short duration in whole minutes: "15 phút"."""
    return f"{max(1, round(value.total_seconds() / 60))} phút" if value else "ít phút"


@register.filter
def initials(name: str) -> str:
    """Up to two letters for the round mark beside a person's name: the first and the last word's."""
    words = str(name).split()
    return "".join(word[0] for word in dict.fromkeys((words[0], words[-1]))).upper() if words else ""


@register.filter
def fields_with_errors(form: BaseForm) -> list[BoundField]:
    """The visible fields of a bound form that have errors, in the order of the form."""
    return [field for field in form.visible_fields() if field.errors]


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """One icon of `core.icons` as inline SVG, hidden from screen readers: it always stands beside a word.

    Raises ValueError for a name that is not in the set.
    """
    if name not in ICONS:
        raise ValueError(f"no icon named {name!r} in core.icons")
    return format_html(
        '<svg class="icon {}" viewBox="0 0 24 24" width="20" height="20" fill="none" stroke="currentColor" '
        'stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" '
        'focusable="false">{}</svg>',
        extra,
        mark_safe(ICONS[name]),  # noqa: S308  drawn by us, no input in it
    )


@register.inclusion_tag("components/status_badge.html")
def status_badge(word: str, kind: str = "neutral") -> dict[str, Any]:
    """A state as shape, colour and word. Raises ValueError for a kind outside `BADGE_KINDS`."""
    if kind not in BADGE_KINDS:
        raise ValueError(f"no badge kind {kind!r}; choose one of {', '.join(BADGE_KINDS)}")
    return {"word": word, "kind": kind}


@register.inclusion_tag("components/stars.html")
def stars(count: int | None, label: str = "", words: bool = True, size: str = "") -> dict[str, Any]:
    """`count` of five stars with the words "3 sao" ("Chưa xếp hạng" for None or 0).

    `label` replaces the words ("Tiềm năng 5 sao"); `words=False` leaves them to screen readers only.
    """
    count = count or 0
    return {
        "count": count,
        "marks": [(24 * place, place < count) for place in range(5)],
        "label": label or (f"{count} sao" if count else "Chưa xếp hạng"),
        "words": words,
        "size": size,
    }


@register.inclusion_tag("components/progress_bar.html")
def progress_bar(
    share: numbers.Number | None,
    time_share: numbers.Number | None = None,
    label: str = "",
    kind: str = "good",
) -> dict[str, Any]:
    """A bar for `share` (0 to 1, more is cut at 1) with a tick where `time_share` of the time has passed."""
    return {
        "width": _percent(share or 0),
        "tick": None if time_share is None else _percent(time_share),
        "label": label or _progress_words(share or 0, time_share),
        "kind": kind,
    }


def _percent(share: numbers.Number) -> str:
    """An SVG length: always with a point, whatever the language of the page."""
    return f"{min(max(float(share), 0.0), 1.0) * 100:.2f}%"


def _progress_words(share: numbers.Number, time_share: numbers.Number | None) -> str:
    words = f"Đạt {numbers.whole_percent(share)}%"
    if time_share is None:
        return words
    return f"{words}; đã qua {numbers.format_number(time_share * 100, 0)}% thời gian"


@register.inclusion_tag("components/saved_state.html")
def saved_state(state: str = "saved", at: dt.datetime | None = None) -> dict[str, Any]:
    """Whether what was typed is kept: "saved", "saving", "unsaved" or "failed"; app.js changes it."""
    words = {"saved": "Đã lưu", "saving": "Đang lưu…", "unsaved": "Chưa lưu", "failed": "Chưa lưu được"}
    return {"state": state, "word": words[state], "at": at}


@register.inclusion_tag("components/facts.html")
def facts(rows: Iterable[tuple[str, Any]], columns: int = 1) -> dict[str, Any]:
    """A definition list of (label, value); an empty value is shown as a dash."""
    return {"rows": list(rows), "columns": columns, "nothing": numbers.NOTHING}


@register.inclusion_tag("components/steps.html")
def steps(items: Iterable[dict[str, Any]], label: str = "Các bước") -> dict[str, Any]:
    """The stations of a road: dicts with `label`, `state` ("done", "current", "todo"), `url`, `note`."""
    return {"items": list(items), "label": label}


@register.inclusion_tag("components/pager.html")
def pager(page: Any) -> dict[str, Any]:
    """Links to the neighbours of a Django `Page`; every other part of the address is kept."""
    return {
        "page": page,
        "numbers": page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
        "ellipsis": page.paginator.ELLIPSIS,
    }


@register.simple_block_tag
def page_head(content: str, title: str, line: str = "", badge: str = "", kind: str = "neutral") -> SafeString:
    """Head of a page: title, one line of context, state badge; the content is its action(s) at the right."""
    return _render("page_head", content, title=title, line=line, badge=badge, kind=kind)


@register.simple_block_tag
def menu(content: str, label: str = "Việc khác") -> SafeString:
    """A button that opens secondary actions: the content is `<li>` items with class `dropdown-item`."""
    return _render("menu", content, label=label)


@register.simple_block_tag
def card(content: str, title: str = "", note: str = "") -> SafeString:
    """A sheet of paper on the ground: optional title and note, then the content."""
    return _render("card", content, title=title, note=note)


@register.simple_block_tag
def empty_state(content: str, title: str, text: str = "", icon_name: str = "leaf") -> SafeString:
    """What stands where a list has nothing: why, and what to do; the content is the action."""
    return _render("empty_state", content, title=title, text=text, icon_name=icon_name)


@register.simple_block_tag
def message_page(
    content: str, title: str, code: int | str = "", icon_name: str = "info", kind: str = "info"
) -> SafeString:
    """A page that only says one thing (an error, a finished act) and where to go from here."""
    return _render("message_page", content, title=title, code=code, icon_name=icon_name, kind=kind)


@register.simple_block_tag
def notice(content: str, kind: str = "info", title: str = "") -> SafeString:
    """A message that stays on the page; `kind` as of status_badge."""
    return _render("notice", content, kind=kind, title=title)


@register.simple_block_tag
def table_area(content: str, title: str, tall: bool = False, cards: bool = False) -> SafeString:
    """The frame of a table: it scrolls sideways on narrow screens and can be scrolled by keyboard.

    `tall`: own height with sticky head and first column; `cards`: rows become cards on a phone.
    """
    return _render("table_area", content, title=title, tall=tall, cards=cards)


def _render(component: str, content: str, **values: Any) -> SafeString:
    context = {"content": content.strip() and mark_safe(content), **values}  # noqa: S308  rendered by the caller
    return render_to_string(f"components/{component}.html", context)
