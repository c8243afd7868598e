"""A merged commune counts for the one that stands today, at the end of the chain."""

from datetime import date

import pytest

from accounts.tests.factories import make_commune, make_province
from core.mergers import Apart, of_unit, parts_by_unit
from core.models import AdminUnit

pytestmark = pytest.mark.django_db


def make(name: str, code: str) -> AdminUnit:
    return make_commune(name, code, make_province())


def close(unit: AdminUnit, into: AdminUnit | None) -> None:
    unit.valid_to, unit.merged_into = date(2026, 6, 30), into
    unit.save()


def counted() -> dict[str, str]:
    rows = AdminUnit.objects.communes().values_list("name", "counts_for__name")
    return {name: present for name, present in rows if name != present}


def test_chain_is_followed_to_its_end_whichever_merger_is_entered_first():
    first, second, third, last = (make(f"Xã {letter}", f"9000{letter}") for letter in "1234")
    close(second, third)
    close(first, second)
    close(third, last)
    assert counted() == {"Xã 1": "Xã 4", "Xã 2": "Xã 4", "Xã 3": "Xã 4"}
    # A merger that is taken back, and one that turned out to be a partition: each stands for itself.
    AdminUnit.objects.filter(pk=third.pk).update(valid_to=None, merged_into=None)
    assert counted() == {"Xã 1": "Xã 3", "Xã 2": "Xã 3"}
    close(second, None)
    assert counted() == {"Xã 1": "Xã 2"}
    # A circle is a mistake of entry: it ends, and whoever stands today still stands for itself.
    close(second, first)
    assert set(counted()) <= {"Xã 1", "Xã 2"}


def test_derived_column_makes_no_history_and_a_stale_row_cannot_spoil_it():
    gone, stays = make("Xã Cũ", "90001"), make("Xã Mới", "90002")
    stale = AdminUnit.objects.get(pk=gone.pk)
    close(gone, stays)
    events = stays.events.count()
    gone.name = "Xã Cũ Xưa"
    gone.counts_for = stale.counts_for
    gone.save()
    assert counted() == {"Xã Cũ Xưa": "Xã Mới"}
    assert stays.events.count() == events


def test_rows_of_a_unit_hold_those_of_its_former_units_each_once():
    first, second, last, other = (make(f"Xã {letter}", f"9000{letter}") for letter in "1234")
    close(first, second)
    close(second, last)

    def found(unit: AdminUnit) -> set[str]:
        return set(AdminUnit.objects.communes().filter(of_unit("", unit)).values_list("code", flat=True))

    assert found(last) == {"90001", "90002", "90003"}
    assert found(second) == {"90001", "90002"}
    assert found(first) == {"90001"} and found(other) == {"90004"}
    # Named by a plan, the middle one stands apart with its own former part.
    assert parts_by_unit([second.pk]) == {second.pk: {first.pk, second.pk}}
    assert parts_by_unit([first.pk, second.pk]) == {first.pk: {first.pk}, second.pk: {second.pk}}
    both = Apart.of(AdminUnit.objects.filter(pk__in=[first.pk, second.pk]))
    numbers = {first.pk: 1, second.pk: 2, last.pk: 4}
    assert both.together(numbers) == {last.pk: 7}
    assert both.together(numbers, but=[second.pk]) == {second.pk: 3, last.pk: 4}
    assert both.together(numbers, but=[first.pk]) == {first.pk: 1, last.pk: 6}
    apart = Apart.of(AdminUnit.objects.filter(pk__in=[second.pk, last.pk]))
    assert apart.besides(last.pk) == {first.pk, second.pk} and apart.besides(second.pk) == frozenset()
    rows = AdminUnit.objects.communes().annotate(key=apart.key("merged_into"))
    assert rows.get(pk=first.pk).key == second.pk
    assert apart.together({second.pk: 2, last.pk: 3, other.pk: 1}) == {last.pk: 5, other.pk: 1}
