"""Portfolios by style: kept up to date behind the works that come and go, and asked by entries.

Information only. An artist is told of nothing here, and nothing is held or rejected by it.
"""

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import numpy as np
from django.db import connection, transaction
from django.db.models import Count, Exists, Max, OuterRef, QuerySet
from django.utils import timezone

from matching.encoding import style_identity, style_space
from matching.engine.encoder import Encoded
from matching.engine.style import DIMENSION, SAMPLE, Gallery, Portrait, Vectors, portray
from matching.models import Artist, Change, PortfolioStyle, Quarantine, StyleFollowed, Work, WorkVector

BATCH = 500  # changes followed at once
MOST_WORKS = 2000  # of a portfolio, the newest
MOST_STRANGERS = 8000
RENEWED = timedelta(days=1)  # lifted doubts change a portfolio too
MOST_RENEWED = 20


@dataclass(frozen=True)
class Likeness:
    """A portfolio that a picture resembles in style."""

    artist: Artist
    works: int
    share: float
    """Of unrelated pictures of its kind, how many come less near to any portfolio."""
    strangers: int
    """How many these are."""
    portfolios: int
    """How many were compared."""


@dataclass(frozen=True)
class Compared:
    """What one look at all portfolios found, and which state of them it was."""

    portfolios: int
    nearest: Likeness | None
    version: str


def compare(encoded: Encoded, *, exclude_owner: Any = None) -> Compared:
    """Which portfolio the first of ``encoded`` resembles, if any; those of ``exclude_owner`` are left out.

    Raises ``matching.engine.style.NoStyleSpace`` under an encoder for which none was learnt.
    """
    identity, space = style_identity(), style_space()
    hall = _hall(identity, *_state(identity), _database(), os.getpid())
    own = [
        at for at, owner in enumerate(hall.owners) if exclude_owner is not None and owner == exclude_owner.pk
    ]
    found = hall.gallery.nearest(space(encoded)[0], without=own)
    portfolios = len(hall.artists) - len(own)
    # Withdrawn or given up since: what is no longer kept is no longer told.
    row = found and PortfolioStyle.objects.filter(pk=hall.artists[found.at]).select_related("artist").first()
    likeness = (
        Likeness(row.artist, row.works, found.share, found.strangers, portfolios) if found and row else None
    )
    return Compared(portfolios, likeness, f"{identity}, {hall.version}")


@dataclass(frozen=True)
class _Hall:
    """All portraits as one process holds them."""

    gallery: Gallery
    artists: list[int]
    """Primary keys of the rows, in the gallery's order."""
    owners: list[int | None]
    version: str


def _state(identity: str) -> tuple[int, datetime | None]:
    found = PortfolioStyle.objects.filter(identity=identity).aggregate(count=Count("pk"), newest=Max("at"))
    return found["count"], found["newest"]


def _database() -> str:
    return str(connection.settings_dict["NAME"])


@lru_cache(maxsize=1)
def _hall(identity: str, count: int, newest: datetime | None, _database: str, _process: int) -> _Hall:
    rows = list(PortfolioStyle.objects.filter(identity=identity).select_related("artist").order_by("pk"))
    version = f"{count} portfolios" + (f" of {newest:%Y-%m-%dT%H:%M:%S}" if newest else "")
    works, of = _strangers(rows)
    return _Hall(
        Gallery(style_space(), [_portrait(row) for row in rows], works, of),
        [row.pk for row in rows],
        [row.artist.owner_id for row in rows],
        version,
    )


def _strangers(rows: list[PortfolioStyle]) -> tuple[Vectors, list[int]]:
    """Some works of as many portfolios as are taken, and the place of each one's portfolio."""
    step = -(-len(rows) * SAMPLE // MOST_STRANGERS) or 1
    place = {pk: at for at, row in list(enumerate(rows))[::step] for pk in row.sample}
    found = list(WorkVector.objects.filter(pk__in=place).values_list("pk", "vector"))
    return _as_array([bytes(vector) for _, vector in found]), [place[pk] for pk, _ in found]


def _portrait(row: PortfolioStyle) -> Portrait:
    middle = np.frombuffer(bytes(row.middle), "<f2").astype(np.float32)
    return Portrait(middle, row.works, row.hubness, row.typical, row.spread)


def follow(*, seconds: float = 20) -> int:
    """Work out the portfolios that changed since the last time; how many were. What is left is for next time.

    Several processes may run it: one at a time follows, the others leave at once.
    """
    until, done = time.monotonic() + seconds, 0
    identity = style_identity()
    StyleFollowed.objects.get_or_create(identity=identity)
    while time.monotonic() < until:
        changed = _follow_some(identity)
        if changed is None:
            break
        done += changed
    return done + _renew_old(identity)


@transaction.atomic
def _follow_some(identity: str) -> int | None:
    """How many portfolios a batch of changes moved; None where there is none, or another process has it."""
    followed = StyleFollowed.objects.select_for_update(skip_locked=True).filter(identity=identity).first()
    if followed is None:
        return None
    changes = list(
        Change.objects.filter(pk__gt=followed.seen).order_by("pk").values_list("pk", "work__artist")[:BATCH]
    )
    if not changes:
        return None
    artists = {artist for _, artist in changes}
    for artist in Artist.objects.filter(pk__in=artists):
        work_out(artist)
    followed.seen = changes[-1][0]
    followed.save(update_fields=["seen"])
    return len(artists)


def _renew_old(identity: str) -> int:
    old = PortfolioStyle.objects.filter(identity=identity, at__lt=timezone.now() - RENEWED)
    artists = Artist.objects.filter(pk__in=old.order_by("at").values("artist")[:MOST_RENEWED])
    for artist in artists:
        work_out(artist)
    return len(artists)


@transaction.atomic
def work_out(artist: Artist) -> None:
    """Work out the style of one portfolio; below eight undoubted works there is none."""
    identity, rows = style_identity(), PortfolioStyle.objects.filter(artist=artist, identity=style_identity())
    # Styles that belong to nobody are compared with nothing.
    found = [] if artist.public_domain else list(_of(artist).values_list("pk", "vector")[:MOST_WORKS])
    portrait = portray(_as_array([bytes(vector) for _, vector in found]), style_space())
    if portrait is None:
        rows.delete()
        return
    PortfolioStyle.objects.update_or_create(
        artist=artist,
        identity=identity,
        defaults={
            "works": portrait.works,
            "middle": portrait.middle.astype("<f2").tobytes(),
            "hubness": portrait.hubness,
            "typical": portrait.typical,
            "spread": portrait.spread,
            "sample": [pk for pk, _ in found[:: -(-len(found) // SAMPLE)]],
            "at": timezone.now(),
        },
    )


def _of(artist: Artist) -> "QuerySet[WorkVector]":
    doubted = Quarantine.objects.filter(work=OuterRef("work"), lifted_at=None)
    return _newest().filter(work__artist=artist).exclude(Exists(doubted))


def _newest() -> "QuerySet[WorkVector]":
    return WorkVector.objects.filter(identity=style_identity(), work__in=Work.objects.matchable()).order_by(
        "-pk"
    )


def _as_array(stored: Sequence[bytes]) -> Vectors:
    return np.frombuffer(b"".join(stored), "<f2").reshape(-1, DIMENSION).astype(np.float32)


def lacking(most: int) -> list[Work]:
    """Matchable works without a style vector under this encoder: registered before there was one."""
    identity = style_identity()
    followed = StyleFollowed.objects.filter(identity=identity).first()
    if followed is None or followed.complete:
        return []
    has = WorkVector.objects.filter(work=OuterRef("pk"), identity=identity)
    found = list(Work.objects.matchable().exclude(Exists(has)).order_by("nudged_at")[:most])
    if not found:  # every later work gets its vector with the others
        StyleFollowed.objects.filter(pk=followed.pk).update(complete=True)
    return found
