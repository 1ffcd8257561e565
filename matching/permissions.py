"""Who may do what with a portfolio: its artist's owner, and staff. For everybody else it does not exist."""

from typing import Any

from rules.permissions import add_perm
from rules.predicates import Predicate

from matching.models import Artist


@Predicate
def owns(user: Any, artist: Artist) -> bool:
    return bool(user.is_authenticated and artist.owner_id == user.pk)


@Predicate
def is_staff(user: Any) -> bool:
    return bool(user.is_authenticated and user.is_staff)


add_perm("matching.keep_portfolio", owns | is_staff)  # type: ignore[no-untyped-call]
