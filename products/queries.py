"""What is listed, counted and searched. Nothing here writes."""

from dataclasses import dataclass
from typing import Any

from django.db.models import IntegerField, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from accounts.enums import Role
from core import audit
from core.models import AdminUnit, AuditEntry
from core.text import search_key
from products import completeness, workflow
from products.enums import DossierState
from products.models import Dossier, DossierVersion, Entity, Product, Recognition

SEARCH_LIMIT = 10


def communes_of(user: Any) -> QuerySet[AdminUnit]:
    """The communes an officer or leader looks after, in Vietnamese order; none for an entity's account."""
    ids = user.scope.unit_ids(Role.COMMUNE_OFFICER, *Role.province_wide)
    return AdminUnit.objects.communes().current().filter(Q(pk__in=ids) | Q(parent__in=ids))


def with_star(products: Any) -> Any:
    """Products with `star`: the stars in force today, or None."""
    valid = Recognition.objects.filter(product=OuterRef("pk")).valid_on(timezone.localdate())
    return products.annotate(star=Subquery(valid.values("star")[:1], output_field=IntegerField()))


def products_for(user: Any) -> QuerySet[Product]:
    """The list of products of a user's area, with names and stars."""
    return with_star(Product.objects.visible_to(user)).with_names()


def entities_for(user: Any) -> QuerySet[Entity]:
    """The list of entities of a user's area."""
    return Entity.objects.visible_to(user).select_related("commune")


def dossiers_for(user: Any) -> QuerySet[Dossier]:
    """The list of dossiers of a user's area, by the product's name."""
    return Dossier.objects.visible_to(user).with_names().order_by("product__sort_name", "-year", "pk")


def waiting_for(user: Any) -> QuerySet[Dossier]:
    """Dossiers whose next step is the user's, longest waiting first."""
    scope = user.scope
    editable = Q(state__in=DossierState.editable)
    condition = Q(pk__in=[])
    if scope.has(Role.ENTITY):
        condition |= editable & Q(product__entity__in=user.entity_accounts.values("entity"))
    if scope.has(Role.COMMUNE_OFFICER):
        due = Q(state__in=DossierState.with_commune) | (editable & Q(created_by=user))
        condition |= due & scope.commune_q("commune", Role.COMMUNE_OFFICER)
    if scope.has(Role.PROVINCIAL_OFFICER):
        condition |= Q(state=DossierState.PROPOSED) & scope.commune_q("commune", Role.PROVINCIAL_OFFICER)
    return Dossier.objects.filter(condition).with_names().order_by("state_since", "pk")


@dataclass(frozen=True)
class Found:
    """What the search box found, at most `SEARCH_LIMIT` of each."""

    products: list[Product]
    entities: list[Entity]
    dossiers: list[Dossier]

    @property
    def is_empty(self) -> bool:
        return not (self.products or self.entities or self.dossiers)


def name_contains(text: str, *paths: str) -> Q:
    """Names holding the words of `text` as typed, without regard to case, diacritics or đ/d."""
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(**{f"{path}__contains": search_key(text)})
    return condition


def number_contains(text: str, *paths: str) -> Q:
    """Numbers and codes holding `text`; "PDK" is read as "PĐK"."""
    typed = text.strip().lower().replace("pdk", "pđk")
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(**{f"{path}__icontains": typed})
    return condition


def dossier_matches(text: str) -> Q:
    """A dossier by its product, entity, number or the product's code."""
    return name_contains(text, "product__search_name", "product__entity__search_name") | number_contains(
        text, "number", "product__code"
    )


def product_matches(text: str) -> Q:
    """A product by its name, its entity's name or its code."""
    return name_contains(text, "search_name", "entity__search_name") | number_contains(text, "code")


def entity_matches(text: str) -> Q:
    """An entity by its name or tax code."""
    return name_contains(text, "search_name") | number_contains(text, "tax_code")


def search(user: Any, text: str) -> Found:
    """Products, entities and dossiers of the user's area that match the words."""
    return Found(
        products=list(products_for(user).filter(product_matches(text))[:SEARCH_LIMIT]),
        entities=list(entities_for(user).filter(entity_matches(text))[:SEARCH_LIMIT]),
        dossiers=list(dossiers_for(user).filter(dossier_matches(text))[:SEARCH_LIMIT]),
    )


def shows_result(dossier: Dossier, user: Any) -> bool:
    """Whether the user is led to the council's result: the province once closed, others once announced."""
    states = DossierState.with_result if user.has_role(*Role.province_wide) else DossierState.announced
    return dossier.state in states


@dataclass(frozen=True)
class Event:
    """One line of a dossier's history, in words."""

    label: str
    entry: AuditEntry


_EVENT_LABELS = {
    "dossier.create": "Lập hồ sơ",
    "dossier.update": "Sửa hình thức đăng ký",
    **{f"dossier.{name}": step.done for name, step in workflow.TRANSITIONS.items()},
}


def timeline(dossier: Dossier) -> list[Event]:
    """The acts on a dossier, latest first; acts this app has no words for are left to their own pages."""
    entries = audit.history_of(dossier).filter(verb__in=_EVENT_LABELS)
    return [Event(_EVENT_LABELS[entry.verb], entry) for entry in entries]


# The stations drawn on a dossier's page, each with the states in which the dossier stands there.
STATIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Soạn hồ sơ", DossierState.editable),
    ("Xã kiểm tra", DossierState.with_commune),
    ("Tỉnh tiếp nhận", (DossierState.PROPOSED,)),
    ("Hội đồng chấm", (DossierState.ACCEPTED,)),
    ("Quyết định", (DossierState.SCORED, DossierState.SENT_TO_MINISTRY)),
    ("Kết quả", DossierState.decided),
)


def stations(dossier: Dossier) -> list[dict[str, Any]]:
    """The road of a dossier as the `steps` component draws it."""
    here = next(place for place, (_, states) in enumerate(STATIONS) if dossier.state in states)
    ended = dossier.state in DossierState.decided
    return [
        {
            "label": label,
            "state": "done" if place < here or ended else "current" if place == here else "todo",
            "note": dossier.get_state_display() if place == here else "",
        }
        for place, (label, _) in enumerate(STATIONS)
    ]


def missing_for_page(version: DossierVersion) -> list[completeness.Missing]:
    """What the page of a dossier lists as missing: nothing once the version is filed."""
    return [] if version.is_frozen else completeness.blockers(version)


def steps_left(version: DossierVersion) -> tuple[list[completeness.Missing], set[str]]:
    """What is missing from a version, and the steps of the form where something is missing."""
    missing = completeness.blockers(version)
    return missing, {item.step for item in missing}
