"""Signing in by name and password; what people may do comes from roles alone."""

from django.contrib.auth.backends import ModelBackend
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from core.models import Notice


class SignInBackend(ModelBackend):
    """Django's sign-in without its permission tables: asking them would cost two queries a refusal."""

    def get_user(self, user_id):
        """The user of a session, with the count of unread notices that the top bar shows: no query more."""
        own = Notice.objects.unread().filter(user=OuterRef("pk")).order_by().values("user")
        unread = Coalesce(Subquery(own.annotate(count=Count("pk")).values("count")), 0)
        user = User.objects.annotate(unread_notices=unread).filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None

    def has_perm(self, user_obj, perm, obj=None):
        return False

    def get_all_permissions(self, user_obj, obj=None):
        return set()
