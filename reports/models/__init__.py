from reports.models.files import BatchShare, PaperFile
from reports.models.papers import Paper

__all__ = ["BatchShare", "Paper", "PaperFile"]
