"""Which roles may open which page of this app; everybody else is refused with 403."""

from accounts.enums import Role

EVERYBODY = set(Role.values)
OFFICE = {Role.PROVINCIAL_OFFICER}
MEMBERS = {Role.COUNCIL_MEMBER}
ROUND_READERS = {Role.PROVINCIAL_OFFICER, Role.LEADERSHIP, Role.ADMINISTRATOR}
COUNCIL_READERS = {Role.PROVINCIAL_OFFICER, Role.COUNCIL_MEMBER, Role.LEADERSHIP, Role.ADMINISTRATOR}
# Officer, or secretary and chair: for an ordinary member 403 on the item.
RECORDERS = {Role.PROVINCIAL_OFFICER, Role.COUNCIL_MEMBER}
# Entity and commune: only the result of their own dossiers, and only once the decision is taken (or the
# dossier is sent to the Ministry), else 404. Who left the council: only items with an own submitted sheet.
RESULT_READERS = COUNCIL_READERS | {Role.ENTITY, Role.COMMUNE_OFFICER}

# Advisory and council members read the assessment beside their sheet, not on the entity's page.
DOSSIER_READERS = EVERYBODY - {Role.ADVISORY_MEMBER, Role.COUNCIL_MEMBER}
PAPER_READERS = {Role.ADVISORY_MEMBER, Role.COUNCIL_MEMBER}

# Certificates and inspections: readers of the product (an entity an inspection once it is carried out).
PRODUCT_READERS = {Role.ENTITY, Role.COMMUNE_OFFICER, *ROUND_READERS}

ACCESS = {
    "evaluation:criteria": EVERYBODY,
    "evaluation:criteria_set": EVERYBODY,  # code: criteria set
    "evaluation:errata": EVERYBODY,
    "evaluation:self_assessment": DOSSIER_READERS,  # pk: dossier
    "evaluation:self_choice": {Role.ENTITY, Role.COMMUNE_OFFICER},  # POST; pk: dossier
    "evaluation:criterion_papers": DOSSIER_READERS,  # pk: dossier, criterion: leaf of its set
    # Filed versions on an agenda of the member's council, or given to the adviser; else 404.
    "evaluation:evidence": PAPER_READERS,  # pk: dossier
    "evaluation:evidence_view": PAPER_READERS,  # pk: evidence
    "evaluation:evidence_download": PAPER_READERS,  # pk: evidence
    "evaluation:evidence_picture": PAPER_READERS,  # pk: evidence, page: 1
    "evaluation:councils": COUNCIL_READERS,
    "evaluation:council_create": OFFICE,
    "evaluation:council": COUNCIL_READERS,  # pk: council (a member: of an own seat, until leaving)
    "evaluation:seat_add": OFFICE,  # POST; pk: council
    "evaluation:seat_leave": OFFICE,  # POST; pk: seat
    "evaluation:sessions": COUNCIL_READERS,
    "evaluation:session_create": OFFICE,
    "evaluation:session": COUNCIL_READERS,  # pk: session
    "evaluation:agenda_add": OFFICE,  # POST; pk: session
    "evaluation:agenda_remove": OFFICE,  # POST; pk: agenda item
    "evaluation:session_open": OFFICE,  # POST; pk: session
    "evaluation:session_close": OFFICE,  # POST; pk: session
    # Council, regulation, advisory team; a session at the table; conflicts; the advisers' review.
    "evaluation:council_edit": OFFICE,  # pk: council
    "evaluation:regulations": COUNCIL_READERS,  # pk: council
    "evaluation:regulation_revise": OFFICE,  # pk: council
    "evaluation:team": OFFICE,  # pk: council
    "evaluation:team_head": OFFICE,  # POST; pk: team seat
    "evaluation:team_leave": OFFICE,  # POST; pk: team seat
    "evaluation:seat_edit": OFFICE,  # pk: seat
    "evaluation:session_edit": OFFICE,  # pk: session
    "evaluation:session_pause": RECORDERS,  # pk: session
    "evaluation:session_resume": RECORDERS,  # POST; pk: session
    "evaluation:attendance": RECORDERS,  # pk: session
    "evaluation:course": RECORDERS,  # pk: session
    "evaluation:call_meeting": RECORDERS,  # pk: session
    "evaluation:item_move": RECORDERS,  # POST; pk: agenda item
    "evaluation:item_pause": RECORDERS,  # pk: agenda item
    "evaluation:item_resume": RECORDERS,  # POST; pk: agenda item
    "evaluation:recuse": RECORDERS,  # pk: agenda item; an ordinary member only for the own seat
    "evaluation:recusal_withdraw": RECORDERS,  # pk: recusal; a member what the member declared, else 403
    "evaluation:review": {Role.ADVISORY_MEMBER},  # pk: dossier given to the member, else 404
    "evaluation:review_note": {Role.ADVISORY_MEMBER},  # POST; pk: the same
    "evaluation:review_texts": {Role.ADVISORY_MEMBER},  # POST; pk: the same
    "evaluation:review_send": {Role.ADVISORY_MEMBER},  # POST; pk: the same
    "evaluation:item_reviews": RECORDERS,  # pk: agenda item; 403 for who is recused on it
    "evaluation:desk": OFFICE,
    "evaluation:accept": OFFICE,  # pk: dossier
    "evaluation:advisers": OFFICE,  # pk: dossier
    "evaluation:unassign": OFFICE,  # pk: assignment
    "evaluation:rounds": ROUND_READERS,
    "evaluation:round_create": OFFICE,
    "evaluation:round": ROUND_READERS,  # pk: round
    "evaluation:round_edit": OFFICE,  # pk: round
    "evaluation:entry": OFFICE,  # pk: entry
    "evaluation:entry_remove": OFFICE,  # POST; pk: entry
    "evaluation:assigned": {Role.ADVISORY_MEMBER},
    "evaluation:assigned_dossier": {Role.ADVISORY_MEMBER},  # pk: dossier given to the member, else 404
    # Certificates, revocations, inspections; the public check stands in accounts/tests/access.py.
    "evaluation:certificates": PRODUCT_READERS,
    "evaluation:certificates_workbook": PRODUCT_READERS,
    "evaluation:certificate": PRODUCT_READERS,  # pk: certificate
    "evaluation:certificates_to_issue": OFFICE,
    "evaluation:certificate_issue": OFFICE,  # pk: recognition
    "evaluation:revocation_open": OFFICE,  # pk: recognition
    "evaluation:revocations": ROUND_READERS,
    "evaluation:revocations_workbook": ROUND_READERS,
    "evaluation:revocation": ROUND_READERS,  # pk: revocation
    "evaluation:revoke": OFFICE,  # pk: revocation
    "evaluation:revocation_drop": OFFICE,  # pk: revocation
    "evaluation:inspections": PRODUCT_READERS,
    "evaluation:inspections_workbook": PRODUCT_READERS,
    "evaluation:inspection_plan": OFFICE,
    "evaluation:inspection": PRODUCT_READERS,  # pk: inspection (an entity: once carried out, else 404)
    "evaluation:inspection_result": OFFICE,  # pk: inspection
    "evaluation:inspection_follow_up": OFFICE,  # pk: inspection
    "evaluation:inspection_cancel": OFFICE,  # pk: inspection
    "evaluation:inspection_photo_add": OFFICE,  # POST; pk: inspection
    "evaluation:inspection_photo": PRODUCT_READERS,  # pk: photo
    "evaluation:inspection_photo_remove": OFFICE,  # POST; pk: photo
    "evaluation:sheets": MEMBERS,
    "evaluation:sheet": MEMBERS,  # pk: sheet of the member
    "evaluation:choice": MEMBERS,  # POST; pk: sheet
    "evaluation:sheet_stop": MEMBERS,  # POST; pk: sheet
    "evaluation:sheet_opinion": MEMBERS,  # POST; pk: sheet
    "evaluation:sheet_submit": MEMBERS,  # pk: sheet
    "evaluation:result": RESULT_READERS,  # pk: agenda item
    "evaluation:item_close": OFFICE,  # POST; pk: agenda item
    "evaluation:conclude": RECORDERS,  # pk: agenda item
    "evaluation:exclude": RECORDERS,  # pk: agenda item
    # Results before closing: the board, scoring again, the minutes. An ordinary member: 403 on the session
    # or item, but for the item's board, the own dissent and the own sheets.
    "evaluation:session_board": RECORDERS,  # pk: session
    "evaluation:item_board": COUNCIL_READERS,  # pk: agenda item
    "evaluation:rescore": MEMBERS,  # pk: agenda item, seat: one with a submitted sheet (else 404)
    "evaluation:rescore_withdraw": MEMBERS,  # pk: request to score again
    "evaluation:discuss": RECORDERS,  # pk: agenda item
    "evaluation:dissent": RECORDERS,  # pk: agenda item
    "evaluation:conclusion_withdraw": RECORDERS,  # pk: conclusion
    "evaluation:sheet_versions": COUNCIL_READERS,  # pk: item, seat: own, or any after closing (else 404)
    "evaluation:decide": OFFICE,  # pk: agenda item, closed, waiting for a decision or the Ministry (else 404)
    "evaluation:dossier_result": RESULT_READERS,  # pk: dossier with a closed item
    # After the council.
    "evaluation:submissions": ROUND_READERS,
    "evaluation:submission_create": OFFICE,
    "evaluation:submission": ROUND_READERS,  # pk: submission
    "evaluation:submission_edit": OFFICE,  # pk: submission
    "evaluation:submission_discard": OFFICE,  # POST; pk: submission
    "evaluation:submission_step": OFFICE,  # pk: submission
    "evaluation:result_notice": RESULT_READERS,  # pk: dossier, once its result is announced (else 404)
    "evaluation:package": OFFICE,  # pk: agenda item with a potential five-star result (else 404)
    "evaluation:package_download": OFFICE,  # POST; pk: agenda item
    "evaluation:package_paper": OFFICE,  # pk: package paper
    "evaluation:package_paper_remove": OFFICE,  # POST; pk: package paper
    "evaluation:catalogue": ROUND_READERS,
    "evaluation:catalogue_entry": OFFICE,  # pk: product, recognised today or published before
    "evaluation:catalogue_withdraw": OFFICE,  # pk: product
}
