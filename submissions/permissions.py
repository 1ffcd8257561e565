"""Who may do what: small predicates, put together into named permissions.

Views ask ``request.user.has_perm("submissions.see_picture", artwork.entry)``. A role in one
organization says nothing about another's contests.
"""

from django.contrib.auth.models import AnonymousUser
from rules.permissions import add_perm
from rules.predicates import Predicate

from submissions.models import Entry, Membership, Organization, Role, User
from submissions.states import State

Person = User | AnonymousUser


def _has_role(user: Person, organization_id: int, *roles: Role) -> bool:
    if not user.is_authenticated:
        return False
    return Membership.objects.filter(
        user_id=user.pk, organization_id=organization_id, role__in=roles
    ).exists()


@Predicate
def is_owner_of(user: Person, organization: Organization) -> bool:
    return _has_role(user, organization.pk, Role.OWNER)


@Predicate
def is_organizer_of(user: Person, organization: Organization) -> bool:
    """Owners organize as well."""
    return _has_role(user, organization.pk, Role.OWNER, Role.ORGANIZER)


@Predicate
def is_juror_of(user: Person, organization: Organization) -> bool:
    return _has_role(user, organization.pk, Role.JUROR)


@Predicate
def is_entrant(user: Person, entry: Entry) -> bool:
    return user.is_authenticated and entry.entrant_id == user.pk


@Predicate
def is_handed_in(_user: Person, entry: Entry) -> bool:
    """It lies before the contest: no draft any more, and not taken back."""
    return entry.state not in (State.DRAFT, State.WITHDRAWN)


@Predicate
def is_hung(_user: Person, entry: Entry) -> bool:
    return entry.state == State.HUNG


@Predicate
def is_public(_user: Person, entry: Entry) -> bool:
    return entry.state == State.HUNG and entry.contest.published


@Predicate
def organizes(user: Person, entry: Entry) -> bool:
    return _has_role(user, entry.contest.organization_id, Role.OWNER, Role.ORGANIZER)


@Predicate
def judges(user: Person, entry: Entry) -> bool:
    return _has_role(user, entry.contest.organization_id, Role.JUROR)


# Some are narrowed by ``moderation.permissions``, which knows who has an interest and who reviews blindly.
PERMISSIONS = {
    "submissions.see_picture": is_public | is_entrant | (is_handed_in & organizes) | (is_hung & judges),
    "submissions.see_original": is_entrant | (is_handed_in & organizes),
    "submissions.see_process_file": is_entrant | (is_handed_in & organizes),
    "submissions.see_process_preview": is_entrant | (is_handed_in & organizes),
    "submissions.see_reports": is_entrant | (is_handed_in & organizes),
}
for _name, _predicate in PERMISSIONS.items():
    add_perm(_name, _predicate)  # type: ignore[no-untyped-call]
