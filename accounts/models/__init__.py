from accounts.models.saved_views import SavedView
from accounts.models.users import Membership, User

__all__ = ["Membership", "SavedView", "User"]
