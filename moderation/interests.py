"""Conflicts of interest: who should not decide about which entry, and who says so.

``barred`` is asked by permissions, queues and the dealing of cases; ``models.barring`` says the same to the
database. What a side names may be false, and an owner dismisses it, on the record. What a reviewer says of
themselves nobody dismisses.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, Lower

from matching.models import Artist, CoOwner, Work
from moderation.models import (
    NAMED,
    Acquaintance,
    Case,
    Claim,
    Dismissal,
    Interest,
    InterestSource,
    Recognition,
    Sighting,
)
from moderation.registrations import parties
from submissions.models import Entry, Membership, Organization, Role, User

ORGANIZERS = (Role.OWNER, Role.ORGANIZER)
MOST_NAMED = 3
"""So many reviewers may a side name for one entry: naming is for the few one knows, not a way to choose."""


class TooManyNamed(Exception):
    """A side has named as many reviewers as it may."""


class AlreadyRecognised(Exception):
    """The name was borne by somebody, or another owner said whom it means."""


class NotYours(Exception):
    """Nobody dismisses what keeps themselves from an entry."""


# What keeps whom


def barred(user: User, entry: str = "pk") -> Q:
    """Entries in which ``user`` has an interest; ``entry`` is the column that names them.

    Each part is a small set that an index finds, and their union one set: a queue of many thousands is held
    against it once, in its own table alone.
    """
    cleared = Dismissal.objects.filter(reviewer=user).values("entry")
    housemates = _housemates(user)
    parts: tuple[QuerySet[Any, Any], ...] = (
        Entry.objects.filter(entrant=user).values("pk"),
        _said(user).values("entry"),
        _meant_by(user).values("interest__entry"),
        Entry.objects.filter(entrant__in=_known(user)).values("pk"),
        _with_works(_own_works(user)),
        _claimed(Q(by=user)),
        _claimed(Q(artist__in=parties(user))),
        _claimed(Q(work__artist__in=parties(user))),
        Entry.objects.filter(entrant__in=housemates).exclude(pk__in=cleared).values("pk"),
        _claimed(Q(by__in=housemates)).exclude(entry__in=cleared),
        _with_works(_licensed_works(user)).exclude(artwork__entry__in=cleared),
    )
    first, *others = (part.order_by() for part in parts)
    return Q(**{f"{entry}__in": first.union(*others)})


def is_barred(user: User, entry: Entry) -> bool:
    return Entry.objects.filter(barred(user), pk=entry.pk).exists()


def _said(user: User) -> QuerySet[Interest]:
    """What was said of ``user`` and not dismissed since."""
    dismissed = Dismissal.objects.filter(entry=OuterRef("entry"), reviewer=user, at__gte=OuterRef("at"))
    return Interest.objects.filter(~Q(source__in=NAMED) | ~Exists(dismissed), reviewer=user)


def _meant_by(user: User) -> QuerySet[Recognition]:
    """What an owner found to be said of ``user``, and did not dismiss since."""
    dismissed = Dismissal.objects.filter(
        entry=OuterRef("interest__entry"), reviewer=user, at__gte=OuterRef("at")
    )
    return Recognition.objects.filter(~Exists(dismissed), reviewer=user).order_by()


def _known(user: User) -> QuerySet[User, Any]:
    addresses = Acquaintance.objects.filter(reviewer=user).annotate(plain=Lower("address")).values("plain")
    return User.objects.annotate(plain=Lower("email")).filter(plain__in=addresses).values("pk")


def _housemates(user: User) -> QuerySet[Membership, Any]:
    mine = Membership.objects.filter(user=user).values("organization")
    return Membership.objects.filter(organization__in=mine).values("user")


def _own_works(user: User) -> Q:
    return Q(work__artist__owner=user) | Q(
        work__in=CoOwner.objects.filter(artist__in=Artist.objects.filter(owner=user)).values("work")
    )


def _licensed_works(user: User) -> Q:
    slugs = ArraySubquery(Organization.objects.filter(memberships__user=user).values("slug"))
    return Q(
        work__in=Work.objects.filter(
            Q(licensed_organizations__overlap=slugs) | Q(artist__licensed_organizations__overlap=slugs)
        ).values("pk")
    )


def _with_works(of: Q) -> QuerySet[Sighting, Any]:
    return Sighting.objects.filter(of).order_by().values("artwork__entry")


def _claimed(of: Q) -> QuerySet[Claim, Any]:
    """Who claimed an entry is a side of all that is decided about it, also where they found it by hand."""
    return Claim.objects.filter(of).order_by().values("entry")


# Saying so


@transaction.atomic
def name(entry: Entry, named: str, *, source: InterestSource, reason: str, by: User) -> list[Interest]:
    """A side says that somebody should not decide; raises ``TooManyNamed``.

    ``named`` is an address or a name. Whether anybody here bears it, only the owners learn.
    """
    Entry.objects.select_for_update().get(pk=entry.pk)
    if len(own_namings(entry, by)) >= MOST_NAMED:
        raise TooManyNamed(entry.pk)
    meant: Sequence[User | None] = list(_meant(entry, named)) or [None]
    return [
        Interest.objects.create(
            entry=entry, reviewer=reviewer, named=named, source=source, reason=reason, by=by
        )
        for reviewer in meant
    ]


def _meant(entry: Entry, named: str) -> QuerySet[User]:
    """Organizers of the entry's contest who bear the name, or have the address."""
    organizers = User.objects.filter(
        memberships__organization=entry.contest.organization_id, memberships__role__in=ORGANIZERS
    )
    return organizers.filter(Q(email__iexact=named) | Q(display_name__iexact=named)).distinct()


def own_namings(entry: Entry, by: User) -> list[str]:
    """Whom this person has named for the entry, in their words."""
    rows = Interest.objects.filter(entry=entry, by=by, source__in=NAMED).order_by("pk")
    return list(dict.fromkeys(rows.values_list("named", flat=True)))


def declare(entry: Entry, *, source: InterestSource, reason: str, by: User) -> Interest:
    """A reviewer takes themselves off an entry, for good. What was given to them is given to another."""
    with transaction.atomic():
        said = Interest.objects.create(entry=entry, reviewer=by, source=source, reason=reason, by=by)
        Case.objects.open().filter(entry=entry, assigned_to=by).update(assigned_to=None)
    return said


@transaction.atomic
def dismiss(entry: Entry, reviewer: User, *, reason: str, by: User) -> Dismissal:
    """An owner finds that ``reviewer`` may decide after all; raises ``NotYours``."""
    if by == reviewer:
        raise NotYours(entry.pk)
    return Dismissal.objects.create(entry=entry, reviewer=reviewer, reason=reason, by=by)


@transaction.atomic
def recognise(interest: Interest, reviewer: User | None, *, reason: str, by: User) -> Recognition:
    """An owner says whom a side meant by a name that nobody bears, or that it is nobody here.

    Raises ``AlreadyRecognised``. Whom it means does not decide about the entry, and nothing of it stays given
    to them; a false naming is dismissed like others.
    """
    if interest.reviewer_id is not None:
        raise AlreadyRecognised(interest.pk)
    try:
        with transaction.atomic():
            meant = Recognition.objects.create(interest=interest, reviewer=reviewer, reason=reason, by=by)
    except IntegrityError as error:
        raise AlreadyRecognised(interest.pk) from error
    if reviewer is not None:
        Case.objects.open().filter(entry=interest.entry_id, assigned_to=reviewer).update(assigned_to=None)
    return meant


def know(address: str, *, by: User) -> None:
    """A reviewer knows whoever has this address. Twice is once."""
    if not Acquaintance.objects.filter(reviewer=by, address__iexact=address).exists():
        Acquaintance.objects.create(reviewer=by, address=address)


# What owners see


def in_contest(contest_id: int) -> QuerySet[Interest]:
    """What was said of reviewers of a contest, with whether it was dismissed since; the newest first."""
    dismissed = Dismissal.objects.filter(
        entry=OuterRef("entry"), reviewer=OuterRef("about"), at__gte=OuterRef("since")
    )
    rows = Interest.objects.filter(entry__contest=contest_id).annotate(
        about=Coalesce("reviewer", "recognition__reviewer"), since=Coalesce("recognition__at", "at")
    )
    named = rows.select_related("entry", "reviewer", "recognition__reviewer", "recognition__by")
    return named.annotate(is_dismissed=Exists(dismissed)).order_by(F("pk").desc())


class Tie(StrEnum):
    """What keeps a reviewer from an entry."""

    OWN = "own"
    SAID = "said"
    KNOWN = "known"
    WORK = "work"
    CLAIM = "claim"
    HOUSE = "house"
    CLAIMANT = "claimant"
    LICENCE = "licence"


CLEARABLE = (Tie.HOUSE, Tie.CLAIMANT, Tie.LICENCE)
"""What the desk sees by itself and an owner may find harmless."""


def ties(user: User, entry: Entry) -> list[Tie]:
    """Everything that keeps ``user`` from ``entry``, for its owners to read."""
    is_cleared = Dismissal.objects.filter(entry=entry, reviewer=user).exists()
    here = Sighting.objects.filter(artwork__entry=entry)
    claims, mine = Claim.objects.filter(entry=entry), parties(user)
    asked = {
        Tie.OWN: entry.entrant_id == user.pk,
        Tie.SAID: _said(user).filter(entry=entry).exists()
        or _meant_by(user).filter(interest__entry=entry).exists(),
        Tie.KNOWN: _known(user).filter(pk=entry.entrant_id).exists(),
        Tie.WORK: here.filter(_own_works(user)).exists(),
        Tie.CLAIM: claims.filter(Q(by=user) | Q(artist__in=mine) | Q(work__artist__in=mine)).exists(),
        Tie.HOUSE: not is_cleared and _housemates(user).filter(user=entry.entrant_id).exists(),
        Tie.CLAIMANT: not is_cleared and claims.filter(by__in=_housemates(user)).exclude(by=user).exists(),
        Tie.LICENCE: not is_cleared and here.filter(_licensed_works(user)).exists(),
    }
    return [tie for tie, holds in asked.items() if holds]
