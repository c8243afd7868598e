"""The dossier's road as a table: what may follow what, and who does it (Đ5-Đ7 QĐ 26/2026).

The same table draws the buttons, is carried out by `services.perform` and makes the tests.
"""

from dataclasses import dataclass
from typing import Any

from products.enums import DossierState as State
from products.models import Dossier


@dataclass(frozen=True)
class Transition:
    """One step of the road.

    `needs_note`: a reason must be given. `needs`: columns of the dossier the step fills.
    `by_hand`: offered as a button here; the others belong to acts of `evaluation`.
    `done`: the step as the history tells it. `url_name`: the page of a higher app where the step is taken,
    with what that app needs to know; the plain page of steps leads there and does not take it.
    """

    name: str
    label: str
    done: str
    source: frozenset[str]
    target: str
    permission: str
    needs_note: bool = False
    needs: tuple[str, ...] = ()
    confirm: str = ""
    style: str = "primary"
    by_hand: bool = True
    url_name: str = ""
    # The reason as the form asks for it: label, help, what is said when it is missing.
    note_label: str = "Lý do trả lại"
    note_help: str = "Nêu từng phần cần bổ sung; chủ thể sẽ thấy nguyên văn."
    note_missing: str = "Hãy ghi lý do trả lại để chủ thể biết phải bổ sung gì."

    @property
    def needs_form(self) -> bool:
        return self.needs_note or bool(self.needs)


def _after_scoring(name: str, label: str, done: str, source: str, target: str) -> Transition:
    return Transition(
        name, label, done, frozenset({source}), target, permission="products.decide_dossier", by_hand=False
    )


TRANSITIONS: dict[str, Transition] = {
    transition.name: transition
    for transition in (
        Transition(
            "submit",
            "Nộp hồ sơ",
            "Nộp hồ sơ",
            frozenset(State.editable),
            State.SUBMITTED,
            permission="products.submit_dossier",
            confirm="Sau khi nộp, nội dung được giữ nguyên và không sửa được, trừ khi hồ sơ được trả lại.",
        ),
        Transition(
            "propose",
            "Đề nghị tỉnh đánh giá",
            "Đề nghị tỉnh đánh giá",
            frozenset({State.SUBMITTED}),
            State.PROPOSED,
            permission="products.check_dossier",
            needs=("proposal_number", "proposed_on"),
        ),
        Transition(
            "return_to_entity",
            "Trả lại chủ thể",
            "Cấp xã trả lại hồ sơ",
            frozenset({State.SUBMITTED}),
            State.RETURNED,
            permission="products.check_dossier",
            needs_note=True,
            style="danger",
        ),
        Transition(
            "accept",
            "Tiếp nhận hồ sơ",
            "Tiếp nhận vào đợt đánh giá",
            frozenset({State.PROPOSED}),
            State.ACCEPTED,
            permission="products.accept_dossier",
            # A round is chosen there, perhaps an advisory team too.
            url_name="evaluation:accept",
        ),
        Transition(
            "return_from_province",
            "Trả lại để bổ sung",
            "Cấp tỉnh trả lại hồ sơ",
            frozenset({State.PROPOSED}),
            State.RETURNED,
            permission="products.accept_dossier",
            needs_note=True,
            style="danger",
        ),
        Transition(
            "withdraw",
            "Rút hồ sơ",
            "Rút hồ sơ",
            frozenset({*State.editable, State.SUBMITTED}),
            State.WITHDRAWN,
            permission="products.withdraw_dossier",
            needs_note=True,
            style="danger",
            confirm="Hồ sơ đã rút không mở lại được; nội dung đã nộp vẫn được giữ để tra cứu. "
            "Muốn đăng ký lại, lập hồ sơ mới từ trang sản phẩm.",
            note_label="Lý do rút hồ sơ",
            note_help="Ghi ngắn gọn; lý do được lưu trong lịch sử hồ sơ.",
            note_missing="Hãy ghi lý do rút hồ sơ.",
        ),
        _after_scoring("close_scoring", "Đóng kết quả", "Đóng kết quả chấm", State.ACCEPTED, State.SCORED),
        _after_scoring(
            "send_back_to_council", "Trả lại Hội đồng", "Trả lại Hội đồng xem xét lại", State.SCORED,
            State.ACCEPTED,
        ),
        _after_scoring("recognise", "Công nhận", "Công nhận kết quả", State.SCORED, State.RECOGNISED),
        _after_scoring(
            "send_to_ministry", "Trình Bộ", "Trình Bộ xét 5 sao", State.SCORED, State.SENT_TO_MINISTRY
        ),
        _after_scoring("reject", "Không công nhận", "Không công nhận", State.SCORED, State.NOT_RECOGNISED),
        _after_scoring("exclude", "Loại hồ sơ", "Loại hồ sơ", State.SCORED, State.EXCLUDED),
        _after_scoring(
            "ministry_recognise", "Bộ công nhận", "Bộ công nhận", State.SENT_TO_MINISTRY, State.RECOGNISED
        ),
        _after_scoring(
            "ministry_return", "Tỉnh công nhận", "Tỉnh công nhận theo kết quả của Bộ", State.SENT_TO_MINISTRY,
            State.RECOGNISED,
        ),
        _after_scoring(
            "ministry_keep", "Giữ hạng hiện có", "Bộ trả kết quả thấp hơn hạng hiện có, giữ hạng hiện có",
            State.SENT_TO_MINISTRY, State.NOT_RECOGNISED,
        ),
    )
}  # fmt: skip


def available(dossier: Dossier, user: Any) -> list[Transition]:
    """The steps this user may take by hand now, the usual one first."""
    return [
        transition
        for transition in TRANSITIONS.values()
        if transition.by_hand
        and dossier.state in transition.source
        and user.has_perm(transition.permission, dossier)
    ]


@dataclass(frozen=True)
class Expectation:
    """Who acts in a state, and what happens next."""

    who: str
    what: str


EXPECTATIONS: dict[str, Expectation] = {
    State.DRAFT: Expectation("Chủ thể", "Soạn đủ các phần, tự đánh giá rồi nộp hồ sơ về xã."),
    State.RETURNED: Expectation("Chủ thể", "Bổ sung theo lý do trả lại rồi nộp lại."),
    State.SUBMITTED: Expectation(
        "Cán bộ cấp xã", "Kiểm tra thành phần hồ sơ, đề nghị tỉnh đánh giá hoặc trả lại kèm lý do."
    ),
    State.PROPOSED: Expectation(
        "Cán bộ OCOP cấp tỉnh", "Kiểm tra tính đầy đủ, tiếp nhận hoặc trả lại kèm lý do."
    ),
    State.ACCEPTED: Expectation("Hội đồng cấp tỉnh", "Chấm điểm tại phiên họp."),
    State.SCORED: Expectation("Cán bộ OCOP cấp tỉnh", "Trình quyết định theo kết quả của Hội đồng."),
    State.SENT_TO_MINISTRY: Expectation(
        "Bộ Nông nghiệp và Môi trường",
        "Đánh giá sản phẩm tiềm năng 5 sao; cán bộ OCOP cấp tỉnh ghi kết quả khi Bộ trả lời.",
    ),
    State.RECOGNISED: Expectation("", "Hồ sơ đã kết thúc: sản phẩm được công nhận."),
    State.NOT_RECOGNISED: Expectation("", "Hồ sơ đã kết thúc: sản phẩm chưa đạt hạng được công nhận."),
    State.WITHDRAWN: Expectation("", "Hồ sơ đã rút. Muốn đăng ký lại, lập hồ sơ mới từ trang sản phẩm."),
    State.EXCLUDED: Expectation("", "Hồ sơ đã kết thúc: bị loại theo kết luận của Hội đồng."),
}
