from accounts.models.users import Membership, User

__all__ = ["Membership", "User"]
