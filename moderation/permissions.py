"""Who may do what at the desk, put together from the predicates of ``submissions.permissions``.

Where existence is private, views answer 404 rather than 403; see ``moderation.views.doors``.
"""

from rules.permissions import add_perm, set_perm
from rules.predicates import Predicate

from moderation import blind, interests
from moderation.panel import awaits_somebody
from submissions.models import Contest, Entry
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
def is_before_a_judge(_user: Person, entry: Entry) -> bool:
    """Nobody has decided about it yet, or something about it is open again."""
    return awaits_somebody(entry)


@Predicate
def is_barred(user: Person, entry: Entry) -> bool:
    """They have an interest in it: their own, or one that a side or the desk sees."""
    return user.is_authenticated and interests.is_barred(user, entry)


@Predicate
def is_veiled(_user: Person, entry: Entry) -> bool:
    """Whoever reviews it is not to know whose it is."""
    return blind.is_veiled(entry)


@Predicate
def is_staff(user: Person) -> bool:
    return user.is_authenticated and user.is_staff


reviews = organizes & ~is_entrant & ~is_barred
sees_whose = is_handed_in & reviews & ~is_veiled

PERMISSIONS = {
    "moderation.organize": is_organizer_of,  # an organization: its contests, its members
    "moderation.manage_members": is_owner_of,
    "moderation.run_contest": runs_contest,
    "moderation.own_contest": owns_contest,  # what is said of its reviewers, and lifting their blindness
    "moderation.see_jury_room": sits_on_jury | runs_contest,
    # Nobody looks behind the scenes of, or decides about, an entry in which they have an interest.
    "moderation.review": is_handed_in & reviews,
    "moderation.decide": reviews,  # one withdrawn meanwhile is told politely, not hidden
    "moderation.decide_escalated": owns_contest,  # what a reviewer could not or would not decide
    # What a file says of itself may name its maker: the entrant sees it, those who do not judge blindly too,
    # jurors never.
    "moderation.see_credentials": is_entrant | sees_whose,
    "moderation.see_raw_credentials": sees_whose,
    "moderation.see_answer_file": is_entrant | sees_whose,  # a licence bears names
    "moderation.sign_copies": is_hung & (is_entrant | sees_whose),
    "moderation.name_interest": is_entrant & is_before_a_judge,
    "moderation.see_health": is_staff,
}
for _name, _predicate in PERMISSIONS.items():
    add_perm(_name, _predicate)  # type: ignore[no-untyped-call]

# What the floor below opens to all who organize, narrowed by what only this floor knows.
NARROWED = {
    "submissions.see_original": is_entrant | sees_whose,
    "submissions.see_process_file": is_entrant | sees_whose,
    "submissions.see_process_preview": is_entrant | (is_handed_in & reviews),
    "submissions.see_reports": is_entrant | sees_whose,
}
for _name, _predicate in NARROWED.items():
    set_perm(_name, _predicate)  # type: ignore[no-untyped-call]
