"""Somebody else decides, never for the worse; the entry returns, deadline or not; letters say why."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from moderation import decisions, queues
from moderation.appeals import ladder
from moderation.models import Appeal, AppealEnd, AppealOutcome, Case, CaseKind, Decision, Verdict
from moderation.opening import open_case
from moderation.verdicts import Route
from submissions import notices
from submissions.models import CategoryKind, Entry, Role, User
from submissions.states import State
from tests.factories import make_entry, make_member, make_user
from tests.moderation.appeals.rows import (
    REASON,
    WORDS,
    answered,
    apart,
    appealed,
    close_contest,
    decided,
    evidence,
    letters,
    rejected,
)

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
routes = st.sampled_from(ladder.LADDER)


def fresh(appeal: Appeal) -> Appeal:
    return Appeal.objects.select_related("entry__category", "end").get(pk=appeal.pk)


@given(stood=routes, asks=routes, decided=routes)
def test_no_appeal_ends_worse_than_it_began(stood: Route, asks: Route, decided: Route) -> None:
    """What may be decided is never below both ends, and always holds both."""
    open_ = ladder.between(stood, asks)
    steps = [ladder.LADDER.index(route) for route in open_]

    assert (open_[0], open_[-1]) == (stood, asks)
    assert min(steps) == min(ladder.LADDER.index(stood), ladder.LADDER.index(asks))
    assert len(set(steps)) == len(steps) == max(steps) - min(steps) + 1
    if asks == Route.HUMAN and decided in open_:
        assert ladder.LADDER.index(decided) >= ladder.LADDER.index(stood)
    if decided in open_:
        upheld = ladder.outcome(stood, asks, decided) == AppealOutcome.UPHELD
        assert upheld == (decided == stood)


@pytest.mark.parametrize(
    ("route", "outcome", "state", "kind"),
    [
        (Route.HUMAN, AppealOutcome.OVERTURNED, State.HUNG, CategoryKind.HUMAN),
        (Route.AI, AppealOutcome.PARTLY, State.HUNG, CategoryKind.AI),
        (Route.REJECT, AppealOutcome.UPHELD, State.REJECTED, None),
    ],
)
def test_a_decision_ends_the_appeal_and_the_entry_goes_where_it_says(
    route: Route, outcome: AppealOutcome, state: State, kind: CategoryKind | None
) -> None:
    appeal = appealed()
    moves = appeal.entry.moves.count()

    decision = answered(appeal, route)

    ended = fresh(appeal)
    entry = ended.entry
    assert (ended.end.outcome, ended.end.decision) == (outcome, decision)
    assert (entry.state, entry.category.kind if entry.category else None) == (state, kind)
    assert entry.moves.count() == moves + (outcome != AppealOutcome.UPHELD)
    assert letters(entry, "appeal_ended") == 1
    assert letters(entry, "hung") == 0  # the letter of the appeal tells it
    assert not Case.objects.open().filter(entry=entry).exists()


def test_the_label_comes_off() -> None:
    appeal = appealed(apart(), asks=Route.AI)
    assert decisions.choices(appeal.case) == (Route.AI_APART, Route.AI)

    answered(appeal, Route.AI)

    entry = fresh(appeal).entry
    assert (entry.state, entry.shown_apart) == (State.HUNG, False)


@pytest.mark.parametrize(
    ("entry", "asks", "worse"),
    [
        (lambda: decided(Route.AI), Route.HUMAN, Route.REJECT),
        (lambda: decided(Route.AI), Route.HUMAN, Route.AI_APART),
        (apart, Route.AI, Route.REJECT),
        (apart, Route.AI, Route.HUMAN),
    ],
)
def test_what_is_worse_or_was_not_asked_is_refused_by_verb_and_database(
    entry: Callable[[], Entry], asks: Route, worse: Route
) -> None:
    appeal = appealed(entry(), asks=asks)
    grounds = ["statement"] if worse == Route.REJECT else []
    by = make_member(appeal.entry.contest.organization)

    with pytest.raises(decisions.NotOpen):
        answered(appeal, worse)
    with pytest.raises(DatabaseError, match="between where the entry stood"), transaction.atomic():
        Decision.objects.create(case=appeal.case, by=by, route=worse, reason="So.", grounds=grounds)

    assert not AppealEnd.objects.exists()


def test_the_database_draws_the_line_where_the_code_does() -> None:
    """For every place an entry stood, every wish and every decision."""
    entry = rejected()
    verdict, at = Verdict.objects.get(screening__entry=entry), timezone.now() + timedelta(days=1)
    by = make_member(entry.contest.organization)

    def takes(stood: Route, asks: Route, route: Route) -> bool:
        fields = {"by": entry.entrant, "words": WORDS, "file_by": at, "decide_by": at}
        grounds = ["rules"] if route == Route.REJECT else []
        try:
            with transaction.atomic():
                case = open_case(entry, verdict, kind=CaseKind.APPEAL, due_at=at)
                Appeal.objects.create(
                    entry=entry, verdict=verdict, case=case, stood=stood, asks=asks, **fields
                )
                Decision.objects.create(case=case, by=by, route=route, reason="So.", grounds=grounds)
                transaction.set_rollback(True)
        except DatabaseError:
            return False
        return True

    pairs = [(stood, asks) for stood in ladder.LADDER for asks in ladder.LADDER[1:] if stood != asks]
    taken = {pair: {route for route in ladder.LADDER if takes(*pair, route)} for pair in pairs}

    assert taken == {pair: set(ladder.between(*pair)) for pair in pairs}


def test_who_decided_before_does_not_decide_the_appeal() -> None:
    first = make_user()
    appeal = appealed(rejected(by=first))

    with pytest.raises(decisions.HadPart):
        answered(appeal, Route.HUMAN, by=first)
    with pytest.raises(DatabaseError, match="decided about an entry before"), transaction.atomic():
        Decision.objects.create(case=appeal.case, by=first, route=Route.HUMAN, reason="So.")

    assert fresh(appeal).entry.state == State.REJECTED
    answered(appeal, Route.HUMAN)
    assert fresh(appeal).entry.state == State.HUNG


def test_a_first_decider_finds_the_appeal_in_no_queue_and_is_told(as_person: SignIn) -> None:
    entry = rejected()
    first = entry.cases.get().decision.by
    make_member(entry.contest.organization, Role.ORGANIZER)
    other = make_member(entry.contest.organization)
    appeal = appealed(entry)
    barred, free = as_person(first), as_person(other)

    home = barred.get("/organize/").content.decode()
    queue = barred.get("/organize/queue/?queue=appeals").content.decode()
    page = barred.get(f"/organize/case/{appeal.case_id}/").content.decode()
    answer = barred.post(
        f"/organize/case/{appeal.case_id}/decide/", {"route": "human", "reason": "Mine."}, follow=True
    )

    assert list(queues.workable(first)) == []
    assert list(queues.workable(other)) == list(queues.for_others(first)) == [appeal.case]
    assert list(queues.for_others(other)) == []
    for said in (home, queue):
        assert "another organizer decides it" in said
    assert "Somebody else decides this" in page
    assert 'id="decide-form"' not in page
    assert "so somebody else decides now" in answer.content.decode()
    assert not AppealEnd.objects.exists()
    assert entry.title in free.get("/organize/queue/?queue=appeals").content.decode()
    assert "1 appeal waits for your decision." in free.get("/organize/").content.decode()
    assert "waits for your decision" not in home
    assert "Decide and go on" in free.get(f"/organize/case/{appeal.case_id}/").content.decode()


def test_the_case_shows_the_appeal_and_hides_who_judged_first(as_person: SignIn) -> None:
    first = make_user(display_name="Zed Zanzibar")
    entry = rejected(by=first)
    appeal = appealed(entry, files=[evidence()])
    assert appeal.decision is not None
    decider = make_member(entry.contest.organization)
    client = as_person(decider)
    address = f"/organize/case/{appeal.case_id}/"

    page = client.get(address).content.decode()
    earlier = client.get(f"/organize/case/{appeal.decision.case_id}/").content.decode()
    whole = client.get(f"/organize/entry/{entry.public_id}/").content.decode()
    again = client.post(f"{address}check-again/")
    form = client.post(f"{address}decide/", {"route": "reject", "reason": "No.", "grounds": ["statement"]})
    closed = client.get(address).content.decode()

    for said in (WORDS, REASON, "layers.psd", "Human category", "by a person, on", "To be decided until"):
        assert said in page
    assert REASON in earlier
    assert WORDS in whole
    assert not any("Zanzibar" in said for said in (page, earlier, whole))
    assert "check-again" not in page
    assert again.status_code == 404
    assert form.status_code == 302
    assert "Zanzibar" in closed  # once it is decided, the history is whole again
    assert "The judgement stands" in closed


def test_the_form_offers_what_is_open_and_no_more(as_person: SignIn) -> None:
    appeal = appealed(decided(Route.AI))
    client = as_person(make_member(appeal.entry.contest.organization))
    address = f"/organize/case/{appeal.case_id}/"

    offered = client.get(address).context["form"].fields
    refused = client.post(f"{address}decide/", {"route": "reject", "reason": "No.", "grounds": ["rules"]})

    assert [value for value, _words in offered["route"].choices] == ["ai", "human"]
    assert "grounds" not in offered
    assert "route" in refused.context["form"].errors
    assert not AppealEnd.objects.exists()


def test_from_filing_to_restoration_past_the_deadline(as_person: SignIn, client: Client) -> None:
    """By the doors alone: the entrant files, somebody else decides, it hangs for jurors and everybody."""
    entry = rejected()
    contest = entry.contest
    close_contest(contest)
    juror = as_person(make_member(contest.organization, Role.JUROR))
    gallery, jury = f"/contests/{contest.slug}/gallery/", f"/contests/{contest.slug}/jury/"
    before = [page.content.decode() for page in (client.get(gallery), juror.get(jury))]

    as_person(entry.entrant).post(f"/entries/{entry.public_id}/appeal/", {"asks": "human", "words": WORDS})
    case = Case.objects.open().get(kind=CaseKind.APPEAL)
    as_person(make_member(contest.organization)).post(
        f"/organize/case/{case.pk}/decide/", {"route": "human", "reason": "Seen the layers."}
    )
    after = [page.content.decode() for page in (client.get(gallery), juror.get(jury))]
    notices.post_waiting()
    own = as_person(entry.entrant).get(f"/entries/{entry.public_id}/").content.decode()

    assert not any(entry.title in page for page in before)
    assert all(entry.title in page for page in after)
    letter = next(one for one in mail.outbox if "has ended" in one.subject)
    assert letter.to == [entry.entrant.email]
    for said in ("the judgement was overturned.", "Made by people", "Seen the layers."):
        assert said in letter.body
    assert "there is no further one here" in letter.body
    assert "Your appeal was decided: the judgement was overturned." in own
    assert "The rejection was overturned. It was accepted and hangs." in own


def test_letters_of_judgements_name_the_appeal_with_its_last_day_and_link() -> None:
    entrant = make_user(time_zone="America/New_York")
    rejected(entry=make_entry(entrant=entrant, seen=True))

    body = mail.outbox[-1].body

    assert "You can appeal on the entry's page below, until" in body
    assert "(America/New_York) / " in body
    assert "(Asia/Seoul)" in body
    assert "decides within 10 days" in body


def test_letters_in_korean() -> None:
    entrant = make_user(language="ko")
    entry = rejected(entry=make_entry(entrant=entrant, seen=True))
    answered(appealed(entry), Route.REJECT)
    notices.post_waiting()

    judged, filed, ended = [one for one in mail.outbox if one.to == [entrant.email]][-3:]

    assert "이의를 제기하실 수 있습니다" in judged.body
    assert "이의 제기가 접수되었습니다" in filed.subject
    assert "판정이 그대로 유지됩니다" in ended.body
    said = [str(text) for one in (judged, filed, ended) for text in (one.subject, one.body)]
    assert not any("ppeal" in text for text in said)


def test_another_judgement_overtakes_an_appeal() -> None:
    """A claim decided meanwhile moved the entry: that one may be appealed anew."""
    appeal = appealed(decided(Route.AI))
    entry = appeal.entry
    claim = open_case(entry, appeal.verdict, kind=CaseKind.CLAIM, due_at=appeal.decide_by)
    by = make_member(entry.contest.organization)

    decisions.decide(claim, by=by, route=Route.REJECT, reason="It is theirs.", grounds=["copy"])

    assert fresh(appeal).end.outcome == AppealOutcome.OVERTAKEN
    assert not Case.objects.open().filter(entry=entry).exists()
    anew = appealed(Entry.objects.get(pk=entry.pk), asks=Route.AI)
    assert (anew.stood, anew.decision) == ("reject", claim.decision)


def test_a_claim_that_moves_nothing_leaves_the_appeal_open() -> None:
    appeal = appealed(decided(Route.AI))
    claim = open_case(appeal.entry, appeal.verdict, kind=CaseKind.CLAIM, due_at=appeal.decide_by)
    by = make_member(appeal.entry.contest.organization)

    decisions.decide(claim, by=by, route=Route.AI, reason="It is not theirs.")

    assert list(Appeal.objects.open()) == [appeal]
    answered(appeal, Route.HUMAN)
    assert fresh(appeal).end.outcome == AppealOutcome.OVERTURNED
