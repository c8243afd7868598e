"""Predicates every app's permissions are made of."""

import rules

from accounts.enums import Role


def holds(*roles: str) -> rules.Predicate:
    """True for a signed-in user who holds one of the roles today."""

    @rules.predicate(name=f"holds:{'|'.join(roles)}")
    def predicate(user):
        return bool(user and user.is_authenticated and user.has_role(*roles))

    return predicate


is_entity = holds(Role.ENTITY)
is_commune_officer = holds(Role.COMMUNE_OFFICER)
is_provincial_officer = holds(Role.PROVINCIAL_OFFICER)
is_advisory_member = holds(Role.ADVISORY_MEMBER)
is_council_member = holds(Role.COUNCIL_MEMBER)
is_leadership = holds(Role.LEADERSHIP)
is_administrator = holds(Role.ADMINISTRATOR)
is_anybody_with_a_role = holds(*Role.values)

# Accounts of the province: opened, given roles, locked. The area is asked by queries and services.
rules.add_perm("accounts.manage_accounts", is_administrator)
