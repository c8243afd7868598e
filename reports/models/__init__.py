from reports.models.papers import Paper

__all__ = ["Paper"]
