"""Filing a claim: who may, on what, until when, and whether the entry is taken down meanwhile."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from matching.models import Artist, CoOwner, QuarantineReason, Work, WorkState
from matching.registry import standing as standing_of
from matching.registry.standing import NOBODYS
from moderation.checks.registry import PERMITTED, party_of, stands
from moderation.claims import trust
from moderation.hanging import resting, standing
from moderation.models import CaseKind, Claim, Decision, Sighting
from moderation.opening import open_case
from moderation.reasons import newest_verdict
from submissions.models import Artwork, Entry, Move, Notice, User
from submissions.states import State
from submissions.transitions import move

log = structlog.get_logger(__name__)

A_DAY = timedelta(days=1)
Region = Sequence[Sequence[float]]


class CannotClaim(Exception):
    """The claim is not taken; the text is one sentence for the person who files it."""


def works_of(person: User, artist: Artist) -> QuerySet[Work]:
    """Works that ``artist`` may name in a claim: their own, and those they own beside another."""
    shared = CoOwner.objects.filter(artist=artist, accepted_at__isnull=False).values("work")
    works = Work.objects.matchable().filter(Q(artist=artist) | Q(pk__in=shared))
    return works if artist.owner_id == person.pk else works.none()


def hung_since(entry: Entry) -> datetime | None:
    """Since when ``entry`` hangs; that a claim took it down for a while starts no clock anew."""
    decided = Decision.objects.filter(case__entry=entry, case__kind=CaseKind.CLAIM)
    of_claims = [f"decision {pk}" for pk in decided.values_list("pk", flat=True)]
    arrivals = Move.objects.filter(entry=entry, new=State.HUNG).exclude(old=State.HUNG)
    arrivals = arrivals.exclude(because__startswith="claim ").exclude(because__in=of_claims)
    return arrivals.order_by("-pk").values_list("at", flat=True).first()


def claim_until(entry: Entry) -> datetime | None:
    """Until when ``entry`` can be claimed; None where it never hung."""
    since = hung_since(entry)
    return since + timedelta(days=entry.contest.policy.rules.clocks.claim) if since else None


def why_not(person: User, entry: Entry, work: Work | None = None) -> str:
    """Why ``person`` cannot claim ``entry`` now, in a sentence; empty where they can."""
    if entry.entrant_id == person.pk:
        return _("It is your own entry.")
    if entry.state != State.HUNG and not Claim.objects.holding(entry).exists():
        return _("Only a work that hangs can be claimed. This one does not hang now.")
    until = claim_until(entry)
    if until is None or newest_verdict(entry) is None:
        return _("The contest has not judged this entry, so there is nothing to claim yet.")
    if timezone.now() > until:
        return _("The time in which an artist may claim this entry is over.")
    if Claim.objects.filter(by=person, entry=entry).open().exists():
        return _("You have an open claim on this entry already.")
    return _why_not_this(work, entry) or _too_much(person)


def _why_not_this(work: Work | None, entry: Entry) -> str:
    if work is None:
        return ""
    if work.state != WorkState.MATCHABLE:
        return _("The work is not registered, or was withdrawn.")
    if {NOBODYS, QuarantineReason.PUBLIC_DOMAIN} & set(standing_of(work).doubts):
        return _("The work may be in the public domain. That doubt must be lifted before it can be claimed.")
    if stands(work, party_of(entry))[0] == PERMITTED:
        return _("Your own terms permit this entry.")
    return ""


def _too_much(person: User) -> str:
    if trust.suspension(person):
        return _("Your right to file claims is suspended. The letter to you says why, and until when.")
    mine = Claim.objects.filter(by=person)
    if mine.open().count() >= settings.CLAIMS_OPEN:
        return _("You have %(number)s open claims; that is the most at the same time.") % {
            "number": settings.CLAIMS_OPEN
        }
    if mine.filter(at__gt=timezone.now() - A_DAY).count() >= settings.CLAIMS_A_DAY:
        return _("You have filed %(number)s claims within a day; that is the most. Come back tomorrow.") % {
            "number": settings.CLAIMS_A_DAY
        }
    return ""


@transaction.atomic
def file_claim(
    work: Work,
    artwork: Artwork,
    *,
    by: User,
    artist: Artist,
    region: Region,
    words: str,
    sighting: Sighting | None = None,
) -> Claim:
    """Say that ``artwork`` uses ``work``, and open a case; raises ``CannotClaim``.

    Where the claimant's record and the work's proof let it, an entry that hangs is taken down until the end.
    """
    User.objects.select_for_update().get(pk=by.pk)  # limits are counted by one at a time
    entry = (
        Entry.objects.select_for_update(of=("self",))
        .select_related("contest", "category")
        .get(pk=artwork.entry_id)
    )
    if not works_of(by, artist).filter(pk=work.pk).exists():
        raise CannotClaim(_("The work is not registered, or was withdrawn."))
    if objection := why_not(by, entry, work):
        raise CannotClaim(objection)
    verdict, stood = newest_verdict(entry), standing(entry) or resting(entry)
    if verdict is None or stood is None:
        raise CannotClaim(_("The contest has not judged this entry, so there is nothing to claim yet."))
    clocks, now = entry.contest.policy.rules.clocks, timezone.now()
    claim = Claim.objects.create(
        entry=entry,
        artwork=artwork,
        work=work,
        artist=artist,
        by=by,
        sighting=sighting,
        region=[[round(x, 4), round(y, 4)] for x, y in region],
        words=words,
        stood=stood,
        holds=standing_of(work).counts and trust.may_hold_another(by),
        answer_until=now + timedelta(days=clocks.answer),
    )
    due_at = now + timedelta(days=clocks.answer + clocks.claim_decision)
    open_case(entry, verdict, kind=CaseKind.CLAIM, claim=claim, due_at=due_at)
    if claim.holds and entry.state == State.HUNG:
        move(entry, State.HELD, because=f"claim {claim.pk}", quietly=True)
    Notice.objects.create(kind="claim_filed", reader=entry.entrant, entry=entry, about=claim.pk)
    log.info("claim filed", claim=claim.pk, entry=entry.pk, holds=claim.holds)
    return claim
