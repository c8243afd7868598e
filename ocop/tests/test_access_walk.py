"""Every address of the site against every role: wrong role 403, foreign area 404, stranger to sign-in.

A new address without a row in its app's `tests/access.py` fails here.
"""

from importlib import import_module

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse

from accounts.enums import Role
from accounts.tests.access import PUBLIC
from ocop.tests.world import make_world

APPS = ("accounts", "core", "products", "evaluation", "training", "reports")
ACCESS: dict = {}
for app in APPS:
    ACCESS |= import_module(f"{app}.tests.access").ACCESS

# What the arguments of an address point to, by address: a name is an object of the
# world, "=" marks a plain value, "?" the query.
ARGUMENTS = {
    "core:job": {"pk": "job"},
    "core:job_cancel": {"pk": "job"},
    "core:notice_read": {"pk": "notice"},
    "products:entity": {"pk": "entity"},
    "products:entity_edit": {"pk": "entity"},
    "products:entity_merge": {"pk": "entity"},
    "products:entity_distinct": {"pk": "entity"},
    "products:entity_accounts": {"pk": "entity"},
    "products:entity_account_attach": {"pk": "entity"},
    "products:entity_account_password": {"pk": "entity"},
    "products:entity_account_close": {"pk": "entity"},
    "products:representative": {"pk": "entity"},
    "products:representative_edit": {"pk": "entity"},
    "products:representative_log": {"pk": "entity"},
    "products:product_create": {"pk": "entity"},
    "products:product": {"pk": "product"},
    "products:product_edit": {"pk": "product"},
    "products:photos": {"pk": "product"},
    "products:photo": {"pk": "photo"},
    "products:photo_small": {"pk": "photo"},
    "products:photo_change": {"pk": "photo"},
    "products:recognition_create": {"pk": "product"},
    "products:recognition_edit": {"pk": "recognition"},
    "products:recognition_extend": {"pk": "recognition"},
    "products:dossier_create": {"pk": "product"},
    "products:dossier": {"pk": "draft"},
    "products:dossier_registration": {"pk": "draft"},
    "products:dossier_edit": {"pk": "draft", "step": "=dang-ky"},
    "products:evidence": {"pk": "draft"},
    "products:dossier_download": {"pk": "draft", "number": "=1"},
    "products:evidence_view": {"pk": "evidence"},
    "products:evidence_download": {"pk": "evidence"},
    "products:evidence_picture": {"pk": "evidence", "page": "=1"},
    "products:evidence_edit": {"pk": "evidence"},
    "products:evidence_remove": {"pk": "evidence"},
    "products:version": {"pk": "filed", "number": "=1"},
    "products:compare": {"pk": "mended", "a": "=1", "b": "=2"},
    "products:desk_check": {"pk": "filed"},
    "products:section_check": {"pk": "filed", "section": "=cau-chuyen"},
    "products:commune_report_edit": {"pk": "filed"},
    "products:commune_report": {"pk": "filed", "number": "=1"},
    "products:receipt": {"pk": "filed", "number": "=1"},
    "products:transition": {"pk": "draft", "name": "=submit"},
    "products:import": {"pk": "import"},
    "products:import_answer": {"pk": "import"},
    "products:import_confirm": {"pk": "import"},
    "products:import_recheck": {"pk": "import"},
    "products:import_discard": {"pk": "import"},
    "products:import_result": {"pk": "import"},
    "evaluation:criteria_set": {"code": "=qd26-01"},
    "evaluation:self_assessment": {"pk": "draft"},
    "evaluation:self_choice": {"pk": "draft"},
    "evaluation:criterion_papers": {"pk": "draft", "criterion": "leaf"},
    "evaluation:evidence": {"pk": "accepted"},
    "evaluation:evidence_view": {"pk": "filed_paper"},
    "evaluation:evidence_download": {"pk": "filed_paper"},
    "evaluation:evidence_picture": {"pk": "filed_paper", "page": "=1"},
    "evaluation:council": {"pk": "council"},
    "evaluation:seat_add": {"pk": "council"},
    "evaluation:seat_leave": {"pk": "seat"},
    "evaluation:session": {"pk": "session"},
    "evaluation:agenda_add": {"pk": "session"},
    "evaluation:session_open": {"pk": "session"},
    "evaluation:session_close": {"pk": "session"},
    "evaluation:agenda_remove": {"pk": "item"},
    # Council, regulation, advisory team; a session at the table; conflicts; the advisers' review.
    "evaluation:council_edit": {"pk": "council"},
    "evaluation:regulations": {"pk": "council"},
    "evaluation:regulation_revise": {"pk": "council"},
    "evaluation:team": {"pk": "council"},
    "evaluation:team_head": {"pk": "team_seat"},
    "evaluation:team_leave": {"pk": "team_seat"},
    "evaluation:seat_edit": {"pk": "seat"},
    "evaluation:session_edit": {"pk": "session"},
    "evaluation:session_pause": {"pk": "session"},
    "evaluation:session_resume": {"pk": "session"},
    "evaluation:attendance": {"pk": "session"},
    "evaluation:course": {"pk": "session"},
    "evaluation:call_meeting": {"pk": "session"},
    "evaluation:item_move": {"pk": "item"},
    "evaluation:item_pause": {"pk": "item"},
    "evaluation:item_resume": {"pk": "item"},
    "evaluation:recuse": {"pk": "item"},
    "evaluation:recusal_withdraw": {"pk": "recusal"},
    "evaluation:review": {"pk": "assigned"},
    "evaluation:review_note": {"pk": "assigned"},
    "evaluation:review_texts": {"pk": "assigned"},
    "evaluation:review_send": {"pk": "assigned"},
    "evaluation:item_reviews": {"pk": "item"},
    "evaluation:accept": {"pk": "assigned"},
    "evaluation:advisers": {"pk": "assigned"},
    "evaluation:unassign": {"pk": "assignment"},
    "evaluation:round": {"pk": "round"},
    "evaluation:round_edit": {"pk": "round"},
    "evaluation:entry": {"pk": "entry"},
    "evaluation:entry_remove": {"pk": "entry"},
    "evaluation:assigned_dossier": {"pk": "assigned"},
    "evaluation:certificate": {"pk": "certificate"},
    "evaluation:certificate_issue": {"pk": "recognition"},
    "evaluation:revocation_open": {"pk": "recognition"},
    "evaluation:revocation": {"pk": "revocation"},
    "evaluation:revoke": {"pk": "revocation"},
    "evaluation:revocation_drop": {"pk": "revocation"},
    "evaluation:inspection": {"pk": "inspection"},
    "evaluation:inspection_result": {"pk": "inspection"},
    "evaluation:inspection_follow_up": {"pk": "inspection"},
    "evaluation:inspection_cancel": {"pk": "inspection"},
    "evaluation:inspection_photo_add": {"pk": "inspection"},
    "evaluation:inspection_photo": {"pk": "inspection_photo"},
    "evaluation:inspection_photo_remove": {"pk": "inspection_photo"},
    "gcn:check": {"token": "certificate"},
    "evaluation:sheet": {"pk": "sheet"},
    "evaluation:choice": {"pk": "sheet"},
    "evaluation:sheet_stop": {"pk": "sheet"},
    "evaluation:sheet_opinion": {"pk": "sheet"},
    "evaluation:sheet_submit": {"pk": "sheet"},
    "evaluation:result": {"pk": "item"},
    "evaluation:item_close": {"pk": "item"},
    "evaluation:conclude": {"pk": "item"},
    "evaluation:exclude": {"pk": "item"},
    # Results before closing.
    "evaluation:session_board": {"pk": "session"},
    "evaluation:item_board": {"pk": "item"},
    "evaluation:rescore": {"pk": "scored_item", "seat": "own_seat"},
    "evaluation:rescore_withdraw": {"pk": "rescoring"},
    "evaluation:discuss": {"pk": "item"},
    "evaluation:dissent": {"pk": "item"},
    "evaluation:conclusion_withdraw": {"pk": "conclusion"},
    "evaluation:sheet_versions": {"pk": "scored_item", "seat": "own_seat"},
    "evaluation:decide": {"pk": "item"},
    "evaluation:dossier_result": {"pk": "accepted"},
    # After the council, and the public catalogue.
    "evaluation:submission": {"pk": "submission"},
    "evaluation:submission_edit": {"pk": "submission"},
    "evaluation:submission_discard": {"pk": "submission"},
    "evaluation:submission_step": {"pk": "submission", "step": "=submit"},
    "evaluation:result_notice": {"pk": "accepted"},
    "evaluation:package": {"pk": "item"},
    "evaluation:package_download": {"pk": "item"},
    "evaluation:package_paper": {"pk": "package_paper"},
    "evaluation:package_paper_remove": {"pk": "package_paper"},
    "evaluation:catalogue_entry": {"pk": "published"},
    "evaluation:catalogue_withdraw": {"pk": "published"},
    "catalogue:product": {"slug": "public"},
    "catalogue:photo": {"slug": "public", "pk": "public_photo"},
    "catalogue:photo_small": {"slug": "public", "pk": "public_photo"},
    "api:product": {"slug": "public"},
    "training:indicator_list": {"name": "=products_joined", "?": "plan=kh-thu"},
    "training:target": {"pk": "target"},
    "training:target_edit": {"pk": "target"},
    "training:target_remove": {"pk": "target"},
    "training:actual_create": {"pk": "commune_target"},
    "training:reported_take": {"pk": "target"},
    "training:task_edit": {"pk": "task"},
    "training:task_report": {"pk": "commune_task"},
    # Plans: tasks of units, values entered by hand, money, the grid, frozen figures.
    "training:task": {"pk": "task"},
    "training:task_paper": {"pk": "task"},
    "training:actual_decide": {"pk": "actual"},
    "training:actual_paper": {"pk": "actual"},
    "training:indicator_edit": {"pk": "indicator"},
    "training:basis_remove": {"pk": "basis"},
    "training:budget_create": {"code": "plan"},
    "training:budget_edit": {"pk": "budget_line"},
    "training:budget_remove": {"pk": "budget_line"},
    "training:figure_set": {"pk": "figure_set"},
    "training:figure_decide": {"pk": "figure_set"},
    "training:figure_correct": {"pk": "figure_set"},
    # Closed figures: the records kept with one; and the days behind a median of the dashboard.
    "training:kept_list": {"pk": "figure_set", "name": "=products_joined"},
    "reports:step_stays": {"step": "=submitted"},
    "training:plan_step": {"code": "plan", "name": "=close"},
    "training:plan_copy": {"code": "plan"},
    "training:grid": {"code": "plan"},
    "training:freeze": {"code": "plan"},
    # The register from a workbook.
    "training:register_import": {"pk": "register_import"},
    "training:register_import_act": {"pk": "register_import", "act": "=discard"},
    # Classes, attendance and the register.
    "training:effect_list": {"what": "=chu-the", "?": "nam=2026"},
    "training:class": {"pk": "class"},
    "training:class_edit": {"pk": "class"},
    "training:class_step": {"pk": "class", "step": "=open"},
    "training:half_days": {"pk": "class"},
    "training:half_day_remove": {"pk": "class", "half": "class_parts"},
    "training:qr": {"pk": "class", "half": "class_parts"},
    "training:invite": {"pk": "class"},
    "training:invitation": {"pk": "class"},
    "training:material_add": {"pk": "class"},
    "training:material_remove": {"pk": "class", "material": "class_parts"},
    "training:material": {"pk": "material"},
    "training:my_class": {"pk": "class"},
    "training:class_enrol": {"pk": "class"},
    "training:unenrol": {"pk": "class", "enrolment": "class_parts"},
    "training:class_attendance": {"pk": "class"},
    "training:attendance_cell": {"pk": "class"},
    "training:attendance_column": {"pk": "class"},
    "training:class_score": {"pk": "class"},
    "training:sign_ins": {"pk": "class"},
    "training:attendance_sheet": {"pk": "class"},
    "training:attendance_workbook": {"pk": "class"},
    "training:attendance_sheet_confirm": {"pk": "class"},
    "training:sign_in": {"code": "=x"},
    "training:certificates": {"pk": "class"},
    "training:certificates_issue": {"pk": "class"},
    "training:certificate": {"pk": "attendance_certificate"},
    "training:person_edit": {"pk": "person"},
    "training:plan": {"code": "plan"},
    "training:plan_edit": {"code": "plan"},
    "training:basis_create": {"code": "plan"},
    "training:target_create": {"code": "plan"},
    "training:task_create": {"code": "plan"},
    # Sections of the progress report.
    "reports:outline": {"pk": "province"},
    # Comparisons: the list behind a number.
    "reports:figures": {"name": "=products_joined"},
    # Heads and feet of papers.
    "reports:letterhead_edit": {"pk": "province", "issuer": "=department"},
    "reports:letterhead_restore": {"pk": "province", "issuer": "=department"},
    # Papers: archive, requests, issuing, signatures.
    "reports:detail": {"pk": "paper"},
    "reports:download": {"pk": "paper"},
    "reports:file": {"pk": "paper", "form": "=issued"},
    "reports:subject": {"noun": "=phien-hop", "pk": "session"},
    "reports:make": {"kind": "=minutes", "pk": "session"},
    "reports:review": {"pk": "paper"},
    "reports:return": {"pk": "paper"},
    "reports:issue": {"pk": "paper"},
    "reports:replace": {"pk": "paper"},
    "reports:signed": {"pk": "paper"},
    "reports:sign": {"pk": "paper"},
    "accounts:saved_view_rename": {"pk": "saved_view"},
    "accounts:saved_view_delete": {"pk": "saved_view"},
    "accounts:account": {"pk": "account"},
    "accounts:account_edit": {"pk": "account"},
    "accounts:role_give": {"pk": "account"},
    "accounts:role_end": {"pk": "membership"},
    "accounts:account_lock": {"pk": "account"},
    "accounts:account_unlock": {"pk": "account"},
    "accounts:account_password": {"pk": "account"},
    "accounts:password_reset_confirm": {"uidb64": "=MQ", "token": "=x"},
}
# Everybody may read the law: its addresses point to nothing of an area.
# The list behind a year's figure is everybody's; its rows are those of the own area.
WITHOUT_AREA = {
    "evaluation:criteria_set",
    "training:indicator_edit",
    "training:effect_list",
    "reports:figures",
}


def named_addresses(patterns=None, prefix=""):
    """All names of the URLconf, with their namespaces."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from named_addresses(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name}"


NAMES = sorted(named_addresses())


@pytest.fixture
def world(criteria):
    return make_world()


def path_of(name, world):
    arguments = dict(ARGUMENTS.get(name, {}))
    query = arguments.pop("?", "")
    path = reverse(name, kwargs={key: _value(key, text, world) for key, text in arguments.items()})
    return f"{path}?{query}" if query else path


def _value(key, text, world):
    if text.startswith("="):
        return text[1:]
    return getattr(world.objects[text], key)


def roles_of(name):
    return set(Role) if ACCESS[name] == "anybody" else set(ACCESS[name])


class Walker:
    """Asks addresses as a person; whatever an answer wrote is rolled back."""

    def __init__(self, user):
        self.client = Client(raise_request_exception=False)
        self.session = None
        if user is not None:
            self.client.force_login(user)
            self.session = self.client.cookies[settings.SESSION_COOKIE_NAME].value

    def ask(self, path):
        """The answer to opening the address: by GET where it can be looked at, else by an empty POST."""
        view = resolve(path.partition("?")[0]).func.view_class
        can_get = hasattr(view, "get") and "get" in view.http_method_names
        return self._answer(self.client.get if can_get else self.client.post, path)

    def send(self, path, data):
        """The answer to a form."""
        return self._answer(self.client.post, path, data)

    def _answer(self, how, *arguments):
        if self.session:  # signing out is one of the addresses
            self.client.cookies[settings.SESSION_COOKIE_NAME] = self.session
        with transaction.atomic():
            response = how(*arguments)
            transaction.set_rollback(True)
        return response


def test_every_address_says_who_may_open_it():
    assert {name for name in NAMES if name not in ACCESS and name not in PUBLIC} == set()
    assert set(ACCESS) | PUBLIC == set(NAMES)


def test_wrong_role_is_403_and_foreign_area_404_at_every_address(world):
    wrong = []
    for role in Role:
        inside, outside = Walker(world.insiders[role]), Walker(world.outsiders[role])
        for name in ACCESS:
            path = path_of(name, world)
            own, foreign = inside.ask(path).status_code, outside.ask(path).status_code
            wrong += [
                f"{name} as {role}: {problem}" for problem in problems(name, role, own=own, foreign=foreign)
            ]
    assert wrong == []


def problems(name, role, *, own, foreign):
    """What is not as the table says, for somebody of the area and for somebody of another province."""
    if role not in roles_of(name):
        if (own, foreign) != (403, 403):
            yield f"must be refused (403), got {own} at home and {foreign} abroad"
        return
    if own >= 500 or foreign >= 500:
        yield f"failed with {own} at home, {foreign} abroad"
    if own == 404 and name not in NOT_YET:
        yield "not found at home"
    refused = role in OWN_REFUSALS.get(name, set())
    if (own == 403) != refused:
        yield f"got {own} at home"
    if name in ARGUMENTS and name not in WITHOUT_AREA and foreign != 404:
        yield f"must not be found abroad (404), got {foreign}"


# Nothing to show in this world: the item is not closed, the paper is not rendered, the job or the notice is
# another's, an empty post names no criterion.
NOT_YET = {
    "accounts:saved_view_rename",
    "accounts:saved_view_delete",
    "core:job",
    "core:job_cancel",
    "core:notice_read",
    "evaluation:decide",
    # No potential five-star result, nothing announced.
    "evaluation:package",
    "evaluation:package_download",
    "evaluation:package_paper",
    "evaluation:package_paper_remove",
    "evaluation:result_notice",
    # Read by council members here; nothing is given to the adviser of this world.
    "evaluation:evidence",
    "evaluation:evidence_view",
    "evaluation:evidence_download",
    "evaluation:evidence_picture",
    "evaluation:dossier_result",
    "evaluation:result",
    "evaluation:sheet_versions",
    "evaluation:self_choice",
    "reports:download",
    "products:import_result",
    # The task and the value of this world have no file.
    "training:task_paper",
    "training:actual_paper",
    # Of a class of this world only the entity's account is enrolled; its files are read by the readers too.
    "training:my_class",
    "training:material",
    "training:certificate",
}

# Right role, own area, yet not this person's business: the object's own rule refuses.
OWN_REFUSALS: dict[str, set] = {
    # A draft of the entity's own account is the entity's until it is filed.
    "products:dossier_registration": {Role.COMMUNE_OFFICER},
    "products:dossier_edit": {Role.COMMUNE_OFFICER},
    "products:evidence_edit": {Role.COMMUNE_OFFICER},
    "products:evidence_remove": {Role.COMMUNE_OFFICER},
    # The dossier lies at the commune's desk, not yet at the province's.
    "products:section_check": {Role.PROVINCIAL_OFFICER},
    "products:transition": {Role.COMMUNE_OFFICER},
    "evaluation:self_choice": {Role.COMMUNE_OFFICER},
    # The province's own plan and its rows: a commune keeps only the commune's own plan.
    # The indicator of this world is the province's own.
    "training:indicator_edit": {Role.ADMINISTRATOR},
    "training:target_edit": {Role.COMMUNE_OFFICER},
    "training:target_remove": {Role.COMMUNE_OFFICER},
    "training:reported_take": {Role.COMMUNE_OFFICER},
    "training:task_edit": {Role.COMMUNE_OFFICER},
    "training:actual_decide": {Role.COMMUNE_OFFICER},
    "training:basis_remove": {Role.COMMUNE_OFFICER},
    "training:budget_create": {Role.COMMUNE_OFFICER},
    "training:budget_edit": {Role.COMMUNE_OFFICER},
    "training:budget_remove": {Role.COMMUNE_OFFICER},
    "training:figure_correct": {Role.COMMUNE_OFFICER},
    "training:plan_step": {Role.COMMUNE_OFFICER},
    "training:plan_copy": {Role.COMMUNE_OFFICER},
    "training:grid": {Role.COMMUNE_OFFICER},
    "training:freeze": {Role.COMMUNE_OFFICER},
    "training:plan_edit": {Role.COMMUNE_OFFICER},
    "training:basis_create": {Role.COMMUNE_OFFICER},
    "training:target_create": {Role.COMMUNE_OFFICER},
    "training:task_create": {Role.COMMUNE_OFFICER},
    "training:figure_decide": {Role.COMMUNE_OFFICER},
    # An empty post names no criterion, or not the revision it began with.
    "evaluation:review_note": {Role.ADVISORY_MEMBER},
    "evaluation:review_texts": {Role.ADVISORY_MEMBER},
}


def test_a_stranger_sees_only_the_public_pages(world):
    stranger = Walker(None)
    wrong = []
    for name in NAMES:
        response = stranger.ask(path_of(name, world))
        to_sign_in = response.status_code == 302 and response.url.startswith(reverse("accounts:login"))
        if to_sign_in == (name in PUBLIC):
            wrong.append(f"{name}: {response.status_code}")
    assert wrong == []
