"""How alike two names are, as pg_trgm counts it, and who is like whom among many."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from math import ceil


def trigrams(text: str) -> frozenset[str]:
    """The trigrams pg_trgm makes of a text: each word with two blanks before and one behind."""
    return frozenset(
        f"  {word} "[start : start + 3] for word in text.split() for start in range(len(word) + 1)
    )


def similarity(one: frozenset[str], other: frozenset[str]) -> float:
    """Trigrams both have, of all that either has: 0 to 1."""
    return len(one & other) / len(one | other) if one or other else 0.0


def like_pairs(names: dict[int, str], alike: float) -> Iterator[tuple[int, int, float]]:
    """Pairs of keys, the smaller first, whose different names are at least so alike, with their likeness.

    Two sets that are 0.6 alike share 0.6 of the trigrams of either, so that of the rarest 0.4 (and one more)
    of each at least one is shared: only names with such a trigram in common are compared.
    """
    sets = {key: trigrams(name) for key, name in names.items()}
    counts = Counter(trigram for one in sets.values() for trigram in one)
    bearers: dict[str, list[int]] = defaultdict(list)
    for key in sorted(sets):
        own = sets[key]
        rarest = sorted(own, key=lambda trigram: (counts[trigram], trigram))
        telling = rarest[: len(own) - ceil(alike * len(own)) + 1]
        for other in sorted({near for trigram in telling for near in bearers[trigram]}):
            if names[other] != names[key] and (likeness := similarity(sets[other], own)) >= alike:
                yield other, key, likeness
        for trigram in telling:
            bearers[trigram].append(key)
