"""Addresses as no page offers them: strange queries break no page, and looking writes nothing."""

import re
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.urls import resolve

from accounts.enums import Role
from ocop.tests.test_access_walk import ACCESS, Walker, path_of, roles_of
from ocop.tests.world import make_world

# Every name that some page reads from its address, filters of lists included.
NAMES_READ = (
    "q", "page", "sap", "cot", "dong", "loc", "voi", "chu-the", "co", "mo", "tat-ca", "chua-doc", "name",
    "commune", "entity", "tiep", "plan", "state", "year", "kind", "product_set", "legal_form", "star",
    "round", "family", "origin", "status", "flagship", "expiry", "age", "overdue", "products", "guessed",
    "next", "trang_thai", "council", "c", "target", "expires", "rest", "to", "unit",
    "lead", "xa", "trang", "chot", "number", "replaced", "period_to",
)  # fmt: skip
NUL, TOO_LARGE = "\x00", "9" * 40
STRANGE = (NUL, TOO_LARGE, "\u202e١٢")
WRITES = re.compile(r"^\s*(INSERT|UPDATE|DELETE)|FOR (NO KEY )?UPDATE", re.I)


@pytest.fixture
def world(criteria):
    return make_world()


class Writes:
    """Collects the statements that write, but those of sessions."""

    def __init__(self):
        self.found = []

    def __call__(self, execute, sql, params, many, context):
        if WRITES.search(sql) and "django_session" not in sql:
            self.found.append(sql[:120])
        return execute(sql, params, many, context)


def looked_at(role, world):
    """Names and addresses a role opens by GET; signing out is asked for by POST."""
    for name in (name for name in ACCESS if role in roles_of(name)):
        path = path_of(name, world)
        view = resolve(path.partition("?")[0]).func.view_class
        if hasattr(view, "get") and "get" in view.http_method_names:
            yield name, path


def test_looking_writes_nothing(world):
    wrong = []
    for role in Role:
        walker = Walker(world.insiders[role])
        for name, path in looked_at(role, world):
            with connection.execute_wrapper(writes := Writes()):
                walker.ask(path)
            wrong += [f"{name} as {role}: {sql}" for sql in writes.found]
    assert wrong == []


def test_strange_queries_break_no_page(world):
    wrong, seen = [], set()
    # Whoever sees most comes first; an address is asked once.
    for role in (Role.PROVINCIAL_OFFICER, *Role):
        walker = Walker(world.insiders[role])
        for name, path in looked_at(role, world):
            if name in seen:
                continue
            seen.add(name)
            for value in STRANGE:
                query = urlencode(dict.fromkeys(NAMES_READ, value))
                status = walker.ask(f"{path}{'&' if '?' in path else '?'}{query}").status_code
                if status >= 500:
                    wrong.append(f"{name} as {role} with {value[:9]!r}: {status}")
    assert wrong == []


FIELD = re.compile(r'<(?:input|select|textarea|button)[^>]* name="([^"]+)"')


def posted_to(role, world):
    """Names and addresses a role may send a form to; signing out would end the walk."""
    for name in (name for name in ACCESS if role in roles_of(name)):
        path = path_of(name, world)
        if hasattr(resolve(path.partition("?")[0]).func.view_class, "post") and "log" not in name:
            yield name, path


def fields_of(page):
    """Names of all fields a page offers, whatever form they stand in."""
    if page.streaming or not page.headers.get("Content-Type", "").startswith("text/html"):
        return set()
    return set(FIELD.findall(page.content.decode())) - {"csrfmiddlewaretoken"}


def test_strange_values_in_forms_break_nothing(world):
    wrong, seen = [], set()
    for role in (Role.PROVINCIAL_OFFICER, *Role):
        walker = Walker(world.insiders[role])
        pages = [walker.ask(path) for _, path in looked_at(role, world)]
        names = set().union(*(fields_of(page) for page in pages))
        for name, path in posted_to(role, world):
            if name in seen:
                continue
            seen.add(name)
            for value in (NUL, TOO_LARGE):
                status = walker.send(path, dict.fromkeys(names, value)).status_code
                if status >= 500:
                    wrong.append(f"{name} as {role} with {value[:9]!r}: {status}")
    assert wrong == []
