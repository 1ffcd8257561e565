"""Who leaves takes their words out of claims: the artist's of the claim, the entrant's of the answer."""

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone
from pytest_django import Settings

from moderation import decisions
from moderation.claims import answering, trust
from moderation.models import AnswerKind, Claim, ClaimSuspension
from moderation.people import erasing, exporting, leaving
from moderation.record import verifying
from moderation.verdicts import Route
from submissions.models import ErasedBy
from submissions.states import State
from submissions.uploads import take_process_file
from tests.factories import make_contest, make_member, make_user
from tests.moderation.claims.rows import end_of, make_claim, make_claimant, make_hung
from tests.moderation.people.test_leaving import WORD, files, places

pytestmark = pytest.mark.django_db(transaction=True)


def answered(claim: Claim) -> None:
    file = take_process_file(SimpleUploadedFile(f"{WORD}.pdf", b"%PDF-1.7 signed"))
    answering.answer(claim, by=claim.entry.entrant, kind=AnswerKind.LICENCE, words=f"By {WORD}.", file=file)


def test_an_artist_who_leaves_takes_back_their_claims_and_their_words() -> None:
    artist, contest = make_claimant(email=f"{WORD}@example.org"), make_contest()
    ended = make_claim(make_hung(contest=contest), artist, words=f"I, {WORD}")
    by = make_member(contest.organization)
    decisions.decide(ended.case, by=by, route=Route.HUMAN, reason="Not the same.")
    until = timezone.now() + timedelta(days=9)
    row = trust.suspend(ended, by=make_user(), reason=f"{WORD} files too much.", until=until)
    trust.lift(row, by=make_user(), because=f"{WORD} was right.")
    waiting = make_claim(make_hung(contest=contest), artist, words=f"I again, {WORD}")
    told = json.dumps(exporting.about(ended.by), cls=DjangoJSONEncoder)

    leaving.erase_person(ended.by, by=ErasedBy.ENTRANT)
    leaving.erase_person(ended.by, by=ErasedBy.ENTRANT)

    assert f"I again, {WORD}" in told
    assert f"{WORD} files too much." in told
    assert list(places()) == []
    assert (end_of(waiting).outcome, waiting.entry.state) == ("withdrawn", State.HELD)
    waiting.entry.refresh_from_db()
    assert waiting.entry.state == State.HUNG
    assert ClaimSuspension.objects.get().reason == "–"
    assert verifying.walk(contest).broken is None


def test_an_erased_entry_takes_what_both_sides_said_and_the_answers_file(settings: Settings) -> None:
    claim = make_claim(words=f"It is mine, {WORD}")
    answered(claim)
    stored = [path for path in files(settings, claim.entry) if "answers" in path.parts]
    exported = [name for name, _file in exporting._files(claim.entry.entrant)]

    erasing.withdraw_and_erase(claim.entry, by=ErasedBy.ENTRANT)

    assert len(stored) == 1
    assert any(name.endswith(f"{WORD}.pdf") for name in exported)
    assert list(places()) == []
    assert files(settings, claim.entry) == []
    assert end_of(claim).outcome == "moot"
    assert verifying.walk(claim.entry.contest).broken is None
