"""Workbooks of what was recognised before this system: read, checked, written, answered.

`columns` names the columns, `reading` opens a workbook safely, `cells` turns cells into values, `registry` and
`matching` find what is already known, `checking` says what a row is and would do, `applying` does it, `template`
and `result` write workbooks.
"""
