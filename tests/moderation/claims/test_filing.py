"""Who may file a claim, on what, until when, and what it takes down."""

from datetime import timedelta

import pytest
import time_machine
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone
from pytest_django import Settings

from matching.models import CoOwner, QuarantineReason, Work
from matching.registry.standing import quarantine
from moderation.claims import ending, filing
from moderation.claims.filing import CannotClaim
from moderation.models import Case, CaseKind, Claim
from submissions import reasons
from submissions.models import CategoryKind, Entry, Notice
from submissions.states import State
from tests.factories import make_entry
from tests.moderation.claims.rows import (
    REGION,
    make_claim,
    make_claimable_work,
    make_claimant,
    make_hung,
    owner_of,
)
from tests.moderation.rows import make_case

pytestmark = pytest.mark.django_db


def test_a_claim_takes_the_entry_down_and_opens_a_case_with_both_clocks() -> None:
    with time_machine.travel("2026-05-01T12:00:00Z", tick=False):
        claim = make_claim(make_hung())
        now = timezone.now()

    case = claim.case
    assert (claim.holds, claim.stood, claim.region) == (True, "human", REGION)
    assert claim.entry.state == State.HELD
    assert (case.kind, case.entry, case.closed_at) == (CaseKind.CLAIM, claim.entry, None)
    assert claim.answer_until - now == timedelta(days=7)
    assert case.due_at - now == timedelta(days=17)
    letter = Notice.objects.get(kind="claim_filed")
    assert (letter.reader, letter.about) == (claim.entry.entrant, claim.pk)
    assert claim.entry.moves.values_list("because", flat=True).last() == f"claim {claim.pk}"


def test_the_entrant_of_what_a_claim_took_down_reads_that_it_was_a_claim() -> None:
    held, loose = make_claim(make_hung()), make_claim(make_hung(), make_claimant(proved=False))
    said = "An artist says that it uses their work, so it does not hang until that is decided."
    told = [reasons.of(claim.entry, claim.entry.entrant)[0] == said for claim in (held, loose)]

    ending.withdraw(held)
    held.entry.refresh_from_db()

    assert told == [True, False]
    assert said not in reasons.of(held.entry, held.entry.entrant)


def test_a_work_that_nothing_proves_is_claimed_and_holds_nothing() -> None:
    claim = make_claim(make_hung(), make_claimant(proved=False))

    assert (claim.holds, claim.entry.state) == (False, State.HUNG)
    assert Case.objects.open().get().claim == claim


def refusal(entry: Entry, work: Work) -> str:
    artist = work.artist
    with pytest.raises(CannotClaim) as refused:
        filing.file_claim(
            work, entry.artworks.get(), by=owner_of(artist), artist=artist, region=REGION, words="Mine."
        )
    assert not Claim.objects.filter(entry=entry, by=owner_of(artist)).open().exists() or "already" in str(
        refused.value
    )
    return str(refused.value)


def test_what_does_not_hang_is_not_claimed() -> None:
    work = make_claimable_work(make_claimant())

    assert "does not hang" in refusal(make_case().entry, work)
    assert "not judged" in refusal(make_entry(state=State.HUNG), work)


def test_nobody_claims_their_own_entry_or_anothers_work() -> None:
    artist, entry = make_claimant(), make_hung()
    own = make_hung(entrant=owner_of(artist))
    foreign = make_claimable_work(make_claimant())

    assert "own entry" in refusal(own, make_claimable_work(artist))
    with pytest.raises(CannotClaim, match="not registered"):
        filing.file_claim(
            foreign, entry.artworks.get(), by=owner_of(artist), artist=artist, region=REGION, words="Mine."
        )
    assert entry.claims.count() == 0


def test_a_co_owner_claims_a_shared_work() -> None:
    artist, entry = make_claimant(), make_hung()
    shared = make_claimable_work(make_claimant())
    CoOwner.objects.create(
        work=shared, email=owner_of(artist).email, artist=artist, accepted_at=timezone.now()
    )

    claim = filing.file_claim(
        shared, entry.artworks.get(), by=owner_of(artist), artist=artist, region=REGION, words="Ours."
    )

    assert claim.work == shared


def test_the_clock_runs_from_the_day_it_was_hung_and_a_claim_starts_none_anew() -> None:
    began = timezone.now()
    entry = make_hung()
    with time_machine.travel(began + timedelta(days=29)):
        ending.withdraw(make_claim(entry))
        entry.refresh_from_db()
        assert entry.state == State.HUNG
    with time_machine.travel(began + timedelta(days=31)):
        said = refusal(entry, make_claimable_work(make_claimant()))

    assert "time" in said
    assert "over" in said


def test_terms_and_doubts_keep_a_work_from_being_claimed() -> None:
    entry = make_hung()
    permitted = make_claimant()
    permitted.licensed_accounts = [entry.entrant.email]
    permitted.save()
    doubtful = make_claimable_work(make_claimant())
    quarantine(doubtful, QuarantineReason.PUBLIC_DOMAIN, year=1850)

    assert "permit" in refusal(entry, make_claimable_work(permitted))
    assert "public domain" in refusal(entry, doubtful)


def test_one_open_claim_an_artist_and_entry_but_several_artists() -> None:
    entry = make_hung()
    first, second = make_claim(entry), make_claim(entry)

    assert "already" in refusal(entry, first.work)
    assert (second.holds, second.stood) == (True, "human")
    assert Case.objects.open().filter(entry=entry, kind=CaseKind.CLAIM).count() == 2
    assert entry.moves.filter(new=State.HELD).count() == 1


def test_an_entry_that_stands_apart_goes_back_apart() -> None:
    entry = make_hung()
    ai = entry.contest.categories.get(kind=CategoryKind.AI)
    Entry.objects.filter(pk=entry.pk).update(category=ai, shown_apart=True)
    entry.refresh_from_db()
    claim = make_claim(entry)

    ending.withdraw(claim)

    entry.refresh_from_db()
    assert (entry.state, entry.category, entry.shown_apart) == (State.HUNG, ai, True)


def test_limits_at_once_and_a_day(settings: Settings) -> None:
    settings.CLAIMS_OPEN, settings.CLAIMS_A_DAY = 2, 3
    artist = make_claimant()
    claims = [make_claim(make_hung(), artist) for _ in range(2)]

    assert "open claims" in refusal(make_hung(), claims[0].work)
    for claim in claims:
        ending.withdraw(claim)
    make_claim(make_hung(), artist)
    assert "within a day" in refusal(make_hung(), claims[0].work)


def test_the_words_of_a_claim_are_never_edited() -> None:
    claim = make_claim()

    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(words="Another story.")
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("delete from moderation_claim where id = %s", [claim.pk])

    claim.refresh_from_db()
    assert claim.words == "This is my harbour."
