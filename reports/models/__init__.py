from reports.models.letterheads import LetterheadSettings
from reports.models.papers import Paper

__all__ = ["LetterheadSettings", "Paper"]
