"""The lists of a person's area, and what waits for the person."""

from typing import Any

from django.db.models import Count, DateField, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from accounts.enums import Role
from core.models import AdminUnit
from products.enums import DossierState
from products.models import Dossier, Entity, Product, Recognition


def communes_of(user: Any) -> QuerySet[AdminUnit]:
    """The communes an officer or leader looks after, in Vietnamese order; none for an entity's account."""
    return own_communes(user).current()


def commune_choices(user: Any) -> list[tuple[int, str]]:
    """The same for a filter by the commune rows count for today: also parted communes, which count for
    themselves."""
    units = own_communes(user).counted().order_by("sort_name")
    return [(unit.pk, unit.dated_name) for unit in units.only("name", "valid_to")]


def own_communes(user: Any) -> Any:
    """The communes of the user's area, former ones too."""
    ids = user.scope.unit_ids(Role.COMMUNE_OFFICER, *Role.province_wide)
    return AdminUnit.objects.communes().filter(Q(pk__in=ids) | Q(parent__in=ids))


def with_star(products: Any) -> Any:
    """Products with `star`: the stars in force today, or None."""
    valid = Recognition.objects.filter(product=OuterRef("pk")).valid_on(timezone.localdate())
    return products.annotate(star=Subquery(valid.values("star")[:1], output_field=IntegerField()))


def with_recognition(products: Any) -> Any:
    """Products with `star`, `valid_until` and `decision` of the recognition in force today, or None."""
    valid = Recognition.objects.filter(product=OuterRef("pk")).valid_on(timezone.localdate())
    last_day = Greatest("expires_on", "extended_until")
    return with_star(products).annotate(
        valid_until=Subquery(valid.values_list(last_day)[:1], output_field=DateField()),
        decision=Subquery(valid.values("decision_number")[:1]),
    )


def products_for(user: Any) -> QuerySet[Product]:
    """The list of products of a user's area, with names and the recognition in force."""
    return with_recognition(Product.objects.visible_to(user)).with_names()


def entities_for(user: Any) -> QuerySet[Entity]:
    """The list of entities of a user's area, without those merged into another."""
    own = Product.objects.filter(entity=OuterRef("pk")).order_by().values("entity")
    count = Coalesce(Subquery(own.values_list(Count("pk"))), 0)
    return Entity.objects.visible_to(user).living().annotate(product_count=count).select_related("commune")


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
