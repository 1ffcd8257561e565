"""Who may do what: small predicates, put together into named permissions.

Views ask ``request.user.has_perm("submissions.see_picture", artwork.entry)``. Nobody's role in one organization
says anything about another's contests.
"""

import rules
from django.contrib.auth.models import AnonymousUser

from submissions.models import Entry, Membership, Organization, Role, User
from submissions.states import State

Person = User | AnonymousUser


def _has_role(user: Person, organization_id: int, *roles: Role) -> bool:
    if not user.is_authenticated:
        return False
    return Membership.objects.filter(user_id=user.pk, organization_id=organization_id, role__in=roles).exists()


@rules.predicate
def is_owner_of(user: Person, organization: Organization) -> bool:
    return _has_role(user, organization.pk, Role.OWNER)


@rules.predicate
def is_organizer_of(user: Person, organization: Organization) -> bool:
    """Owners organize as well."""
    return _has_role(user, organization.pk, Role.OWNER, Role.ORGANIZER)


@rules.predicate
def is_juror_of(user: Person, organization: Organization) -> bool:
    return _has_role(user, organization.pk, Role.JUROR)


@rules.predicate
def is_entrant(user: Person, entry: Entry) -> bool:
    return user.is_authenticated and entry.entrant_id == user.pk


@rules.predicate
def is_draft(_user: Person, entry: Entry) -> bool:
    return entry.state == State.DRAFT


@rules.predicate
def is_handed_in(_user: Person, entry: Entry) -> bool:
    """It lies before the contest: no draft any more, and not taken back."""
    return entry.state not in (State.DRAFT, State.WITHDRAWN)


@rules.predicate
def is_hung(_user: Person, entry: Entry) -> bool:
    return entry.state == State.HUNG


@rules.predicate
def is_public(_user: Person, entry: Entry) -> bool:
    return entry.state == State.HUNG and entry.contest.published


@rules.predicate
def organizes(user: Person, entry: Entry) -> bool:
    return _has_role(user, entry.contest.organization_id, Role.OWNER, Role.ORGANIZER)


@rules.predicate
def judges(user: Person, entry: Entry) -> bool:
    return _has_role(user, entry.contest.organization_id, Role.JUROR)


rules.add_perm("submissions.follow_entry", is_entrant)
rules.add_perm("submissions.edit_entry", is_entrant & is_draft)
rules.add_perm("submissions.withdraw_entry", is_entrant)
rules.add_perm(
    "submissions.see_picture", is_public | is_entrant | (is_handed_in & organizes) | (is_hung & judges)
)
rules.add_perm("submissions.see_original", is_entrant | (is_handed_in & organizes))
rules.add_perm("submissions.see_process_file", is_entrant | (is_handed_in & organizes))
