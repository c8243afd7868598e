"""Workbooks of what was recognised before this system: read, checked, written, answered.

`columns` names the columns, `reading` opens a workbook safely, `cells` turns cells into values, `registry`
finds what is already known, `checking` says what a row is and would do, `applying` does it, `running` goes
through a whole workbook, `template` and `result` write workbooks, `page` is what the screen shows.
"""
