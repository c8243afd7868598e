"""Which sheets a result is made of."""

import pytest
from django.utils import timezone

from evaluation.enums import RecusalGround, SeatRole, SheetState
from evaluation.models import Recusal, Sheet
from evaluation.tests.factories import make_council, open_session_with, sheet_of, submit
from evaluation.tests.sheets import SET_1_CHOICES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("criteria")]

# Seated in this order; read in another.
PEOPLE = (
    ("chuyen.gia", SeatRole.EXPERT),
    ("uy.vien", SeatRole.MEMBER),
    ("thu.ky", SeatRole.SECRETARY),
    ("pho.chu.tich", SeatRole.VICE_CHAIR),
    ("chu.tich", SeatRole.CHAIR),
)


@pytest.fixture
def item():
    found = open_session_with(council=make_council(PEOPLE)).items.get()
    for username, _ in PEOPLE[1:]:
        submit(sheet_of(found, username), SET_1_CHOICES[0])
    return found


def counted(item):
    return [(sheet.seat.user.username, sheet.number) for sheet in item.sheets.counted()]


def test_submitted_sheets_are_counted_from_the_chair_down(item):
    names = ["chu.tich", "pho.chu.tich", "thu.ky", "uy.vien"]
    assert counted(item) == [(name, 1) for name in names]


def test_of_a_members_sheets_the_latest_submitted_one_counts(item):
    first = sheet_of(item, "uy.vien")
    again = Sheet.objects.create(item=item, seat=first.seat, criteria_set=first.criteria_set, number=2)
    assert ("uy.vien", 1) in counted(item)
    Sheet.objects.filter(pk=again.pk).update(state=SheetState.SUBMITTED, submitted_at=timezone.now())
    assert [number for name, number in counted(item) if name == "uy.vien"] == [2]


def test_a_recused_members_sheet_counts_again_when_the_recusal_is_taken_back(item):
    chair = sheet_of(item, "chu.tich").seat
    recusal = Recusal.objects.create(
        item=item, seat=chair, ground=RecusalGround.RELATED, declared_by=chair.user
    )
    assert [name for name, _ in counted(item)] == ["pho.chu.tich", "thu.ky", "uy.vien"]
    recusal.withdrawn_by, recusal.withdrawn_at, recusal.withdraw_reason = chair.user, timezone.now(), "Nhầm"
    recusal.save()
    assert len(counted(item)) == 4
