"""Whose wish counts, tried on owners nobody thought of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching import terms
from matching.models import OnMatch
from matching.registry import sharing
from matching.terms import FROM_STRICT_TO_MILD, Exempt, Party, Wish, apply
from tests.factories import make_user
from tests.matching.factories import make_artist, make_work

COUNTRIES = ["KR", "JP", "DE"]
wishes = st.builds(
    Wish,
    artist=st.integers(1, 5),
    on_match=st.sampled_from(FROM_STRICT_TO_MILD),
    share_percent=st.none() | st.integers(1, 100),
    territories=st.frozensets(st.sampled_from(COUNTRIES)),
    accounts=st.frozensets(st.sampled_from(["a@example.org", "b@example.org"])),
    organizations=st.frozensets(st.sampled_from(["salon", "school"])),
    owned_by=st.none() | st.integers(1, 3),
)
parties = st.builds(
    Party,
    account=st.integers(1, 6),
    email=st.sampled_from(["a@example.org", "B@Example.org", "c@example.org"]),
    organizations=st.frozensets(st.sampled_from(["salon", "school", "museum"])),
    country=st.sampled_from(["", *COUNTRIES]),
)


@given(st.lists(wishes, min_size=1, max_size=4), wishes, parties)
def test_one_owner_more_is_never_milder_unless_the_entry_is_theirs(
    owners: list[Wish], more: Wish, party: Party
) -> None:
    before, after = apply(owners, party), apply([*owners, more], party)

    def severity(applied: terms.Applied) -> int:
        return FROM_STRICT_TO_MILD.index(applied.on_match) if applied.on_match else len(FROM_STRICT_TO_MILD)

    assert after.exempt == Exempt.OWN or severity(after) <= severity(before)
    assert after.exempt == Exempt.OWN or (after.share_percent or 0) >= (before.share_percent or 0)


@given(st.lists(wishes, min_size=1, max_size=4), parties)
def test_an_owners_own_entry_is_nobodys_business(owners: list[Wish], party: Party) -> None:
    mine = any(wish.owned_by == party.account for wish in owners)

    assert (apply(owners, party).exempt == Exempt.OWN) == mine


@given(st.lists(wishes, min_size=1, max_size=4), parties)
def test_no_wish_applies_only_with_a_reason(owners: list[Wish], party: Party) -> None:
    applied = apply(owners, party)

    assert (applied.on_match == "") == (applied.exempt is not None)


@given(wishes, parties)
def test_a_licence_and_a_border_exempt(wish: Wish, party: Party) -> None:
    applied = apply([wish], party)
    licensed = party.email.lower() in wish.accounts or bool(wish.organizations & set(party.organizations))
    elsewhere = bool(wish.territories and party.country and party.country not in wish.territories)

    if wish.owned_by == party.account:
        assert applied.exempt == Exempt.OWN
    elif licensed:
        assert applied.exempt == Exempt.LICENSED
    elif elsewhere:
        assert applied.exempt == Exempt.ELSEWHERE
    else:
        assert applied.on_match == wish.on_match


@pytest.mark.django_db
def test_a_work_without_terms_of_its_own_follows_the_portfolio_also_later() -> None:
    artist = make_artist(on_match=OnMatch.NOTIFY_ONLY, territories=["KR"])
    follows, own = make_work(artist), make_work(artist, on_match=OnMatch.BLOCK)

    before = [wish.on_match for work in (follows, own) for wish in terms.wishes_of(work)]
    artist.on_match, artist.share_percent = OnMatch.SHARE_REVENUE, 12
    artist.save()
    follows.refresh_from_db()

    assert before == ["notify_only", "block"]
    assert [(wish.on_match, wish.share_percent, wish.territories) for wish in terms.wishes_of(follows)] == [
        ("share_revenue", 12, frozenset({"KR"}))
    ]


@pytest.mark.django_db
def test_a_co_owners_wish_counts_once_they_accept() -> None:
    work = make_work(make_artist(owner=make_user()), on_match=OnMatch.NOTIFY_ONLY)
    other = make_artist(owner=make_user(), on_match=OnMatch.BLOCK)
    assert other.owner is not None
    share = sharing.ask(work, email=other.owner.email.upper())
    stranger = Party(account=-1, email="stranger@example.org")

    asked = apply(terms.wishes_of(work), stranger).on_match
    sharing.accept(share, artist=other)

    assert (asked, apply(terms.wishes_of(work), stranger).on_match) == ("notify_only", "block")
    assert apply(terms.wishes_of(work), Party(account=other.owner.pk)).exempt == Exempt.OWN


@pytest.mark.django_db
def test_one_owner_who_opts_out_of_training_is_enough() -> None:
    open_artist = make_artist(owner=make_user(), no_training=False)
    alone, shared = make_work(open_artist), make_work(open_artist)
    share = sharing.ask(shared, email="other@example.org")
    sharing.accept(share, artist=make_artist())

    assert terms.opted_out([alone.sha256, shared.sha256, "0" * 64]) == {shared.sha256}
