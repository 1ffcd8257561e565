"""Letters about claims: to whom, in which language, with facts, rules, clocks and the way to contest."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMessage
from django.utils import timezone
from pytest_django import Settings

from moderation import decisions
from moderation.claims import answering, ending, trust
from moderation.models import AnswerKind, Claim
from moderation.verdicts import Route
from submissions import notices
from submissions.models import Notice
from tests.factories import make_member, make_user
from tests.moderation.claims.rows import make_claim, make_claimant, make_hung

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def desk(settings: Settings) -> None:
    settings.SITE_URL = "https://desk.example"


def posted() -> list[EmailMessage]:
    mail.outbox.clear()
    notices.post_waiting()
    return mail.outbox


def make_korean() -> Claim:
    """Both sides read Korean, on clocks of their own."""
    entrant = make_user(language="ko", time_zone="Asia/Seoul", display_name="박민아")
    artist = make_claimant(language="ko", time_zone="Asia/Seoul")
    with time_machine.travel("2026-05-01T12:00:00Z"):
        claim = make_claim(make_hung(entrant=entrant, title="항구"), artist)
    Notice.objects.exclude(kind__startswith="claim_").delete()
    return claim


def test_the_entrant_is_told_why_how_to_answer_and_until_when() -> None:
    with time_machine.travel("2026-05-01T12:00:00Z"):
        claim = make_claim(make_hung(title="Harbour", entrant=make_user(time_zone="Asia/Seoul")))
    Notice.objects.exclude(kind__startswith="claim_").delete()

    (letter,) = posted()

    assert letter.to == [claim.entry.entrant.email]
    assert letter.subject == "An artist claims “Harbour”"
    assert "taken down for now" in letter.body
    assert "This is my harbour." in letter.body
    assert "May 8, 2026, 9:00 PM (Asia/Seoul)" in letter.body
    assert "May 18, 2026, 9:00 PM (Asia/Seoul)" in letter.body
    assert "No machine decides it." in letter.body
    assert "ends in your favour" in letter.body
    assert f"https://desk.example/claims/{claim.public_id}/answer/" in letter.body
    assert claim.artist.name in letter.body


def test_a_claim_that_holds_nothing_says_that_the_entry_stays() -> None:
    make_claim(artist=make_claimant(proved=False))
    Notice.objects.exclude(kind__startswith="claim_").delete()

    (letter,) = posted()

    assert "stays where it hangs" in letter.body


def test_the_answer_is_told_without_the_entrants_name() -> None:
    claim = make_claim(make_hung(entrant=make_user(display_name="Zanzibar Park")))
    answering.answer(claim, by=claim.entry.entrant, kind=AnswerKind.QUOTATION, words="A pastiche.")
    Notice.objects.exclude(kind="claim_answered").delete()

    (letter,) = posted()

    assert letter.to == [claim.by.email]
    assert "A pastiche." in letter.body
    assert "Zanzibar" not in letter.body


@pytest.mark.parametrize(
    ("route", "remarks", "artist", "entrant"),
    [
        (Route.REJECT, (), "Your claim was upheld", "no longer accepted"),
        (Route.HUMAN, (), "Your claim was dismissed", "hangs in “Made by people”"),
        (Route.HUMAN, (ending.UNFOUNDED,), "plainly unfounded", "hangs in “Made by people”"),
    ],
)
def test_both_sides_get_the_statement_of_reasons(
    route: Route, remarks: tuple[str, ...], artist: str, entrant: str
) -> None:
    claim = make_claim()
    answering.answer(claim, by=claim.entry.entrant, kind=AnswerKind.OWN_WORK, words="I made it.")
    grounds = ["copy"] if route == Route.REJECT else []
    by = make_member(claim.entry.contest.organization)
    decisions.decide(claim.case, by=by, route=route, reason="I looked.", grounds=grounds, remarks=remarks)
    Notice.objects.exclude(kind__in=["claim_closed", "claim_over"]).delete()

    first, second = posted()

    assert (first.to, second.to) == ([claim.by.email], [claim.entry.entrant.email])
    assert artist in first.body
    assert entrant in second.body
    for letter in (first, second):
        assert "I looked." in letter.body
        assert f"Version 1 of the rules of {claim.entry.contest}." in letter.body
        assert "No machine decided it: a person looked at both pictures and decided." in letter.body
        assert "If you think this is wrong:" in letter.body
        assert ("It repeats a protected work." in letter.body) == (route == Route.REJECT)


def test_every_letter_is_written_in_korean_too() -> None:
    claim = make_korean()
    answering_time = time_machine.travel("2026-05-02T12:00:00Z")
    with answering_time:
        answering.answer(claim, by=claim.entry.entrant, kind=AnswerKind.LICENCE, words="허락을 받았습니다.")
    staff = make_member()
    until = timezone.now() + timedelta(days=400)
    row = trust.suspend(claim, by=staff, reason="이유", until=until)
    trust.lift(row, by=staff, because="오해였습니다.")
    ending.withdraw(claim)

    letters = posted()

    assert len(letters) == 6
    for letter in letters:
        assert letter.body.startswith("안녕하세요") or "님" in letter.body.splitlines()[0]
        english = [word for word in ("claim", "answer", "entry", "until", "work") if word in letter.subject]
        assert english == []
    assert "2026년 5월 8일" in letters[0].body
