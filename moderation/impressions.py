"""What reviewers take an entry for before they see the machine's estimate, and what becomes of it.

While a case waits, the estimate, its reasons and its proposal are kept from each reviewer until they have
said by themselves what they see, so that how much the machine sways them can be counted.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q

from moderation.detector import Band
from moderation.detector.evaluation.figures import Interval, share_interval
from moderation.models import (
    Case,
    CheckResult,
    Decision,
    Ground,
    Guess,
    Impression,
    ReviewSettings,
    known_settings,
)
from moderation.verdicts import Route
from submissions.models import Contest, Entry, User


def say(entry: Entry, guess: Guess, *, by: User) -> Impression:
    """Write down the first impression of ``by``; one said before stays."""
    said, _is_new = Impression.objects.get_or_create(entry=entry, by=by, defaults={"guess": guess})
    return said


def of(entry: Entry, person: User) -> Impression | None:
    return Impression.objects.filter(entry=entry, by=person).first()


def is_veiled(entry: Entry, said: Impression | None, wanted: ReviewSettings) -> bool:
    """Whether who has ``said`` so much is to say a first impression before the estimate is shown."""
    if said is not None or not wanted.impression_first:
        return False
    return Case.objects.open().filter(entry=entry).exists()


def unveiled(person: User) -> Q:
    """Cases whose estimate ``person`` may see: what queues and search say of estimates is said of these."""
    open_to_all = ReviewSettings.objects.filter(impression_first=False).values("contest")
    said = Impression.objects.filter(by=person).values("entry")
    return Q(contest__in=open_to_all) | Q(entry__in=said)


def veiled(cases: Iterable[Case], person: User) -> set[int]:
    """Of ``cases``, the keys of those whose estimate ``person`` must not see yet."""
    asked = [case for case in cases if known_settings(case.contest).impression_first]
    said = set(
        Impression.objects.filter(by=person, entry__in={case.entry_id for case in asked}).values_list(
            "entry", flat=True
        )
    )
    return {case.pk for case in asked if case.entry_id not in said}


# How much people let themselves be swayed

NO_BAND = "none"  # the detector was silent, or is not installed


@dataclass(frozen=True)
class Swayed:
    """Impressions of entries of one band, by those who also decided them."""

    band: str  # empty: all of them
    said: int
    """Who said by hand or by a machine, and then decided which of the two."""
    to_machine: int
    """By hand at first, then decided as AI-made."""
    to_hand: int
    unsure: int
    """Who could not tell at first and then decided."""

    @property
    def changed(self) -> int:
        return self.to_machine + self.to_hand

    @property
    def rate(self) -> Interval:
        """Changed minds by impressions, with Wilson's 95 % interval."""
        return share_interval(self.changed, self.said)


@dataclass(frozen=True)
class Pair:
    guess: Guess
    decided: Guess
    band: str


def swayed(contest: Contest) -> list[Swayed]:
    """All bands together first, then each that occurs, from signs to none."""
    pairs = _pairs(contest)
    bands = [band for band in (*Band, NO_BAND) if any(pair.band == band for pair in pairs)]
    return [_count("", pairs)] + [
        _count(band, [pair for pair in pairs if pair.band == band]) for band in bands
    ]


def _count(band: str, pairs: list[Pair]) -> Swayed:
    counted = Counter((pair.guess, pair.decided) for pair in pairs)
    told = (Guess.HAND, Guess.MACHINE)
    return Swayed(
        band=band,
        said=sum(counted[guess, decided] for guess in told for decided in told),
        to_machine=counted[Guess.HAND, Guess.MACHINE],
        to_hand=counted[Guess.MACHINE, Guess.HAND],
        unsure=sum(counted[Guess.UNSURE, decided] for decided in told),
    )


def _pairs(contest: Contest) -> list[Pair]:
    """Each impression beside what the same person then decided, where the decision says how it was made."""
    impressions = {
        (entry, by): (Guess(guess), at)
        for entry, by, guess, at in Impression.objects.filter(entry__contest=contest).values_list(
            "entry", "by", "guess", "at"
        )
    }
    decisions = Decision.objects.standing().filter(case__contest=contest).order_by("pk")
    rows = list(
        decisions.values_list("case__entry", "by", "at", "route", "grounds", "case__verdict__screening")
    )
    bands = _bands({screening for *_rest, screening in rows})
    pairs = []
    for entry, by, at, route, grounds, screening in rows:
        said = impressions.get((entry, by))
        decided = _decided(route, grounds)
        if said is not None and said[1] <= at and decided is not None:
            pairs.append(Pair(said[0], decided, bands.get(screening, NO_BAND)))
    return pairs


def _decided(route: str, grounds: Iterable[str]) -> Guess | None:
    """A rejected copy may be by hand: only a route, or an untrue statement, says how a work was made."""
    if route == Route.HUMAN:
        return Guess.HAND
    if route in (Route.AI, Route.AI_APART) or Ground.STATEMENT in grounds:
        return Guess.MACHINE
    return None


def _bands(screenings: set[int]) -> Mapping[int, str]:
    """The heaviest band among the pictures of each screening."""
    heavier = {Band.NO_SIGN.value: 0, Band.CANNOT_TELL.value: 1, Band.SIGNS.value: 2}
    results = CheckResult.objects.filter(
        screening__in=screenings, check_name="synthetic", score__isnull=False
    ).exclude(code="synthetic.second_opinion")
    found: dict[int, str] = {}
    for screening, band in results.values_list("screening", "data__band"):
        if band in heavier and heavier[band] >= heavier.get(found.get(screening, ""), -1):
            found[screening] = band
    return found
