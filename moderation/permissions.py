"""Who may do what at the desk, put together from the predicates of ``submissions.permissions``.

Where existence is private, views answer 404 rather than 403; see ``moderation.views.doors``.
"""

from rules.permissions import add_perm
from rules.predicates import Predicate

from submissions.models import Contest
from submissions.permissions import (
    Person,
    is_entrant,
    is_handed_in,
    is_hung,
    is_juror_of,
    is_organizer_of,
    is_owner_of,
    organizes,
)


@Predicate
def runs_contest(user: Person, contest: Contest) -> bool:
    return bool(is_organizer_of(user, contest.organization))


@Predicate
def owns_contest(user: Person, contest: Contest) -> bool:
    return bool(is_owner_of(user, contest.organization))


@Predicate
def sits_on_jury(user: Person, contest: Contest) -> bool:
    return bool(is_juror_of(user, contest.organization))


@Predicate
def is_staff(user: Person) -> bool:
    return user.is_authenticated and user.is_staff


PERMISSIONS = {
    "moderation.organize": is_organizer_of,  # an organization: its contests, its members
    "moderation.manage_members": is_owner_of,
    "moderation.run_contest": runs_contest,
    "moderation.see_jury_room": sits_on_jury | runs_contest,
    # Nobody looks behind the scenes of, or decides about, an entry of their own.
    "moderation.review": is_handed_in & organizes & ~is_entrant,
    "moderation.decide_escalated": owns_contest,  # what a reviewer could not or would not decide
    "moderation.decide": organizes & ~is_entrant,  # one withdrawn meanwhile is told politely, not hidden
    # What a file says of itself may name its maker: those who judge see it, the entrant too, jurors never.
    "moderation.see_credentials": is_entrant | (is_handed_in & organizes),
    "moderation.see_raw_credentials": is_handed_in & organizes & ~is_entrant,
    "moderation.sign_copies": is_hung & (is_entrant | organizes),
    "moderation.see_health": is_staff,
}
for _name, _predicate in PERMISSIONS.items():
    add_perm(_name, _predicate)  # type: ignore[no-untyped-call]
