"""When a dossier for upgrade or re-ranking may be begun and filed (Đ6 k1, Đ7 k6a, Đ12 k3)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from core.exceptions import DomainError
from core.models import AuditEntry
from products import completeness, kinds, services, windows
from products.enums import DossierKind, DossierState, RecognitionState
from products.models import Dossier, Recognition
from products.tests.factories import (
    fill_draft,
    make_dossier,
    make_product,
    owner_of,
    provincial_officer,
    recognise,
    take_step,
)

pytestmark = pytest.mark.django_db
LATE = "Chủ thể chuyển nhà xưởng, tháng 9 mới có giấy mới."


def in_days(count: int) -> date:
    return timezone.localdate() + timedelta(days=count)


@pytest.mark.parametrize(
    ("expires", "opens", "closes"),
    [
        # January 26 + February 28 + March 31 + April 30 + May 31 + June 30 + July 4 = 180 days
        (date(2027, 7, 4), date(2027, 1, 5), date(2027, 3, 6)),
        # over 29 February 2028
        (date(2028, 7, 4), date(2028, 1, 6), date(2028, 3, 6)),
    ],
)
def test_the_window_is_180_to_120_days_before_the_end(expires, opens, closes):
    window = windows.window_of(Recognition(expires_on=expires))
    assert (window.opens_on, window.closes_on) == (opens, closes)
    assert (window.closes_on - window.opens_on).days == 60


def test_the_window_is_said_in_words():
    window = windows.window_of(Recognition(expires_on=date(2027, 7, 4)))
    assert str(window) == "từ 05/01/2027 đến 06/03/2027"


def test_without_an_end_there_is_no_window():
    assert windows.window_of(Recognition(expires_on=None)) is None


def begin(kind=DossierKind.RE_RANKING, **recognition):
    product = make_product()
    recognise(product, **recognition)
    return services.create_dossier(product=product, kind=kind, by=owner_of(product.entity))


@pytest.mark.parametrize(("days", "allowed"), [(241, False), (240, True), (120, True), (-5, True)])
def test_a_draft_begins_at_most_60_days_before_the_window(days, allowed):
    if allowed:
        assert begin(expires=in_days(days)).state == DossierState.DRAFT
        return
    with pytest.raises(DomainError, match="Chưa đến lúc đánh giá lại") as refusal:
        begin(expires=in_days(days))
    assert refusal.value.field == "kind"


def problem(days: int, late_reason: str = "") -> str:
    dossier = begin(expires=in_days(days))
    dossier.late_reason = late_reason
    return kinds.filing_problem(dossier)


def test_filing_181_days_before_the_end_is_too_early_and_names_the_day():
    opens = in_days(1)
    assert f"từ {opens:%d/%m/%Y}" in problem(181)


@pytest.mark.parametrize("days", [180, 150, 120])
def test_filing_inside_the_window_asks_nothing(days):
    assert problem(days) == ""


@pytest.mark.parametrize("days", [119, 1, 0, -1])
def test_filing_after_the_window_asks_for_the_reason(days):
    assert "lý do nộp muộn" in problem(days)


@pytest.mark.parametrize("days", [119, -1])
def test_with_a_reason_a_late_dossier_is_filed(days):
    assert problem(days, LATE) == ""


def file(dossier: Dossier) -> Dossier:
    fill_draft(dossier, by=owner_of(dossier.product.entity))
    return take_step(dossier, "submit")


def test_the_service_refuses_a_filing_outside_the_window_until_the_reason_is_given():
    dossier = begin(expires=in_days(119))
    owner = owner_of(dossier.product.entity)
    with pytest.raises(services.IncompleteError, match="Đ12 k3"):
        file(dossier)
    services.update_registration(
        dossier, by=owner, kind=dossier.kind, year=dossier.year, late_reason=f" {LATE} "
    )
    assert file(dossier).state == DossierState.SUBMITTED
    assert Dossier.objects.get().late_reason == LATE


def test_a_returned_dossier_keeps_the_day_it_was_first_filed():
    dossier = file(begin(expires=in_days(120)))
    take_step(dossier, "return_to_entity")
    Recognition.objects.update(expires_on=in_days(100))
    dossier.refresh_from_db()
    assert kinds.filing_problem(dossier) == ""


def test_another_kind_forgets_the_reason():
    dossier = begin(expires=in_days(119))
    owner = owner_of(dossier.product.entity)
    services.update_registration(dossier, by=owner, kind="re_ranking", year=2026, late_reason=LATE)
    services.update_registration(dossier, by=owner, kind="upgrade", year=2026, late_reason=LATE)
    assert Dossier.objects.get().late_reason == ""


def test_an_upgrade_needs_stars_in_force_below_five():
    assert begin(DossierKind.UPGRADE, star=4, expires=in_days(0)).kind == DossierKind.UPGRADE


def test_no_upgrade_after_the_end():
    with pytest.raises(DomainError, match="hết hạn"):
        begin(DossierKind.UPGRADE, expires=in_days(-1))


def test_no_upgrade_above_five_stars():
    with pytest.raises(DomainError, match="5 sao"):
        begin(DossierKind.UPGRADE, star=5, expires=in_days(500))


@pytest.mark.parametrize("kind", [DossierKind.UPGRADE, DossierKind.RE_RANKING])
def test_a_revoked_recognition_leads_back_to_the_first_kind(kind):
    with pytest.raises(DomainError, match="thu hồi"):
        begin(kind, expires=in_days(150), state=RecognitionState.REVOKED)


def test_the_checklist_says_done_and_missing_by_kind():
    dossier = begin(expires=in_days(119))
    lines = {item.label: item.is_done for item in completeness.checklist(dossier.current_version)}
    assert lines["Trong thời gian nộp hồ sơ đánh giá lại"] is False
    assert lines["Người đại diện, địa chỉ, điện thoại của chủ thể"] is True
    assert "Nội dung đã cải thiện so với lần công nhận trước" not in lines


def test_the_checklist_of_tourism_asks_no_samples_and_no_material():
    dossier = make_dossier(make_product(set_number=26))
    labels = [item.label for item in completeness.checklist(dossier.current_version)]
    assert labels == [
        "Người đại diện, địa chỉ, điện thoại của chủ thể",
        "Sản phẩm đăng ký đánh giá lần đầu",
        "Câu chuyện sản phẩm",
        "Quy trình, năng lực sản xuất",
        "Thị trường, kênh bán hàng",
        "Kết quả sản xuất, kinh doanh",
        "Kế hoạch thời gian tới",
        "Minh chứng: Đăng ký kinh doanh",
    ]


# Extension (Đ12 k3)


@pytest.fixture
def late():
    """A recognition with 100 days left, whose re-ranking dossier was filed 20 days after the window."""
    dossier = begin(expires=in_days(100))
    Dossier.objects.update(late_reason=LATE)
    dossier.refresh_from_db()
    file(dossier)
    return dossier.product.recognitions.get()


def extend(recognition, until, reason="Chờ kết quả đánh giá lại.", by=None):
    return services.extend_recognition(recognition, until=until, reason=reason, by=by or provincial_officer())


@pytest.mark.parametrize("days", [101, 280])
def test_an_extension_ends_at_most_180_days_after_the_end(late, days):
    assert extend(late, in_days(days)).extended_until == in_days(days)
    entry = AuditEntry.objects.get(verb="product.extend_recognition")
    assert entry.reason == "Chờ kết quả đánh giá lại."


@pytest.mark.parametrize("days", [100, 281])
def test_an_extension_outside_its_bounds_is_refused(late, days):
    with pytest.raises(DomainError) as refusal:
        extend(late, in_days(days))
    assert refusal.value.field == "until"


def test_an_extension_needs_a_reason(late):
    with pytest.raises(DomainError) as refusal:
        extend(late, in_days(150), reason="  ")
    assert refusal.value.field == "reason"


def test_only_the_provincial_office_extends(late):
    with pytest.raises(PermissionDenied):
        extend(late, in_days(150), by=owner_of(late.product.entity))


def test_no_extension_without_a_filed_dossier():
    recognition = begin(expires=in_days(100)).product.recognitions.get()
    with pytest.raises(DomainError, match="đã nộp hồ sơ đánh giá lại"):
        extend(recognition, in_days(150))


def test_no_extension_when_the_dossier_came_in_time():
    recognition = file(begin(expires=in_days(120))).product.recognitions.get()
    with pytest.raises(DomainError, match="sau khi cửa sổ nộp đã đóng"):
        extend(recognition, in_days(150))


def test_an_extended_recognition_is_in_force_after_its_end(late):
    extend(late, in_days(280))
    after = in_days(279)
    assert list(Recognition.objects.valid_on(after)) == [late]
    assert not Recognition.objects.valid_on(in_days(281)).exists()
