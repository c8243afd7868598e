"""What happens round the sheets at a session: attendance, a conflict of interest, an adviser's review."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from evaluation.enums import RecusalGround
from evaluation.models import AdvisoryAssignment, Council, Session
from evaluation.queries.scoring_sets import stored_set
from evaluation.services import attendance, recusals, reviews, teams
from evaluation.services.sessions import set_of
from reports.demo import choices
from reports.demo.clock import standing_on
from reports.demo.registry import Entry
from reports.demo.road import goal_of

SUMMARY = (
    "Hồ sơ đầy đủ, thông tin thống nhất với khảo sát tại cơ sở. Vùng nguyên liệu và liên kết tiêu thụ rõ; "
    "cần hoàn thiện nhãn và mở rộng kênh bán."
)
SURVEY = "Đã khảo sát cơ sở: khu sơ chế, kho nguyên liệu và sổ ghi theo lô phù hợp với hồ sơ."
TESTS = "Đề nghị bổ sung phiếu kiểm nghiệm trong 12 tháng gần nhất."
# As many views as a council has; the adviser holds the first.
PEOPLE = 6
COMMENT = "Phù hợp với minh chứng và khảo sát thực tế."


def form_team(council: Council, adviser: Any, officer: Any) -> None:
    """The advisory team of the council, with its head."""
    teams.add_to_team(
        council=council, user=adviser, is_head=True, agency="Văn phòng OCOP cấp tỉnh", by=officer
    )


def call_the_roll(session: Session, day: date, by: Any) -> None:
    """Everybody is there; the last but one follows from afar."""
    seats = list(session.council.seats.active().in_order().values_list("pk", flat=True))
    online = seats[-2]
    marks = {seat: ("online" if seat == online else "present", "") for seat in seats}
    with standing_on(day, 7, 45):
        attendance.record_attendance(session=session, marks=marks, by=by)


def declare_conflict(session: Session, day: date) -> None:
    """A member does not score the last dossier of the agenda."""
    item = session.items.order_by("-position").first()
    seat = session.council.seats.filter(role="member").select_related("user").order_by("pk").last()
    with standing_on(day, 8):
        recusals.recuse(
            item=item,
            seat=seat,
            ground=RecusalGround.RELATED,
            reason="Có người thân tham gia góp vốn vào chủ thể.",
            by=seat.user,
        )


def advise(session: Session, agenda: Sequence[Entry], day: date) -> None:
    """The adviser's review of the first dossier, sent the day before the council meets."""
    item, entry = session.items.order_by("position").first(), agenda[0]
    dossier = item.version.dossier
    assignment = AdvisoryAssignment.objects.select_related("member").get(dossier=dossier)
    table = stored_set(set_of(item.version, dossier).pk)
    view = choices.sheets(table.scoring, goal_of(entry), PEOPLE, entry.chance("advice"))[0]
    notes = [
        reviews.Advice(
            table.criterion_of_code[code],
            True,
            table.option_at.get((code, position)),
            COMMENT if place % 4 == 0 else "",
        )
        for place, (code, position) in enumerate(view.items())
    ]
    texts = {"summary": SUMMARY, "site_survey": SURVEY, "extra_tests": TESTS}
    with standing_on(day - timedelta(days=1), 15):
        by = assignment.member
        reviews.save_notes(assignment=assignment, notes=notes, by=by)
        reviews.save_texts(assignment=assignment, texts=texts, revision=0, by=by)
        reviews.submit_review(assignment=assignment, by=by)
