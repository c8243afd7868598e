"""Several choices at once: the same refusals as one by one, and all or none."""

import pytest
from django.core.exceptions import PermissionDenied

from core.exceptions import DomainError
from evaluation.models import Choice, Option
from evaluation.services import sheets
from evaluation.tests.factories import ids, open_item, sheet_of, submit
from evaluation.tests.sheets import SET_1_CHOICES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("criteria")]


@pytest.fixture
def sheet():
    return sheet_of(open_item(), "uy.vien")


def test_several_choices_are_kept_at_once(sheet):
    rows = dict(ids(sheet.item, code, position) for code, position in (("1.1", 3), ("1.2", 0)))
    sheets.save_choices(sheet=sheet, choices=rows, by=sheet.seat.user)
    kept = sheet.choices.order_by("criterion__code").values_list("criterion__code", "option__position")
    assert list(kept) == [("1.1", 3), ("1.2", None)]


def test_one_option_of_another_criterion_refuses_all(sheet):
    good, option = ids(sheet.item, "1.1", 3)
    leaf, _ = ids(sheet.item, "1.2", 1)
    with pytest.raises(PermissionDenied):
        sheets.save_choices(sheet=sheet, choices={good: option, leaf: option}, by=sheet.seat.user)
    assert not Choice.objects.exists()


def test_a_criterion_of_another_set_is_refused(sheet):
    foreign = Option.objects.exclude(criterion__criteria_set=sheet.criteria_set).first()
    with pytest.raises(PermissionDenied):
        sheets.save_choices(sheet=sheet, choices={foreign.criterion_id: foreign.pk}, by=sheet.seat.user)


def test_another_members_sheet_is_refused(sheet):
    rows = dict([ids(sheet.item, "1.1", 3)])
    other = sheet.item.sheets.exclude(pk=sheet.pk).select_related("seat__user").first()
    with pytest.raises(PermissionDenied):
        sheets.save_choices(sheet=sheet, choices=rows, by=other.seat.user)


def test_leaves_after_the_stop_are_refused(sheet):
    stopping = sheet.criteria_set.criteria.filter(is_leaf=True).exclude(stop=[]).order_by("position").first()
    last = sheet.criteria_set.criteria.filter(is_leaf=True).order_by("position").last()
    sheets.stop(sheet=sheet, criterion_id=stopping.pk, by=sheet.seat.user)
    sheets.save_choices(sheet=sheet, choices={stopping.pk: None}, by=sheet.seat.user)
    with pytest.raises(DomainError, match=last.code):
        sheets.save_choices(sheet=sheet, choices={last.pk: None}, by=sheet.seat.user)


def test_a_submitted_sheet_stays_as_it_is(sheet):
    submit(sheet, SET_1_CHOICES[0])
    rows = dict([ids(sheet.item, "1.1", 1)])
    with pytest.raises(DomainError):
        sheets.save_choices(sheet=sheet, choices=rows, by=sheet.seat.user)
