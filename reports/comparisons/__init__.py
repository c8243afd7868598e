"""Years side by side, and communes side by side: the same figures as on the dashboard.

What is counted stands in `figures`, so that a number and the list behind it come from one condition.
"""
