from reports.models.files import BatchShare, PaperFile
from reports.models.letterheads import LetterheadSettings
from reports.models.outlines import ReportSection
from reports.models.papers import Paper

__all__ = ["BatchShare", "LetterheadSettings", "Paper", "PaperFile", "ReportSection"]
