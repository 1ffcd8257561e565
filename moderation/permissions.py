"""Who may do what at the desk, put together from the predicates of ``submissions.permissions``.

Where existence is private, views answer 404 rather than 403; see ``moderation.views.doors``.
"""

import rules

from submissions.models import Contest
from submissions.permissions import (
    Person,
    is_entrant,
    is_handed_in,
    is_juror_of,
    is_organizer_of,
    is_owner_of,
    organizes,
)


@rules.predicate
def runs_contest(user: Person, contest: Contest) -> bool:
    return bool(is_organizer_of(user, contest.organization))


@rules.predicate
def sits_on_jury(user: Person, contest: Contest) -> bool:
    return bool(is_juror_of(user, contest.organization))


@rules.predicate
def is_staff(user: Person) -> bool:
    return user.is_authenticated and user.is_staff


rules.add_perm("moderation.organize", is_organizer_of)  # an organization: its contests, its dashboard
rules.add_perm("moderation.manage_members", is_owner_of)
rules.add_perm("moderation.run_contest", runs_contest)
rules.add_perm("moderation.see_jury_room", sits_on_jury | runs_contest)
# Nobody looks behind the scenes of, or decides about, an entry of their own.
rules.add_perm("moderation.review", is_handed_in & organizes & ~is_entrant)
rules.add_perm("moderation.see_health", is_staff)
