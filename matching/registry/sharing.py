"""Works that several own: asked, accepted, left. An owner's terms count from the moment they accept."""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from matching.models import Artist, CoOwner, Work

MOST = 20


class AlreadyAsked(Exception):
    """The account is asked already, or owns the work."""


def ask(work: Work, *, email: str) -> CoOwner:
    """Name another owner by the address of their account. Raises ``AlreadyAsked``."""
    email = email.strip().lower()
    owner = getattr(work.artist.owner, "email", "") or ""
    if owner.lower() == email or work.co_owners.count() >= MOST:
        raise AlreadyAsked(email)
    try:
        with transaction.atomic():
            return CoOwner.objects.create(work=work, email=email)
    except IntegrityError as error:
        raise AlreadyAsked(email) from error


def asked_of(user: Any) -> QuerySet[CoOwner]:
    """Questions that wait for this account's answer."""
    return CoOwner.objects.filter(email__iexact=user.email, accepted_at=None).select_related("work__artist")


def accept(share: CoOwner, *, artist: Artist) -> bool:
    waiting = CoOwner.objects.filter(pk=share.pk, accepted_at=None)
    return bool(waiting.update(artist=artist, accepted_at=timezone.now()))


def leave(share: CoOwner) -> None:
    """Decline, leave, or be taken off by the artist who registered the work."""
    CoOwner.objects.filter(pk=share.pk).delete()
