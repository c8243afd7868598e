"""What leadership sees on one page: one plan as of a day, and what stands behind every figure.

The page counts afresh on every visit; it asks the database a fixed number of questions, whatever the
number of products (a test holds the number).
"""

from reports.dashboard.board import Dashboard, dashboard_of
from reports.dashboard.choice import Choice, choose, default_plan, plans_of

__all__ = ["Choice", "Dashboard", "choose", "dashboard_of", "default_plan", "plans_of"]
