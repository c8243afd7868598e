"""Who may open a page: wrong role 403, foreign area 404. State is the service's business."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.shortcuts import get_object_or_404


class AllowedMixin:
    """A view for holders of `permission`; objects come from `visible_to` of their model."""

    permission: str
    request: Any

    def dispatch(self, request, *args, **kwargs):
        if not request.user.has_perm(self.permission):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]

    def fetch(self, queryset: QuerySet, **lookup) -> Model:
        """The object in the user's area (else 404) on which the user holds the permission (else 403)."""
        obj = get_object_or_404(queryset.visible_to(self.request.user), **lookup)
        if not self.request.user.has_perm(self.permission, obj):
            raise PermissionDenied
        return obj
