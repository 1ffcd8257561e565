"""Who may decide a claim: who decided nothing about the entry before, and belongs to neither side."""

from django.utils.translation import gettext as _

from moderation.models import Case, CaseKind, Claim, Decision
from moderation.registrations import is_party, may_judge
from submissions.models import User


def objection(case: Case, user: User) -> str:
    """Why ``user`` must not decide ``case``, in a sentence; empty where they may."""
    if case.kind != CaseKind.CLAIM or case.claim is None:
        return ""
    if Decision.objects.filter(case__entry=case.entry_id, by=user).exclude(case=case).exists():
        return _("You decided about this entry before. Somebody else decides the claim.")
    if _is_side(user, case.claim):
        return _("You belong to a side of this claim. Somebody else decides it.")
    return ""


def may_suspend(user: User, claim: Claim) -> bool:
    """Whether ``user`` decides about registrations, and stands on no side of the claim."""
    return may_judge(user) and not _is_side(user, claim) and claim.entry.entrant_id != user.pk


def _is_side(user: User, claim: Claim) -> bool:
    owners = (claim.artist, claim.work.artist)
    return claim.by_id == user.pk or any(is_party(user, artist) for artist in owners)
