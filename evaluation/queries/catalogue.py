"""The public catalogue: what anybody may read, and what the office can publish. Reads only.

The one gate of everything public is `shown_today`: published by the province, recognition in force today, the
product still made, its entity not merged into another. Pages, photos, JSON and CSV all start there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from accounts.enums import Role
from core.models import AdminUnit
from evaluation.models import CatalogueEntry
from products.enums import LegalForm, ProductStatus
from products.models import DossierVersion, Product, ProductPhoto, ProductSet, Recognition
from products.queries.search import Typed, product_keys

PAGE_SIZE = 24
STARS = (5, 4, 3)
# Whose address is that of an office or a workshop; a household's is somebody's home.
ORGANISATIONS = frozenset(
    {LegalForm.COOPERATIVE, LegalForm.SME, LegalForm.ASSOCIATION, LegalForm.MANAGING_CENTRE}
)
_DIGITS = frozenset("0123456789")


def shown_today() -> QuerySet[Recognition]:
    """The recognitions of products the public may see today; a product has at most one in force."""
    return Recognition.objects.valid_on(timezone.localdate()).filter(
        product__catalogue_entry__published_at__isnull=False,
        product__catalogue_entry__withdrawn_at=None,
        product__entity__merged_into=None,
    ).exclude(product__status=ProductStatus.STOPPED)  # fmt: skip


def _with_everything(rows: QuerySet[Recognition]) -> QuerySet[Recognition]:
    photos = ProductPhoto.objects.order_by("position", "pk")
    return rows.select_related(
        "product__entity",
        "product__commune__counts_for__parent",
        "product__product_set",
        "product__catalogue_entry",
    ).prefetch_related(Prefetch("product__catalogue_entry__photos", queryset=photos, to_attr="shown"))


@dataclass(frozen=True)
class Filters:
    """What a visitor asks for; anything that cannot be meant is as if it were not asked."""

    q: str = ""
    commune: str = ""
    set_number: int | None = None
    family: str = ""
    star: int | None = None

    @classmethod
    def read(cls, params: Mapping[str, str]) -> "Filters":
        """From the parts of an address: `q`, `xa`, `bo`, `nganh`, `sao`."""
        star = _small_number(params.get("sao", ""))
        set_number = _small_number(params.get("bo", ""))
        return cls(
            q=params.get("q", "").replace("\x00", "").strip()[:100],
            commune=code if _is_code(code := params.get("xa", "")) else "",
            set_number=set_number,
            # A set says its family: a visitor who changes the set has not to clear the family first.
            family="" if set_number else params.get("nganh", "").replace("\x00", "")[:150],
            star=star if star in STARS else None,
        )

    @property
    def any(self) -> bool:
        return bool(self.q or self.commune or self.set_number or self.family or self.star)


def _small_number(text: str) -> int | None:
    return int(text) if 0 < len(text) <= 2 and set(text) <= _DIGITS else None


def _is_code(text: str) -> bool:
    return len(text) == 5 and set(text) <= _DIGITS


def find(filters: Filters) -> QuerySet[Recognition]:
    """The shown products a visitor asks for, most stars first, then by name.

    Words are found without diacritics ("che" finds "chè", "d" finds "đ") in names of products and entities.
    """
    rows = shown_today()
    for word in Typed.read(filters.q).each_word():
        rows = rows.filter(product__in=product_keys(word))
    if filters.commune:
        rows = rows.filter(product__commune__counts_for__code=filters.commune)
    if filters.set_number:
        rows = rows.filter(product__product_set__number=filters.set_number)
    if filters.family:
        rows = rows.filter(product__product_set__family=filters.family)
    if filters.star:
        rows = rows.filter(star=filters.star)
    return _with_everything(rows).order_by("-star", "product__sort_name", "pk")


@dataclass(frozen=True)
class PublicProduct:
    """A shown product as everybody reads it: nothing personal, no address of a home."""

    slug: str
    name: str
    code: str
    star: int
    product_set: ProductSet
    specification: str
    entity: str
    address: str
    commune: AdminUnit
    province: AdminUnit
    decision_number: str
    decided_on: date | None
    decided_year: int
    decided_by: str
    valid_until: date | None
    story: str
    photos: list[ProductPhoto]
    recognition: Recognition = field(repr=False)

    @property
    def cover(self) -> ProductPhoto | None:
        return self.photos[0] if self.photos else None


def as_public(row: Recognition) -> PublicProduct:
    """What the public reads of a row of `shown_today`."""
    product = row.product
    entity, entry = product.entity, product.catalogue_entry
    shown: list[ProductPhoto] = vars(entry)["shown"]
    return PublicProduct(
        slug=entry.slug,
        name=product.name,
        code=product.code,
        star=row.star,
        product_set=product.product_set,
        specification=product.specification,
        entity=entity.name,
        address=entity.address if entity.legal_form in ORGANISATIONS else "",
        # Where it is made today, as the filter by commune has it.
        commune=cast(AdminUnit, product.commune.counts_for),
        # Every commune has its province (`unit_commune_has_province`).
        province=cast(AdminUnit, cast(AdminUnit, product.commune.counts_for).parent),
        decision_number=row.decision_number,
        decided_on=None if row.year_only else row.decided_on,
        decided_year=row.decided_on.year,
        decided_by=row.decided_by,
        valid_until=row.extended_until or row.expires_on,
        story=entry.story,
        # A photo that moved to another product since is nobody's choice for this one.
        photos=[photo for photo in shown if photo.product_id == product.pk],
        recognition=row,
    )


def public_page(filters: Filters, number: Any, size: int = PAGE_SIZE) -> tuple[Page, list[PublicProduct]]:
    """One page of what a visitor asks for; a number out of range gives the nearest page. Three queries."""
    page = Paginator(find(filters), size).get_page(number)
    return page, [as_public(row) for row in page.object_list]


def public_product(slug: str) -> PublicProduct | None:
    """The shown product at a public address; None for anything else, whatever the reason."""
    row = _with_everything(shown_today()).filter(product__catalogue_entry__slug=slug).first()
    return as_public(row) if row else None


def public_photo(slug: str, pk: int) -> ProductPhoto | None:
    """A photo the office chose for a shown product; one query."""
    shown = shown_today().filter(product=OuterRef("product"), product__catalogue_entry__slug=slug)
    chosen = CatalogueEntry.photos.through.objects.filter(
        catalogueentry__slug=slug, productphoto=OuterRef("pk")
    )
    return ProductPhoto.objects.filter(Exists(shown), Exists(chosen), pk=pk).first()


@dataclass(frozen=True)
class Choices:
    """What the filters of the public list offer: only what has products shown."""

    communes: list[AdminUnit]
    sets: list[ProductSet]

    @property
    def families(self) -> list[tuple[str, str, list[ProductSet]]]:
        """Families as stored, as the public calls them, and their sets."""
        by_name: dict[str, list[ProductSet]] = {}
        for row in self.sets:
            by_name.setdefault(row.family, []).append(row)
        return [(name, plain_family(name), sets) for name, sets in by_name.items()]


def plain_family(name: str) -> str:
    """The family without the numeral of the decision: "Thực phẩm" of "I Thực phẩm"."""
    numeral, _, words = name.partition(" ")
    return words if words and set(numeral) <= set("IVX") else name


def choices() -> Choices:
    """Communes and product sets that have something to show; two queries."""
    made_in = shown_today().order_by().values("product__commune__counts_for")
    communes = AdminUnit.objects.filter(pk__in=made_in)
    sets = ProductSet.objects.filter(pk__in=shown_today().order_by().values("product__product_set"))
    return Choices(list(communes.order_by("sort_name")), list(sets.order_by("number")))


# --- the office's side ---------------------------------------------------------------------------

WAITING, SHOWN, WITHDRAWN, LAPSED = "waiting", "shown", "withdrawn", "lapsed"
STATES = {
    WAITING: ("Chưa công khai", "waiting"),
    SHOWN: ("Đang công khai", "good"),
    WITHDRAWN: ("Đã gỡ", "neutral"),
    LAPSED: ("Hết hiệu lực, không hiện", "warning"),
}


def _entry(**conditions: Any) -> Exists:
    return Exists(CatalogueEntry.objects.filter(product=OuterRef("pk"), **conditions))


def office_products(user: Any, *, state: str = "", q: str = "") -> QuerySet[Product]:
    """Recognised products of the user's provinces, and published ones whose recognition has ended."""
    today = Recognition.objects.valid_on(timezone.localdate()).filter(product=OuterRef("pk"))
    rows = (
        Product.objects.filter(user.scope.commune_q("commune", *Role.province_wide))
        .filter(entity__merged_into=None)
        .annotate(in_force=Exists(today), was_published=_entry(published_at__isnull=False))
        .filter(Q(in_force=True) | Q(was_published=True))
    )
    conditions = {
        WAITING: Q(in_force=True, was_published=False),
        SHOWN: Q(in_force=True) & Q(_entry(published_at__isnull=False, withdrawn_at=None)),
        WITHDRAWN: Q(_entry(withdrawn_at__isnull=False)),
        LAPSED: Q(in_force=False) & Q(_entry(published_at__isnull=False, withdrawn_at=None)),
    }
    if state in conditions:
        rows = rows.filter(conditions[state])
    for word in Typed.read(q).each_word():
        rows = rows.filter(pk__in=product_keys(word))
    recognitions = Recognition.objects.valid_on(timezone.localdate())
    return (
        rows.with_names()
        .select_related("catalogue_entry")
        .prefetch_related(Prefetch("recognitions", queryset=recognitions, to_attr="held_today"))
        .order_by("sort_name", "pk")
    )


def first_story(product: Product) -> str:
    """What a product shown for the first time begins with: its own story, else its dossier's."""
    if product.story:
        return product.story
    filed = DossierVersion.objects.filter(dossier__product=product, submitted_at__isnull=False)
    return filed.order_by("-submitted_at").values_list("story", flat=True).first() or ""


def state_of(product: Product) -> str:
    """Where a row of `office_products` stands."""
    entry = getattr(product, "catalogue_entry", None)
    if entry is None or entry.published_at is None:
        return WAITING
    if entry.withdrawn_at is not None:
        return WITHDRAWN
    return SHOWN if vars(product)["in_force"] else LAPSED
