"""How far laying out has come, page by page: WeasyPrint says it only to its log."""

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from core import jobs
from core.models import Job

_LOGGER = logging.getLogger("weasyprint.progress")
_PAGE = re.compile(r"Page (\d+)")
# A job is told of every so many pages: each telling is one query.
STEP = 5


class _Listener(logging.Handler):
    """Hands the number of the page that is begun to a function; what it raises stops the laying out."""

    def __init__(self, tell: Callable[[int], None]) -> None:
        super().__init__()
        self.tell = tell

    def emit(self, record: logging.LogRecord) -> None:
        found = _PAGE.search(record.getMessage())
        if found:
            self.tell(int(found[1]))


@contextmanager
def telling_pages(tell: Callable[[int], None]) -> Iterator[None]:
    """While the block runs, `tell(page)` is called as each page of a part is begun."""
    listener, level = _Listener(tell), _LOGGER.level
    _LOGGER.addHandler(listener)
    _LOGGER.setLevel(logging.INFO)
    # A line for each page is not for the log of the machine.
    _LOGGER.propagate = False
    try:
        yield
    finally:
        _LOGGER.removeHandler(listener)
        _LOGGER.setLevel(level)
        _LOGGER.propagate = True


class PageTeller:
    """Tells a job where the laying out of a paper of several parts stands, between two shares of the work."""

    def __init__(self, job: Job, parts: int, first: int, last: int) -> None:
        self.job, self.parts, self.first, self.last = job, parts, first, last
        self.done, self.share, self.pages = 0, 0.0, 0

    def page(self, number: int) -> None:
        """A page of what is laid out is begun; raises JobCancelled when the job is no longer ours."""
        if number % STEP == 0:
            page = self.pages + number
            jobs.report(self.job, self._percent, f"Đang dàn trang {self._where}, trang {page}")

    def portion(self, share: float, pages: int) -> None:
        """So much of the present part is laid out, on so many pages; raises JobCancelled as `page` does."""
        self.share, self.pages = share, pages
        jobs.report(self.job, self._percent, f"Đang dàn trang {self._where}, trang {pages}")

    def part(self, done: int, total: int) -> None:
        """A part is laid out: the next annex, or the pages are being written."""
        self.done, self.share, self.pages = done, 0.0, 0
        message = f"Đang dàn trang phụ lục {done}/{total - 1}" if done < total else "Đang ghi tệp PDF"
        jobs.report(self.job, self._percent, message)

    @property
    def _where(self) -> str:
        return "phần chính" if self.done == 0 else f"phụ lục {self.done}/{self.parts - 1}"

    @property
    def _percent(self) -> int:
        return self.first + int((self.last - self.first) * (self.done + self.share)) // self.parts
