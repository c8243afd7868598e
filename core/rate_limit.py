"""How often one address may ask a public page, counted in the cache that all web processes share."""

import logging
import time
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from django.core.cache import caches

logger = logging.getLogger(__name__)

SHARED = "shared"
# A household or a network is given one prefix of this length and may take any address in it.
IPV6_PREFIX = 64


@dataclass(frozen=True)
class Limit:
    """At most `times` requests of one address in any clock span of `seconds`; `name` keeps counts apart."""

    name: str
    times: int
    seconds: int


def seconds_to_wait(limit: Limit, address: str) -> int:
    """Count a request. Gives 0 when it may be answered, else the seconds until the next one may.

    Without the shared cache everybody is let through: a check of a certificate matters more than the count.
    """
    now = int(time.time())
    span, into = divmod(now, limit.seconds)
    key = f"rate:{limit.name}:{span}:{_network(address)}"
    try:
        count = _count(key, limit.seconds)
    except Exception:  # the cache of any kind, away for any reason
        logger.exception("the shared cache does not count requests")
        return 0
    return limit.seconds - into if count > limit.times else 0


def _count(key: str, seconds: int) -> int:
    cache = caches[SHARED]
    cache.add(key, 0, timeout=seconds)
    try:
        return cache.incr(key)
    except ValueError:  # the span ended between the two
        return 1


def _network(address: str) -> str:
    """The address itself, of IPv6 its network; what is no address counts as one."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    if parsed.version == 4:
        return str(parsed)
    return str(ip_network((parsed, IPV6_PREFIX), strict=False).network_address)
