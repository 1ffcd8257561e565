"""What may be appealed, by whom, until when; and taking an appeal back."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from moderation.appeals import ending, filing, judgements, ladder
from moderation.appeals.judgements import Bar
from moderation.models import Appeal, AppealOutcome, Case, CaseKind, Decision
from moderation.verdicts import Route
from submissions import intake, notices
from submissions.models import Entry, Notice, ProcessFile, ProcessRole, User
from submissions.rules import PRESETS, AILevel
from submissions.states import State
from submissions.transitions import move
from submissions.uploads import Refused
from tests.factories import make_contest, make_entry, make_member, make_user
from tests.moderation.appeals.rows import (
    WORDS,
    answered,
    apart,
    appealed,
    decided,
    evidence,
    later,
    letters,
    rejected,
)
from tests.moderation.rows import CONTRADICTION, NO_CREDENTIALS, make_judged

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def bar(entry: Entry) -> Bar | None:
    judgement = judgements.in_force(Entry.objects.get(pk=entry.pk))
    assert judgement is not None
    return judgement.bar


@pytest.mark.parametrize(
    ("stood", "level", "has_ai", "asks"),
    [
        (Route.REJECT, AILevel.NONE, True, (Route.HUMAN, Route.AI, Route.AI_APART)),
        (Route.REJECT, AILevel.GENERATED, True, (Route.AI, Route.AI_APART)),
        (Route.REJECT, AILevel.GENERATED, False, (Route.HUMAN,)),
        (Route.AI_APART, AILevel.GENERATED, True, (Route.AI,)),
        (Route.AI_APART, AILevel.NONE, True, (Route.HUMAN, Route.AI)),
        (Route.AI, AILevel.NONE, True, (Route.HUMAN,)),
        (Route.AI, AILevel.GENERATED, True, ()),
        (Route.HUMAN, AILevel.GENERATED, True, (Route.AI,)),
        (Route.HUMAN, AILevel.NONE, True, ()),
    ],
)
def test_what_may_be_asked_for(stood: Route, level: AILevel, has_ai: bool, asks: tuple[Route, ...]) -> None:
    assert ladder.asks(stood, level, has_ai_category=has_ai) == asks


def test_a_persons_rejection_is_appealed_and_nothing_moves() -> None:
    entry = rejected()
    moves = entry.moves.count()

    appeal = appealed(entry, files=[evidence()])

    case = Case.objects.open().get(entry=entry)
    assert (case, case.kind, case.due_at) == (appeal.case, CaseKind.APPEAL, appeal.decide_by)
    assert appeal.decide_by - appeal.at == timedelta(days=10)
    first = Decision.objects.get(case__entry=entry)
    assert (appeal.stood, appeal.asks, appeal.decision) == ("reject", "human", first)
    entry.refresh_from_db()
    assert (entry.state, entry.moves.count()) == (State.REJECTED, moves)
    assert letters(entry, "appeal_filed") == 1


def test_what_the_rules_did_by_themselves_is_appealed_too() -> None:
    appeal = appealed(apart(), asks=Route.AI)

    assert (appeal.stood, appeal.decision) == ("ai_apart", None)


def test_a_rejection_without_an_ai_category_asks_for_the_human_one() -> None:
    contest = make_contest(rules=PRESETS["human_only"])
    entry = make_judged(NO_CREDENTIALS, contest=contest, level=AILevel.GENERATED, tools=[{}])

    judgement = judgements.in_force(entry)

    assert judgement is not None
    assert (judgement.stood, judgement.asks) == (Route.REJECT, (Route.HUMAN,))


def test_what_hangs_as_stated_and_what_waits_is_not_appealed() -> None:
    hung = make_judged(NO_CREDENTIALS)
    held = make_judged(CONTRADICTION)

    assert bar(hung) == Bar.AS_STATED
    assert judgements.in_force(held) is None
    assert judgements.in_force(make_entry(state=State.DRAFT)) is None
    for entry in (hung, held):
        with pytest.raises(filing.NotAppealable):
            appealed(entry)


def test_the_clock_runs_from_the_letter() -> None:
    entry = rejected()
    letter = Notice.objects.get(entry=entry, kind="rejected")
    sent = timezone.now() - timedelta(days=29)
    Notice.objects.filter(pk=letter.pk).update(sent_at=sent)

    open_ = judgements.in_force(entry)
    assert open_ is not None
    assert (open_.bar, open_.until) == (None, sent + timedelta(days=30))
    with later(1.01):
        assert bar(entry) == Bar.OVER
        with pytest.raises(filing.NotAppealable):
            appealed(entry)


def test_before_the_letter_leaves_nothing_is_appealed_and_no_clock_runs() -> None:
    entry = rejected()
    letters_ = Notice.objects.filter(entry=entry, kind="rejected")
    letters_.update(sent_at=None, claimed_at=None, not_before=timezone.now() + timedelta(minutes=10))
    assert bar(entry) == Bar.NOT_YET

    letters_.update(not_before=timezone.now() - timedelta(days=90))
    assert bar(entry) is None  # the mail server is away: the entrant was not reached

    letters_.update(failures=8)
    assert bar(entry) == Bar.OVER  # given up; the page has told it for long enough


def test_one_judgement_is_appealed_once() -> None:
    appeal = appealed()
    assert bar(appeal.entry) == Bar.OPEN

    filing.withdraw(appeal, by=appeal.entry.entrant)

    assert bar(appeal.entry) == Bar.USED
    with pytest.raises(filing.NotAppealable):
        appealed(appeal.entry)


@pytest.mark.parametrize(
    ("entry", "asks", "constraint"),
    [(rejected, Route.HUMAN, "decision_id_key"), (apart, Route.AI, "a_verdict_is_appealed_once")],
)
def test_the_database_keeps_one_appeal_a_judgement(
    entry: Callable[[], Entry], asks: Route, constraint: str
) -> None:
    appeal = appealed(entry(), asks=asks)
    contest, now = appeal.entry.contest, timezone.now()
    other = Case.objects.create(
        entry=appeal.entry, contest=contest, verdict=appeal.verdict, due_at=now, closed_at=now
    )
    appeal.pk, appeal.case, appeal._state.adding = None, other, True

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        appeal.save()


def test_what_ended_an_appeal_is_final() -> None:
    appeal = appealed()
    answered(appeal, Route.AI)

    assert bar(appeal.entry) == Bar.FINAL


def test_only_what_may_be_asked_is_filed_and_only_by_the_entrant() -> None:
    entry = apart()

    with pytest.raises(filing.NotAppealable):
        appealed(entry, asks=Route.HUMAN)
    with pytest.raises(PermissionError):
        filing.file(entry, by=make_user(), asks=Route.AI, words=WORDS)


def test_files_are_kept_once_and_named_by_their_hash(settings: Settings) -> None:
    entry = rejected()
    settings.UPLOAD_MAX_FILES = 2

    with pytest.raises(Refused), transaction.atomic():
        appealed(entry, files=[evidence(bytes([number])) for number in range(3)])
    appeal = appealed(entry, files=[evidence(), evidence(), evidence(b"other", "sketch.kra")])

    kept = ProcessFile.objects.filter(entry=entry, role=ProcessRole.APPEAL)
    assert sorted(kept.values_list("original_name", flat=True)) == ["layers.psd", "sketch.kra"]
    assert sorted(appeal.evidence) == sorted(kept.values_list("sha256", flat=True))
    assert all(file.preview.finished_at is None for file in kept)  # a worker reads them, nobody here


def test_taking_it_back_closes_its_case() -> None:
    appeal = appealed()

    filing.withdraw(appeal, by=appeal.entry.entrant)

    assert not Case.objects.open().filter(entry=appeal.entry).exists()
    appeal.refresh_from_db()
    assert appeal.end.outcome == AppealOutcome.WITHDRAWN
    with pytest.raises(ending.AlreadyEnded):
        filing.withdraw(appeal, by=appeal.entry.entrant)
    with pytest.raises(PermissionError):
        filing.withdraw(appealed(), by=make_user())


@pytest.mark.parametrize(
    ("language", "told"),
    [("en", "You took your appeal back."), ("ko", "이의 제기를 거두셨습니다.")],
)
def test_taking_it_back_is_confirmed_by_one_letter(language: str, told: str) -> None:
    entrant = make_user(language=language)
    appeal = appealed(rejected(entry=make_entry(entrant=entrant, seen=True)))
    notices.post_waiting()
    mail.outbox.clear()

    filing.withdraw(appeal, by=entrant)
    notices.post_waiting()

    (letter,) = mail.outbox
    assert letter.to == [entrant.email]
    assert told in letter.body


def test_taking_the_entry_back_is_told_once_and_not_as_an_appeals_end() -> None:
    appeal = appealed(apart(), asks=Route.AI)

    intake.withdraw(appeal.entry, by=appeal.entry.entrant)

    assert letters(appeal.entry, "appeal_ended") == 0
    assert letters(appeal.entry, "withdrawn") == 1


def test_the_closed_case_says_that_the_appeal_was_taken_back(as_person: SignIn) -> None:
    appeal = appealed()
    client = as_person(make_member(appeal.entry.contest.organization))

    filing.withdraw(appeal, by=appeal.entry.entrant)
    page = client.get(f"/organize/case/{appeal.case_id}/").content.decode()

    assert "The appeal ended without a decision: Withdrawn by the entrant." in page


def test_withdrawing_the_entry_ends_its_appeal() -> None:
    appeal = appealed(apart(), asks=Route.AI)

    move(appeal.entry, State.WITHDRAWN, because="withdrawn by the entrant")

    appeal.refresh_from_db()
    assert appeal.end.outcome == AppealOutcome.WITHDRAWN
    assert not Case.objects.open().exists()


def test_the_page_files_an_appeal(as_person: SignIn) -> None:
    entry = rejected()
    client = as_person(entry.entrant)
    file = SimpleUploadedFile("layers.psd", b"8BPS")

    form = client.get(f"/entries/{entry.public_id}/appeal/")
    empty = client.post(f"/entries/{entry.public_id}/appeal/", {"asks": "human", "words": " "})
    nothing = Appeal.objects.count()
    sent = {"asks": "human", "words": WORDS, "evidence": file}
    filed = client.post(f"/entries/{entry.public_id}/appeal/", sent, follow=True)
    again = client.post(f"/entries/{entry.public_id}/appeal/", sent, follow=True)

    assert "That it hangs in the human category" in form.content.decode()
    assert (empty.status_code, nothing) == (200, 0)
    page = filed.content.decode()
    assert "Your appeal is filed." in page
    assert "You appealed, and asked for: human category." in page
    assert "layers.psd" in page
    assert "Decided at the latest" in page
    assert "There is no judgement that you could appeal now." in again.content.decode()
    assert Appeal.objects.get().words == WORDS


def test_a_file_too_large_is_refused_in_words(as_person: SignIn, settings: Settings) -> None:
    entry = rejected()
    settings.UPLOAD_MAX_BYTES = 3
    sent = {"asks": "human", "words": WORDS, "evidence": SimpleUploadedFile("layers.psd", b"8BPS")}

    page = as_person(entry.entrant).post(f"/entries/{entry.public_id}/appeal/", sent)

    assert "are the most that are taken" in page.content.decode()
    assert not Appeal.objects.exists()


def test_both_clocks_are_shown_in_both_time_zones(as_person: SignIn) -> None:
    entrant = make_user(time_zone="America/New_York")
    entry = decided(Route.AI, entry=make_entry(entrant=entrant, seen=True))
    client = as_person(entrant)

    before = client.get(f"/entries/{entry.public_id}/").content.decode()
    appealed(entry)
    after = client.get(f"/entries/{entry.public_id}/").content.decode()

    for page in (before, after):
        assert "(America/New_York)" in page
        assert "(Asia/Seoul)" in page
    assert "You can appeal until" in before
    assert "Decided at the latest" in after


def test_the_page_takes_an_appeal_back(as_person: SignIn) -> None:
    appeal = appealed()
    client = as_person(appeal.entry.entrant)
    address = f"/entries/{appeal.entry.public_id}/appeal/withdraw/"

    asked = client.get(address)
    open_ = Appeal.objects.open().count()
    done = client.post(address, follow=True)
    again = client.post(address)

    assert "can't be appealed again" in asked.content.decode()
    assert open_ == 1
    assert "You took your appeal back." in done.content.decode()
    assert again.status_code == 302
