"""Requests of one address are counted, each span anew; a lost cache stops nobody."""

import threading

import pytest
from django.core.cache import caches

from core import rate_limit
from core.rate_limit import Limit, seconds_to_wait

LIMIT = Limit("thu", times=3, seconds=60)


@pytest.fixture
def clock(monkeypatch):
    """The limiter's clock, moved by the test; nothing is counted yet."""
    caches["shared"].clear()
    moment = [1_000_020]  # 20 seconds before a span of a minute ends, for 1_000_020 = 16_667 x 60
    monkeypatch.setattr(rate_limit.time, "time", lambda: moment[0] + 40)
    return moment


def ask(times, address="203.0.113.9", limit=LIMIT):
    return [seconds_to_wait(limit, address) for _ in range(times)]


def test_the_request_beyond_the_limit_waits_for_the_next_span(clock):
    assert ask(5) == [0, 0, 0, 20, 20]
    clock[0] += 20
    assert ask(1) == [0]


def test_addresses_and_pages_are_counted_apart_but_a_network_of_ipv6_together(clock):
    assert ask(3) == [0, 0, 0]
    assert ask(1, "203.0.113.10") == [0]
    assert ask(1, limit=Limit("khac", times=3, seconds=60)) == [0]
    assert [seconds_to_wait(LIMIT, f"2001:db8:0:1::{n}") for n in range(1, 5)] == [0, 0, 0, 20]
    assert ask(1, "2001:db8:0:2::1") == [0]


def test_requests_at_the_same_moment_are_all_counted(clock):
    answers = []
    hands = [threading.Thread(target=lambda: answers.append(ask(1)[0])) for _ in range(10)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert sorted(answers) == [0, 0, 0] + [20] * 7


def test_without_the_cache_everybody_is_let_through(clock, settings):
    settings.CACHES = {
        "default": settings.CACHES["default"],
        "shared": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "unix:///khong-co/valkey.sock",
        },
    }
    assert ask(5) == [0] * 5
