"""Who may ask for papers and who may read them."""

import rules

from accounts.rules import is_administrator, is_leadership, is_provincial_officer

rules.add_perm("reports.request_paper", is_provincial_officer)
rules.add_perm("reports.view_paper", is_provincial_officer | is_leadership | is_administrator)
rules.add_perm("reports.view_dashboard", is_provincial_officer | is_leadership | is_administrator)
