"""Who is one person on the register, where the same person may stand in several groups."""

from datetime import date

from django.db.models import Exists, OuterRef, Q
from django.db.models.lookups import IsNull

from training.enums import ClassState
from training.models import Enrolment, RegisterPerson

NOT_CANCELLED = ~Q(training_class__state=ClassState.CANCELLED)


def same_person(prefix: str = "") -> Q:
    """Lines of the register (reached by `prefix`) that stand for the person of the line outside.

    The same account, wherever it is listed; or the same name in the same unit, unless each line has an
    account of its own.
    """
    by_account = Q(**{f"{prefix}user": OuterRef("user")})
    by_name = Q(**{f"{prefix}unit": OuterRef("unit"), f"{prefix}name__iexact": OuterRef("name")})
    one_account = Q(**{f"{prefix}user": None}) | Q(IsNull(OuterRef("user"), True))
    return by_account | by_name & one_account


def on_register(day: date, prefix: str = "") -> Q:
    """Lines that stand on the register on a day."""
    stays = Q(**{f"{prefix}left_on": None}) | Q(**{f"{prefix}left_on__gt": day})
    return Q(**{f"{prefix}listed_on__lte": day}) & stays


def counted_elsewhere(day: date) -> Exists:
    """Does an earlier line of that day stand for the same person?"""
    before = Q(listed_on__lt=OuterRef("listed_on")) | Q(
        listed_on=OuterRef("listed_on"), pk__lt=OuterRef("pk")
    )
    return Exists(RegisterPerson.objects.filter(same_person(), on_register(day), before))


def to_be_trained(day: date) -> Q:
    """Each person on the register on a day once, by the first line there is of the person."""
    return on_register(day) & ~Q(counted_elsewhere(day))


def attended_in_full(start: date, end: date) -> Exists:
    """Did the person, under whatever line, attend a class in full that ended within these days?"""
    ended = Q(training_class__ends_on__range=(start, end))
    mine = Q(person=OuterRef("pk")) | same_person("person__")
    return Exists(Enrolment.objects.filter(NOT_CANCELLED, ended, mine, attended=True))
