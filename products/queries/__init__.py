"""What is listed, counted and searched. Nothing here writes."""

from products.queries.dossiers import (
    STATIONS,
    Event,
    missing_for_page,
    shows_result,
    stations,
    steps_left,
    timeline,
)
from products.queries.lists import (
    communes_of,
    dossiers_for,
    entities_for,
    products_for,
    waiting_for,
    with_star,
)
from products.queries.search import (
    SEARCH_LIMIT,
    Found,
    dossier_matches,
    entity_matches,
    name_contains,
    number_contains,
    product_matches,
    search,
)

__all__ = [
    "Event",
    "Found",
    "SEARCH_LIMIT",
    "STATIONS",
    "communes_of",
    "dossier_matches",
    "dossiers_for",
    "entities_for",
    "entity_matches",
    "missing_for_page",
    "name_contains",
    "number_contains",
    "product_matches",
    "products_for",
    "search",
    "shows_result",
    "stations",
    "steps_left",
    "timeline",
    "waiting_for",
    "with_star",
]
