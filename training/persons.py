"""Who is one person on the register, where the same person may stand in several groups."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, OuterRef, Q
from django.db.models.lookups import IsNull

from training.enums import ClassState
from training.models import Enrolment, RegisterPerson

NOT_CANCELLED = ~Q(training_class__state=ClassState.CANCELLED)


def same_person() -> Q:
    """Lines of the register that stand for the person of the line outside.

    The same account, wherever it is listed; or the same name in the same unit, unless each line has an
    account of its own.
    """
    by_account = Q(user=OuterRef("user"))
    # The search key holds no accents and no case, and has an index; the name itself decides.
    keys = {name: OuterRef(name) for name in ("unit", "search_name")}
    by_name = Q(**keys, name__iexact=OuterRef("name"))
    one_account = Q(user=None) | Q(IsNull(OuterRef("user"), True))
    return by_account | by_name & one_account


def on_register(day: date) -> Q:
    """Lines that stand on the register on a day."""
    return Q(listed_on__lte=day) & (Q(left_on=None) | Q(left_on__gt=day))


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
    attended = Enrolment.objects.filter(NOT_CANCELLED, ended, person=OuterRef("pk"), attended=True)
    # A line stands for the same person as itself. From person to lines to classes, each step by an index.
    return Exists(RegisterPerson.objects.filter(same_person(), Exists(attended)))


class Known:
    """Persons in memory, asked whether somebody stands among them under another line."""

    def __init__(self, persons: Iterable[RegisterPerson]) -> None:
        self.accounts: set[int] = set()
        self.names: dict[tuple[int, str], set[int | None]] = {}
        for person in persons:
            self.add(person)

    def add(self, person: RegisterPerson) -> None:
        if person.user_id:
            self.accounts.add(person.user_id)
        self.names.setdefault(self._name(person), set()).add(person.user_id)

    def holds(self, person: RegisterPerson) -> bool:
        """By the rule of `same_person`."""
        if person.user_id in self.accounts:
            return True
        accounts = self.names.get(self._name(person), set())
        return bool(accounts) and (person.user_id is None or None in accounts)

    @staticmethod
    def _name(person: RegisterPerson) -> tuple[int, str]:
        return person.unit_id, person.name.casefold()
