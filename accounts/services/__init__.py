"""What happens to accounts."""

from accounts.services.administration import (
    end_role_held,
    give_role,
    lock,
    open_for,
    open_many,
    renew_password,
    unlock,
    update_person,
)
from accounts.services.opening import end_role, hold_role, open_account, random_password, reset_password

__all__ = [
    "end_role",
    "end_role_held",
    "give_role",
    "hold_role",
    "lock",
    "open_account",
    "open_for",
    "open_many",
    "random_password",
    "renew_password",
    "reset_password",
    "unlock",
    "update_person",
]
