"""Does a PDF keep the form of administrative documents (NĐ 30/2020/NĐ-CP, Phụ lục I)?

`check` reads the file as anybody's would be read, whoever made it: letters with place, font and colour, and
ruled lines. The points are numbered as in `reports.checker.points`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from reports.checker import body, ending, head, pages
from reports.checker.boxes import Paper, paper_of
from reports.checker.findings import Finding
from reports.checker.kinds import Kind, kind_of
from reports.checker.reading import UnreadableError, read

__all__ = ["Finding", "Kind", "Report", "check"]


@dataclass(frozen=True)
class Report:
    """What kind of paper was found, and everything wrong with it in the order of points and pages."""

    kind: Kind | None
    findings: tuple[Finding, ...]

    @property
    def passed(self) -> bool:
        return not self.findings


def check(content: bytes, kind: Kind | None = None) -> Report:
    """Check a PDF; `kind` when it cannot be told from the text. A file that cannot be read is a finding."""
    try:
        read_pages = read(content)
    except UnreadableError as problem:
        return Report(kind, (Finding(4, 1, str(problem)),))
    found = kind or kind_of(read_pages)
    paper = paper_of(read_pages)
    findings = sorted(_findings(paper, found), key=lambda finding: (finding.point, finding.page))
    return Report(found, tuple(dict.fromkeys(findings)))


def _findings(paper: Paper, kind: Kind) -> Iterator[Finding]:
    for check_points in (pages.findings, head.findings, body.findings, ending.findings):
        yield from check_points(paper, kind)
