"""What may be decided about a claim, and by whom: upheld or dismissed, and by neither side."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from pytest_django import Settings

from moderation import assigning, bulk, decisions, interests, panel, queues
from moderation.appeals.ending import lapse_all
from moderation.claims import answering, ending
from moderation.models import AnswerKind, Case, Claim, Decision, ReviewSettings
from moderation.stages import begin
from moderation.verdicts import Route
from submissions.models import Entry, Move, Role, User
from submissions.states import State
from tests.factories import make_member
from tests.moderation.appeals.rows import appealed, decided, later
from tests.moderation.claims.rows import make_claim, make_claimant, make_hung, owner_of
from tests.moderation.rows import CONTRADICTION, NO_CREDENTIALS, make_case, make_judged

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def organizer_of(claim: Claim) -> User:
    return make_member(claim.entry.contest.organization)


def hung_at(route: Route) -> Entry:
    """An entry that a person hung at ``route``."""
    case = make_case()
    by = make_member(case.entry.contest.organization)
    decisions.decide(case, by=by, route=route, reason="Seen.")
    return Entry.objects.get(pk=case.entry_id)


def place(entry: Entry) -> tuple[str, str | None, bool]:
    entry = Entry.objects.select_related("category").get(pk=entry.pk)
    return entry.state, entry.category.kind if entry.category else None, entry.shown_apart


@pytest.mark.parametrize("holds", [True, False])
@pytest.mark.parametrize("stood", [Route.HUMAN, Route.AI, Route.AI_APART])
def test_a_dismissed_claim_leaves_the_entry_exactly_where_it_stood(stood: Route, holds: bool) -> None:
    entry = hung_at(stood)
    before = place(entry)
    claim = make_claim(entry, make_claimant(proved=holds))
    moves = Move.objects.filter(entry=entry).count()

    decisions.decide(claim.case, by=organizer_of(claim), route=stood, reason="Not the same.")

    assert claim.holds is holds
    assert place(entry) == before
    assert Move.objects.filter(entry=entry).count() == moves + (1 if holds else 0)


@pytest.mark.parametrize("stood", [Route.HUMAN, Route.AI, Route.AI_APART])
def test_a_claim_sends_its_entry_to_no_other_category(stood: Route) -> None:
    claim = make_claim(hung_at(stood))
    others = {Route.HUMAN, Route.AI, Route.AI_APART} - {stood}
    by, before = organizer_of(claim), place(claim.entry)

    assert decisions.choices(claim.case) == (stood, Route.REJECT)
    for route in others:
        for verb in (decisions.answer, decisions.decide):
            with pytest.raises(decisions.NotOpen):
                verb(claim.case, by=by, route=route, reason="I would hang it elsewhere.")
        with pytest.raises(IntegrityError, match="leaves the entry where it stands"), transaction.atomic():
            Decision.objects.create(case=claim.case, by=by, route=route, reason="Past the verbs.")

    assert (place(claim.entry), claim.end) == (before, None)
    Decision.objects.create(case=claim.case, by=by, route=stood, reason="The database lets this pass.")


def test_many_at_once_decide_no_claim() -> None:
    claim = make_claim(hung_at(Route.AI))

    for route in (Route.HUMAN, Route.AI):
        (line,) = bulk.decide(organizer_of(claim), [claim.case], bulk.Wish(route, "All of them."))
        assert line.obstacle == "Appeals and claims are decided one by one."

    assert claim.end is None


def test_the_form_offers_the_claim_and_nothing_else(as_person: SignIn) -> None:
    claim = make_claim(hung_at(Route.AI))
    client, page = as_person(organizer_of(claim)), f"/organize/case/{claim.case.pk}/"

    shown = client.get(page).content.decode()
    refused = client.post(f"{page}decide/", {"route": "human", "reason": "Elsewhere."}).content.decode()
    done = client.post(f"{page}decide/", {"route": "ai", "reason": "Not the same."})

    assert "Dismiss the claim: the entry keeps its place in the AI category" in shown
    assert "Uphold the claim: the entry is rejected" in shown
    assert [f'name="route" value="{route}"' in shown for route in Route if route != Route.PERSON] == [
        route in (Route.AI, Route.REJECT) for route in Route if route != Route.PERSON
    ]
    assert "Select a valid choice" in refused
    assert done.status_code == 302
    assert (place(claim.entry)[:2], getattr(claim.end, "outcome", None)) == ((State.HUNG, "ai"), "dismissed")


def test_it_keeps_the_place_that_was_judged_meanwhile() -> None:
    claim = make_claim()
    begin(claim.entry)
    make_judged(CONTRADICTION, entry=Entry.objects.get(pk=claim.entry.pk))
    review = Case.objects.open().get(kind="review")
    decisions.decide(review, by=organizer_of(claim), route=Route.AI, reason="Made with AI.")
    case = Case.objects.get(pk=claim.case.pk)

    assert decisions.choices(case) == (Route.AI, Route.REJECT)
    with pytest.raises(decisions.NotOpen):
        decisions.decide(case, by=organizer_of(claim), route=Route.HUMAN, reason="As it was filed.")
    decisions.decide(case, by=organizer_of(claim), route=Route.AI, reason="Not the same.")

    assert place(claim.entry)[:2] == (State.HUNG, "ai")


def test_it_keeps_what_the_clock_of_an_appeal_gave(settings: Settings) -> None:
    """Of an entry that hangs, where it hangs counts, whatever was said last of it."""
    settings.UNDO_SECONDS = 0
    entry = decided(Route.AI)
    claim = make_claim(entry, make_claimant(proved=False))
    appealed(entry)
    with later(days=11):
        assert lapse_all() == 1
        case = Case.objects.select_related("entry").get(pk=claim.case.pk)
        assert decisions.choices(case) == (Route.HUMAN, Route.REJECT)
        decisions.decide(case, by=organizer_of(claim), route=Route.HUMAN, reason="Not the same.")

    assert place(entry)[:2] == (State.HUNG, "human")


def test_a_dismissal_does_not_overtake_the_checks() -> None:
    """While a new statement is being checked, a claim that ends hangs nothing: the new verdict does."""
    claim = make_claim()
    begin(claim.entry)
    assert place(claim.entry)[0] == State.RECEIVED

    decisions.decide(claim.case, by=organizer_of(claim), route=Route.HUMAN, reason="Not the same.")

    assert (place(claim.entry)[0], getattr(claim.end, "outcome", None)) == (State.RECEIVED, "dismissed")
    make_judged(NO_CREDENTIALS, entry=Entry.objects.get(pk=claim.entry.pk))
    assert place(claim.entry)[:2] == (State.HUNG, "human")


def test_an_upheld_claim_leaves_no_question_about_the_entry_open() -> None:
    claim = make_claim()
    begin(claim.entry)
    make_judged(CONTRADICTION, entry=Entry.objects.get(pk=claim.entry.pk))
    review = Case.objects.open().get(kind="review")
    answering.answer(claim, by=claim.entry.entrant, kind=AnswerKind.OWN_WORK, words="I made it.")
    by = organizer_of(claim)

    decisions.decide(claim.case, by=by, route=Route.REJECT, reason="Line on line.", grounds=["copy"])

    assert place(claim.entry)[0] == State.REJECTED
    with pytest.raises(decisions.AlreadyDecided):
        decisions.decide(review, by=organizer_of(claim), route=Route.HUMAN, reason="Fine.")


# Who decides


def sided() -> tuple[Claim, User]:
    """A claim by hand of somebody who organizes the contest."""
    entry = make_hung()
    artist = make_claimant()
    entry.contest.organization.memberships.create(user=owner_of(artist), role=Role.OWNER)
    return make_claim(entry, artist), owner_of(artist)


def test_a_side_meets_the_case_nowhere(as_person: SignIn) -> None:
    claim, side = sided()
    elsewhere = make_case(contest=claim.entry.contest, title="Elsewhere")
    client = as_person(side)

    queue = client.get("/organize/queue/?queue=all")
    after = client.post(
        f"/organize/case/{elsewhere.pk}/decide/?queue=all", {"route": "human", "reason": "Fine."}
    )

    assert list(queues.QUEUES["all"].cases(side)) == []
    assert claim.case not in panel.workable(side)
    assert b"Elsewhere" in queue.content
    assert f"/organize/case/{claim.case.pk}/".encode() not in queue.content
    assert after["Location"].startswith("/organize/queue/")  # no next case
    assert client.get(f"/organize/case/{claim.case.pk}/").status_code == 404


def test_the_desk_gives_a_claim_to_neither_side() -> None:
    claim, side = sided()
    contest = claim.entry.contest
    ReviewSettings.objects.create(contest=contest, assigned=True)
    entrant = claim.entry.entrant
    contest.organization.memberships.create(user=entrant, role=Role.ORGANIZER)
    Case.objects.filter(pk=claim.case.pk).update(assigned_to=side)

    assert assigning.assign(contest) == 0
    assert Case.objects.get(pk=claim.case.pk).assigned_to is None  # taken back from the side
    assert not any(claim.case in panel.workable(one) for one in (side, entrant))


def test_a_colleague_of_a_side_decides_once_an_owner_has_looked_into_it() -> None:
    claim, side = sided()
    contest = claim.entry.contest
    colleague = make_member(contest.organization)
    ReviewSettings.objects.create(contest=contest, assigned=True)
    assert (claim.case in panel.workable(colleague), assigning.assign(contest)) == (False, 0)

    interests.dismiss(claim.entry, colleague, reason="They never met.", by=side)

    assert assigning.assign(contest) == 1
    assert Case.objects.get(pk=claim.case.pk).assigned_to == colleague
    decisions.decide(claim.case, by=colleague, route=Route.HUMAN, reason="Not the same.")


@pytest.mark.parametrize("who", ["claimant", "entrant"])
def test_the_database_takes_no_decision_of_a_side(who: str) -> None:
    claim = make_claim()
    by = claim.by if who == "claimant" else claim.entry.entrant
    given: dict[str, Any] = {"case": claim.case, "route": Route.HUMAN, "reason": "Past the verbs."}

    with pytest.raises(IntegrityError, match="has an interest"), transaction.atomic():
        Decision.objects.create(**given, by=by)

    assert Decision.objects.create(**given, by=organizer_of(claim)).by not in (claim.by, claim.entry.entrant)


def test_the_verb_says_it_to_a_side() -> None:
    claim, side = sided()

    with pytest.raises(ending.NotNeutral, match="You belong to a side"):
        decisions.decide(claim.case, by=side, route=Route.HUMAN, reason="Mine.")
