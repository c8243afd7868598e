"""Thông báo kết quả: one announced result, to the commune and the entity; no member's name on it."""

from datetime import date

from core.exceptions import DomainError
from evaluation.enums import ItemState
from evaluation.models import AgendaItem
from evaluation.queries.submissions import ResultNotice, approved, result_notice
from products.enums import DossierState
from products.models import Dossier
from reports import words
from reports.builders import common
from reports.document import Block, Document, Head, Paragraph, Points, Row, Section, Table
from reports.letterhead import committee_name, letterhead_of


def build(dossier: Dossier, *, today: date) -> Document:
    """The notice of a dossier's result; raises DomainError before the result may be told (Đ7)."""
    item = announced_item(dossier)
    if item is None:
        raise DomainError("Hồ sơ chưa có kết quả được công bố: hãy ghi quyết định rồi lập thông báo.")
    notice = result_notice(item)
    province = item.session.council.unit
    head = letterhead_of(province, today)
    entity = dossier.product.entity.name
    return Document(
        head=Head(head.governing_body, head.issuing_body, head.number("TB"), head.place_date(today)),
        type_name="THÔNG BÁO",
        subject="Kết quả đánh giá, phân hạng sản phẩm OCOP",
        addressees=(entity, committee_name(dossier.commune)),
        opening=_opening(notice),
        sections=(Section("", _blocks(notice)),),
        closing=(
            f"{head.issuer_name} thông báo để {committee_name(dossier.commune)} và chủ thể biết, thực hiện; "
            f"kiến nghị (nếu có) gửi về {head.issuer_name} qua Ủy ban nhân dân cấp xã./."
        ),
        recipients=head.recipients,
        signer_position=head.signer_position,
        signer_name=head.signer_name,
    )


def announced_item(dossier: Dossier) -> AgendaItem | None:
    """The closed result of a dossier that may be told: decided, or approved on its way to the Ministry."""
    items = AgendaItem.objects.filter(version__dossier=dossier, state=ItemState.CLOSED)
    if dossier.state not in DossierState.announced:
        items = items.filter(approved())
    return items.select_related(
        "result", "session__council__unit", "version__dossier__product__entity", "version__dossier__commune",
        "version__dossier__recognition",
    ).last()  # fmt: skip


def _opening(notice: ResultNotice) -> str:
    dossier, session = notice.dossier, notice.item.session
    return (
        f"Hồ sơ số {dossier.number} của sản phẩm {dossier.product.name} "
        f"({words.lower_first(dossier.get_kind_display())}) đã được {session.council.name} đánh giá tại "
        f"{words.lower_first(session.name)} {words.formal_date(session.held_on)}. Kết quả như sau:"
    )


def _blocks(notice: ResultNotice) -> tuple[Block, ...]:
    titles = common.columns(("Nội dung", 32, "left"), ("Kết quả", 68, "left"))
    table = Table("", titles, tuple(Row(line) for line in _lines(notice)))
    if notice.ground or not notice.unmet:
        return (table,)
    unmet = [
        f"Hạng {line['star']} sao: tiêu chí {line['criterion']} {line['title']}; cần "
        f"“{line['needed']['label']}” ({line['needed']['points']} điểm);"
        for line in notice.unmet
    ]
    unmet[-1] = unmet[-1].rstrip(";") + "."
    return (table, Paragraph("Điều kiện bắt buộc chưa đạt của các hạng sao cao hơn:"), Points.dashed(unmet))


def _lines(notice: ResultNotice) -> list[tuple[str, str]]:
    result = notice.item.result
    lines = [("Tổng điểm", f"{notice.total}/100 điểm")]
    if result.star:
        lines += [
            ("Hạng sao theo điểm", f"{result.star_by_score} sao"),
            ("Hạng sao của Hội đồng", f"{result.star} sao"),
        ]
    lines.append(("Kết luận", notice.outcome))
    if notice.decision:
        number, day, by = notice.decision
        lines.append(("Quyết định", f"Quyết định {common.cited(number, day)} của {by}"))
    if notice.ground:
        lines.append(("Căn cứ loại hồ sơ", notice.ground))
    return lines
