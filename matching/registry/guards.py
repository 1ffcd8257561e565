"""What makes a registration doubtful without anybody's word: age, a famous name, a rights statement, copies.

A doubt quarantines the work: a match with it informs and holds nothing, until a person lifts the doubt.
"""

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from django.utils import timezone

from matching.engine.descriptors import HASH_BYTES, hamming
from matching.models import Grade, QuarantineReason, Work
from matching.models.artists import stands_in
from matching.registry.standing import grade_of, quarantine

LONG_DEAD = Path(__file__).resolve().parent.parent / "data" / "long_dead.csv"
YEARS_PROTECTED = 70  # after the artist's death
# Made so long ago that its maker, were they twenty then and grew very old, is dead for as long as that.
OLDEST_PROTECTED = 140
FREE = ("publicdomain/mark/", "publicdomain/zero/", "rightsstatements.org/vocab/noc-")

SAME_PICTURE_BITS, LOWEST_QUALITY = 16, 50
MASS = 5  # so many of the same picture are no portfolio
LOOKED_AT = 20_000  # an artist's works compared by hash


@dataclass(frozen=True)
class LongDead:
    name: str
    also: tuple[str, ...]
    died: int


@cache
def long_dead() -> tuple[LongDead, ...]:
    with LONG_DEAD.open(encoding="utf-8", newline="") as file:
        return tuple(
            LongDead(
                row["name"], tuple(filter(None, row["other names"].split(";"))), int(row["died"].strip())
            )
            for row in csv.DictReader(file)
        )


def guard(work: Work) -> None:
    """Raise the doubts that the work itself gives cause for."""
    if found := public_domain(work):
        quarantine(work, QuarantineReason.PUBLIC_DOMAIN, **found)
    if (copies := copies_by_the_same(work)) >= MASS:
        quarantine(work, QuarantineReason.MASS_DUPLICATE, copies=copies)


def public_domain(work: Work) -> dict[str, object]:
    """Why the work may belong to nobody any more; empty where nothing says so."""
    if any(free in work.rights.casefold() for free in FREE):
        return {"rights": work.rights}
    this_year = timezone.now().year
    years = [int(year) for year in re.findall(r"(?<!\d)\d{4}(?!\d)", work.year)]
    if years and max(years) <= this_year - OLDEST_PROTECTED:
        return {"year": max(years)}
    said = " \n ".join((work.artist.name, work.artist.aliases, work.title, work.source)).casefold()
    for one in long_dead():
        if one.died < this_year - YEARS_PROTECTED and stands_in(said, [one.name, *one.also]):
            # Whom an organization vouches for may pay homage, or share a name.
            return {} if grade_of(work) == Grade.VOUCHED else {"named": one.name, "died": one.died}
    return {}


def copies_by_the_same(work: Work) -> int:
    """How many other works of the artist are the same picture by their hash."""
    if work.pdq is None or (work.pdq_quality or 0) < LOWEST_QUALITY:
        return 0
    others = work.artist.works.matchable().exclude(pk=work.pk).order_by("pk")
    stored = [bytes(pdq or b"") for pdq in others.values_list("pdq", flat=True)[:LOOKED_AT]]
    if not stored:
        return 0
    own = np.frombuffer(bytes(work.pdq), np.uint8).reshape(1, HASH_BYTES)
    bits = hamming(own, np.frombuffer(b"".join(stored), np.uint8).reshape(-1, HASH_BYTES))
    return int((bits <= SAME_PICTURE_BITS).sum())
