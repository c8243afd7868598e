"""What a service says when it refuses."""


class DomainError(Exception):
    """A rule of the programme refuses the act.

    `message` is a Vietnamese sentence for the person at the screen saying what to do;
    `field` names the form field it belongs to, when there is one.
    """

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class ConflictError(DomainError):
    """Somebody else changed the same thing meanwhile; nothing was written."""
