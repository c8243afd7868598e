"""Keeping, renaming and dropping saved views: a person's own comfort, so no audit entry is written."""

from django.db import IntegrityError, transaction
from django.http import QueryDict

from accounts.models import SavedView, User
from core.exceptions import DomainError
from core.tables import PAGE
from core.text import nfc

MOST_VIEWS = 30
LONGEST_NAME = SavedView._meta.get_field("name").max_length or 0
LONGEST_QUERY = SavedView._meta.get_field("query").max_length or 0


def save_view(*, by: User, page: str, name: str, query: str) -> SavedView:
    """Keep the address of a list under a name; a name used before on this list takes the new address.

    Raises DomainError for no name, one too long, or more views than a menu can hold.
    """
    name = _checked(name)
    kept = tidy(query)
    if len(kept) > LONGEST_QUERY:
        raise DomainError("Cách lọc này quá dài để lưu.")
    own = SavedView.objects.filter(user=by, page=page)
    if own.count() >= MOST_VIEWS and not own.filter(name=name).exists():
        raise DomainError(f"Mỗi danh sách lưu được {MOST_VIEWS} chế độ xem; hãy xóa bớt.")
    return own.update_or_create(user=by, page=page, name=name, defaults={"query": kept})[0]


def rename_view(view: SavedView, *, name: str) -> None:
    """Give another name. Raises DomainError for no name or one that this list already has."""
    view.name = _checked(name)
    try:
        with transaction.atomic():
            view.save(update_fields=["name"])
    except IntegrityError as error:
        raise DomainError(f"Danh sách này đã có chế độ xem tên “{view.name}”.", field="name") from error


def delete_view(view: SavedView) -> None:
    """Drop a saved view; the rows it showed are not touched."""
    view.delete()


def tidy(query: str) -> str:
    """The query without empty parts and without the page number."""
    parts = QueryDict(query, mutable=True)
    parts.pop(PAGE, None)
    for name in [name for name, values in parts.lists() if not any(values)]:
        del parts[name]
    return parts.urlencode()


def _checked(name: str) -> str:
    name = nfc(name.replace("\x00", ""))
    if not name:
        raise DomainError("Hãy đặt tên cho chế độ xem.", field="name")
    if len(name) > LONGEST_NAME:
        raise DomainError(f"Tên dài tối đa {LONGEST_NAME} ký tự.", field="name")
    return name
