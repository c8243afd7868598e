"""The frame of every page: navigation by role."""

from accounts.registry import entries_for


def navigation(request):
    """`navigation`: the lines of the signed-in user's roles, the present one marked."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"navigation": []}
    return {"navigation": _lines(request)}


def _lines(request):
    entries = entries_for(request.user)
    active = _active(entries, request.path)
    return [
        {
            "label": entry.label,
            "url": entry.url,
            "icon": entry.icon,
            "active": entry is active,
            "count": entry.count(request.user) if entry.count else None,
        }
        for entry in entries
    ]


def _active(entries, path):
    """The entry that explains most of the present path, if any does."""
    best = max(entries, key=lambda entry: entry.covers(path), default=None)
    return best if best and best.covers(path) else None
