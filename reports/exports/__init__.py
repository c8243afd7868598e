"""The figures of the dashboard and of the comparisons as workbooks: typed cells, a sheet a block.

The first sheet says what they are: of whom, as of which day, when exported and by whom.
"""

from reports.exports.comparisons import communes_book, years_book
from reports.exports.dashboard import dashboard_book
from reports.exports.frozen import frozen_book
from reports.exports.sheets import answer

__all__ = ["answer", "communes_book", "dashboard_book", "frozen_book", "years_book"]
