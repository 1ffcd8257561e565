"""Whose wish counts when an entry repeats a work. Pure, but for the rows it reads the terms from.

Each owner speaks for themselves: with their terms for this work, or those of their portfolio. An owner's wish
does not apply to whom they gave a licence, or outside the countries they named. Of the wishes that apply, the
most restrictive wins. An owner's own entry is nobody's business.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from matching.models import Artist, OnMatch, Terms, Work

FROM_STRICT_TO_MILD = tuple(OnMatch.values)


class Exempt(StrEnum):
    """Why no owner's wish applies."""

    OWN = "own"
    LICENSED = "licensed"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True)
class Wish:
    """What one owner asks. Empty ``territories`` is everywhere."""

    artist: int
    on_match: str
    share_percent: int | None = None
    territories: frozenset[str] = frozenset()
    accounts: frozenset[str] = frozenset()
    organizations: frozenset[str] = frozenset()
    owned_by: int | None = None  # the account behind the artist


@dataclass(frozen=True)
class Party:
    """Who entered, and where. An empty country is everywhere: online, or not said."""

    account: int | None = None
    email: str = ""
    organizations: Collection[str] = ()
    country: str = ""


@dataclass(frozen=True)
class Applied:
    """What follows from all owners' wishes for one party; ``on_match`` is empty where none applies."""

    on_match: str
    share_percent: int | None = None
    sharers: tuple[int, ...] = ()  # artists who ask for a share, whichever wish wins
    exempt: Exempt | None = None

    def as_json(self) -> dict[str, Any]:
        told: dict[str, Any] = {"on_match": self.on_match or OnMatch.NOTIFY_ONLY.value}
        if self.share_percent:
            told |= {"share_percent": self.share_percent, "sharers": list(self.sharers)}
        if self.exempt:
            told["exempt"] = str(self.exempt)
        return told


def wishes_of(work: Work) -> list[Wish]:
    """One of each owner: the artist who registered it, and all who accepted to own it beside them."""
    return list(_wishes(work))


def _wishes(work: Work) -> Iterator[Wish]:
    yield _wish(work.artist, work)
    for share in work.co_owners.filter(accepted_at__isnull=False).select_related("artist"):
        if share.artist is not None:
            yield _wish(share.artist, share)


def terms_of(work: Work) -> Artist | Work:
    """Where the registering artist's terms for the work stand: on it, or on the portfolio."""
    return work if work.on_match else work.artist


def _wish(artist: Artist, own: "Any") -> Wish:
    terms: Any = own if own.on_match else artist
    return Wish(
        artist=artist.pk,
        on_match=terms.on_match,
        share_percent=terms.share_percent if terms.on_match == OnMatch.SHARE_REVENUE else None,
        territories=frozenset(terms.territories),
        accounts=frozenset(email.casefold() for email in terms.licensed_accounts),
        organizations=frozenset(terms.licensed_organizations),
        owned_by=artist.owner_id,
    )


def apply(wishes: Iterable[Wish], party: Party) -> Applied:
    """What an entry of ``party`` that repeats the work has to expect."""
    wishes = list(wishes)
    if party.account is not None and any(wish.owned_by == party.account for wish in wishes):
        return Applied("", exempt=Exempt.OWN)
    reasons = [(wish, _exemption(wish, party)) for wish in wishes]
    asking = [wish for wish, exempt in reasons if exempt is None]
    if not asking:
        licensed = any(exempt == Exempt.LICENSED for _wish, exempt in reasons)
        return Applied("", exempt=Exempt.LICENSED if licensed else Exempt.ELSEWHERE)
    strictest = min((wish.on_match for wish in asking), key=FROM_STRICT_TO_MILD.index)
    shares = [wish for wish in asking if wish.share_percent]
    percent = max((wish.share_percent or 0 for wish in shares), default=0) or None
    return Applied(strictest, percent, tuple(sorted(wish.artist for wish in shares)))


def _exemption(wish: Wish, party: Party) -> Exempt | None:
    if party.email.casefold() in wish.accounts or wish.organizations & set(party.organizations):
        return Exempt.LICENSED
    if wish.territories and party.country and party.country not in wish.territories:
        return Exempt.ELSEWHERE
    return None


def opted_out(hashes: Collection[str]) -> set[str]:
    """Those of the files, by SHA-256, that an owner does not want models to be trained on."""
    works = Work.objects.kept().filter(sha256__in=list(hashes)).select_related("artist")
    return {work.sha256 for work in works.prefetch_related("co_owners__artist") if _is_opted_out(work)}


def _is_opted_out(work: Work) -> bool:
    """One owner who says no is enough."""
    owners: list[Terms] = [terms_of(work)]
    for share in work.co_owners.all():
        if share.artist is not None:
            owners.append(share if share.on_match else share.artist)
    return any(terms.no_training for terms in owners)
