"""What came after the training: entities whose leaders attended, and their dossiers and stars since."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import ExtractYear

from products.enums import DossierState, RecognitionState
from products.models import Dossier, Entity, Recognition
from training.enums import ClassState
from training.models import TrainingClass

STARS = (3, 4, 5)
TITLES = {
    "chu-the": "Chủ thể có người dự đủ",
    "ho-so": "Hồ sơ nộp sau tập huấn",
    **{f"sao-{star}": f"Sản phẩm được công nhận {star} sao sau tập huấn" for star in STARS},
}


@dataclass(frozen=True)
class StarNumber:
    """How many recognitions of a star."""

    star: int
    number: int

    @property
    def name(self) -> str:
        """The figure's name in an address."""
        return f"sao-{self.star}"


@dataclass(frozen=True)
class Effect:
    """The numbers of a class, or of all classes of a year (`training_class` None)."""

    training_class: TrainingClass | None
    entities: int
    dossiers: int
    stars: tuple[StarNumber, ...]


def held_classes(user: Any) -> QuerySet[TrainingClass]:
    """Classes of the user's area that count: not cancelled, not of a reference plan."""
    kept = TrainingClass.objects.visible_to(user).exclude(state=ClassState.CANCELLED)
    return kept.exclude(plan__is_reference=True)


def years(user: Any) -> list[int]:
    """Years in which a class ended with somebody who attended it, the latest first."""
    found = held_classes(user).filter(enrolments__attended=True)
    return sorted(
        set(found.annotate(year=ExtractYear("ends_on")).values_list("year", flat=True)), reverse=True
    )


def classes_of_year(user: Any, year: int) -> QuerySet[TrainingClass]:
    return held_classes(user).filter(ends_on__year=year, enrolments__attended=True).distinct()


def rows(what: str, classes: Iterable[TrainingClass], user: Any) -> QuerySet:
    """The rows behind a figure, each once; KeyError for a figure that does not exist."""
    source, _ = _SOURCES[what]
    return source(classes, user)


def effects(user: Any, year: int) -> tuple[list[Effect], Effect]:
    """Each class of the year by its day, and the year itself, where what came after two classes counts once.

    Seven queries, whatever the number of classes.
    """
    classes = list(classes_of_year(user, year).order_by("starts_on", "pk"))
    by_class: dict[str, dict[int, int]] = {}
    total: dict[str, int] = {}
    for source, path, split in (
        (_entities, "register_persons__enrolments__training_class", {"chu-the": Q()}),
        (_dossiers, _OF_PRODUCT, {"ho-so": Q()}),
        (_recognitions, _OF_PRODUCT, {f"sao-{star}": Q(star=star) for star in STARS}),
    ):
        found = source(classes, user, distinct=False)
        counts = {f"n{place}": Count("pk", distinct=True, filter=q) for place, q in enumerate(split.values())}
        whole = found.order_by().aggregate(**counts)
        groups: list[dict[str, Any]] = [
            dict(group) for group in found.order_by().values(held=F(path)).annotate(**counts)
        ]
        for place, name in enumerate(split):
            total[name] = whole[f"n{place}"]
            by_class[name] = {group["held"]: group[f"n{place}"] for group in groups}
    lines = [
        _effect(held, {name: found.get(held.pk, 0) for name, found in by_class.items()}) for held in classes
    ]
    return lines, _effect(None, total)


def _effect(held: TrainingClass | None, numbers: dict[str, int]) -> Effect:
    stars = tuple(StarNumber(star, numbers[f"sao-{star}"]) for star in STARS)
    return Effect(held, numbers["chu-the"], numbers["ho-so"], stars)


_PERSON = "product__entity__register_persons__enrolments"
_OF_PRODUCT = f"{_PERSON}__training_class"


def _entities(classes: Iterable[TrainingClass], user: Any, *, distinct: bool = True) -> QuerySet[Entity]:
    found = Entity.objects.visible_to(user).filter(
        register_persons__enrolments__attended=True,
        register_persons__enrolments__training_class__in=list(classes),
    )
    return found.distinct() if distinct else found


def _dossiers(classes: Iterable[TrainingClass], user: Any, *, distinct: bool = True) -> QuerySet[Dossier]:
    found = Dossier.objects.visible_to(user).filter(
        **_attended(classes),
        state__in=DossierState.joined,
        submitted_at__date__gt=F(f"{_OF_PRODUCT}__ends_on"),
    )
    return found.distinct() if distinct else found


def _recognitions(
    classes: Iterable[TrainingClass], user: Any, *, distinct: bool = True
) -> QuerySet[Recognition]:
    found = (
        Recognition.objects.visible_to(user)
        .filter(**_attended(classes), decided_on__gt=F(f"{_OF_PRODUCT}__ends_on"))
        .exclude(state=RecognitionState.REVOKED)
    )
    return found.distinct() if distinct else found


def _attended(classes: Iterable[TrainingClass]) -> dict[str, Any]:
    return {f"{_PERSON}__attended": True, f"{_OF_PRODUCT}__in": list(classes)}


def _with_star(star: int) -> Callable[..., QuerySet]:
    return lambda classes, user: _recognitions(classes, user).filter(star=star)


# Figure -> its rows, and the kind of list they make (`training.lists.KINDS`).
_SOURCES: dict[str, tuple[Callable[..., QuerySet], str]] = {
    "chu-the": (_entities, "entities"),
    "ho-so": (_dossiers, "dossiers"),
    **{f"sao-{star}": (_with_star(star), "recognitions") for star in STARS},
}


def kind_name(what: str) -> str:
    """The kind of list the rows of a figure make."""
    return _SOURCES[what][1]
