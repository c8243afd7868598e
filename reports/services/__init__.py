"""What happens to papers: asked for, rendered, reviewed, returned, issued, signed, replaced."""

from reports.services.issuing import (
    ISSUE_JOB,
    issue,
    known_number,
    next_number,
    render_issued,
    review,
    symbol_of,
)
from reports.services.monthly import prepare_monthly
from reports.services.rendering import Draft, collect, draft, reason, render
from reports.services.requests import (
    JOB_KIND,
    check_period,
    replace_paper,
    request_paper,
    request_progress_report,
    request_report,
)
from reports.services.returning import return_draft
from reports.services.signing import attach_signed, sign

__all__ = [
    "ISSUE_JOB",
    "JOB_KIND",
    "Draft",
    "attach_signed",
    "check_period",
    "collect",
    "draft",
    "issue",
    "next_number",
    "prepare_monthly",
    "known_number",
    "reason",
    "render",
    "render_issued",
    "replace_paper",
    "request_paper",
    "request_progress_report",
    "request_report",
    "return_draft",
    "review",
    "sign",
    "symbol_of",
]
