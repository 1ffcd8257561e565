"""Tokens by which an artist's own program registers works. Shown once, stored as a digest, revocable."""

import hashlib
import secrets
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from matching.models import ApiToken, Artist

PREFIX = "vsr_"  # so that scanners for leaked secrets know it
SHOWN = 8  # letters of it that stay readable
MOST = 20  # tokens in force a portfolio
USE_NOTED_EVERY = timedelta(minutes=5)


class TooMany(Exception):
    """The portfolio has as many tokens as it may."""


def make(artist: Artist, *, name: str) -> tuple[ApiToken, str]:
    """A token and its secret, which nobody can read again. Raises ``TooMany``."""
    if artist.tokens.filter(revoked_at=None).count() >= MOST:
        raise TooMany
    secret = PREFIX + secrets.token_urlsafe(32)
    row = ApiToken.objects.create(artist=artist, name=name, digest=_digest(secret), start=secret[:SHOWN])
    return row, secret


def holder(secret: str) -> ApiToken | None:
    """The token of this secret, if it is in force. Looked up by digest: no comparison tells its letters."""
    row = (
        ApiToken.objects.filter(digest=_digest(secret), revoked_at=None)
        .select_related("artist__owner")
        .first()
    )
    if row is None or (row.artist.owner is not None and not row.artist.owner.is_active):
        return None
    now = timezone.now()
    seldom = Q(last_used_at=None) | Q(last_used_at__lt=now - USE_NOTED_EVERY)
    ApiToken.objects.filter(seldom, pk=row.pk).update(last_used_at=now)
    return row


def revoke(token: ApiToken) -> bool:
    return bool(ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now()))


def _digest(secret: str) -> str:
    """Of 256 random bits, so one round is as good as many."""
    return hashlib.sha256(secret.encode("utf-8", errors="replace")).hexdigest()
