"""How often the lane accused human works, counted; and when it must fall silent."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import DatabaseError, transaction
from django.utils import timezone

from moderation import decisions, detector
from moderation.checks import synthetic
from moderation.checks.look import Look
from moderation.estimates import knowing, live, silences
from moderation.estimates.live import Tally
from moderation.models import Case, LaneSilence, Making, MediumCorrection
from moderation.verdicts import Finding, Lane, Outcome, Route
from submissions.models import Contest, Entry, User
from submissions.rules import PRESETS
from submissions.states import State
from tests.factories import make_contest, make_entry, make_user
from tests.moderation.rows import make_case, make_desk, make_judged

pytestmark = pytest.mark.django_db


def estimate(band: str, medium: str = "photograph", model: str = "") -> Finding:
    outcome = Outcome.FLAG if band == "signs_of_generation" else Outcome.CLEAR
    score = 0.95 if outcome == Outcome.FLAG else 0.1
    data = {"band": band, "medium": medium, "budget": 10}
    return Finding(
        "synthetic",
        Lane.SYNTHETIC,
        outcome,
        f"synthetic.{band}",
        data,
        score=score,
        versions={"model": model or detector.model_version()},
    )


def held(contest: Contest, medium: str = "photograph") -> Case:
    return make_case(estimate("signs_of_generation", medium), contest=contest)


def hung(contest: Contest, medium: str = "photograph") -> Entry:
    entry = make_judged(estimate("no_sign", medium), contest=contest)
    assert entry.state == State.HUNG
    return entry


def decide(case: Case, route: Route, by: User | None = None) -> None:
    grounds = ["statement"] if route == Route.REJECT else []
    decisions.decide(case, by=by or make_user(), route=route, reason="seen", grounds=grounds)


def overall(contest: Contest) -> Tally:
    return live.tallies(contest)[0]


def test_nothing_judged_is_no_rate() -> None:
    tally = overall(make_contest())

    assert (tally.held, tally.human, tally.is_beyond) == (0, 0, False)
    assert (tally.rate.low, tally.rate.high) == (0.0, 1.0)


def test_decisions_tell_accused_from_found() -> None:
    contest = make_contest()
    decide(held(contest), Route.HUMAN)
    decide(held(contest), Route.AI)
    decide(held(contest), Route.REJECT)
    held(contest)  # nobody has decided yet
    hung(contest)
    hung(make_contest())  # of another contest

    tally = overall(contest)

    assert (tally.held, tally.overturned, tally.confirmed, tally.human) == (4, 1, 2, 2)
    assert tally.rate.value == 0.5
    assert tally.allowed == 0.01


def test_a_golden_case_outweighs_a_decision_and_may_be_taken_back() -> None:
    contest = make_contest()
    case = held(contest)
    decide(case, Route.HUMAN)
    knowing.know_making(case.entry, Making.GENERATED, source="the entrant told us", by=make_user())
    told = overall(contest)
    knowing.know_making(case.entry, Making.UNSURE, source="a mistake", by=make_user())

    assert (told.overturned, told.confirmed, told.golden) == (0, 1, 1)
    assert (overall(contest).overturned, overall(contest).golden) == (1, 0)


def test_a_golden_case_that_was_missed_is_no_human_work() -> None:
    contest = make_contest()
    knowing.know_making(hung(contest), Making.GENERATED, source="its maker wrote so", by=make_user())

    assert overall(contest).human == 0


def test_estimates_of_another_model_count_for_nothing() -> None:
    contest = make_contest()
    decide(make_case(estimate("signs_of_generation", model="head-of-before"), contest=contest), Route.HUMAN)

    assert overall(contest).held == 0


def test_one_mistake_is_no_drift() -> None:
    contest = make_contest()
    decide(held(contest), Route.HUMAN)

    assert not LaneSilence.objects.exists()


def test_drift_silences_the_lane_and_tells_the_organizers_once() -> None:
    contest, organizer = make_desk()
    for _ in range(3):
        decide(held(contest), Route.HUMAN)

    begun = LaneSilence.objects.filter(contest=contest)
    assert sorted(begun.values_list("medium", flat=True)) == ["", "photograph"]
    assert silences.tell_waiting() == 2
    assert silences.tell_waiting() == 0
    assert {letter.to[0] for letter in mail.outbox} == {organizer.email}
    assert contest.title in mail.outbox[0].subject
    assert "cleared by a person" in mail.outbox[0].body


def test_the_budget_kept_silences_nothing() -> None:
    rules = PRESETS["apart"].with_budgets({"photograph": 100})
    contest = make_contest(rules=rules)
    for _ in range(2):
        decide(held(contest), Route.HUMAN)
    for _ in range(10):
        hung(contest)

    assert overall(contest).rate.value > overall(contest).allowed  # but it may be chance
    LaneSilence.objects.all().delete()  # begun when only the two had been judged
    assert silences.review(contest) == []


def test_drift_of_one_medium_leaves_the_others() -> None:
    contest = make_contest(rules=PRESETS["apart"].with_budgets({"line_art": 100}))
    for _ in range(30):
        hung(contest, "line_art")
    for _ in range(2):
        decide(held(contest, "photograph"), Route.HUMAN)

    assert set(silences.in_force(contest)) == {"photograph"}


def test_an_organizer_may_end_a_silence_and_only_new_mistakes_begin_another() -> None:
    contest, organizer = make_desk()
    for _ in range(2):
        decide(held(contest), Route.HUMAN)
    for silence in list(silences.in_force(contest).values()):
        assert silences.end(silence, by=organizer)
        assert not silences.end(silence, by=organizer)

    assert silences.review(contest) == []
    decide(held(contest), Route.HUMAN)
    assert set(silences.in_force(contest)) == {"", "photograph"}


def test_a_lane_that_holds_nothing_cannot_drift() -> None:
    contest = make_contest(rules=PRESETS["open"])

    assert silences.review(contest) == []


def test_what_people_said_is_never_edited() -> None:
    case = held(make_contest())
    knowing.know_making(case.entry, Making.HUMAN, source="seen", by=make_user())
    artwork = case.entry.artworks.get()
    knowing.correct_medium(artwork, detector.Medium.LINE_ART, by=make_user())

    for rows in (case.entry.known_makings.all(), MediumCorrection.objects.filter(artwork=artwork)):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(at=timezone.now() - timedelta(days=1))


@pytest.mark.xdist_group("encoder")
def test_a_silent_lane_holds_no_work(a_head: object) -> None:
    assert callable(a_head)
    a_head(3.0)
    contest = make_contest()
    entry = make_entry(contest=contest)
    assert entry.disclosure is not None

    def outcome() -> tuple[str, object]:
        assert entry.disclosure is not None
        (finding,) = synthetic.run(Look(entry, entry.disclosure, rules=contest.policy.rules))
        return finding.outcome, finding.data["reason"]

    before = outcome()
    LaneSilence.objects.create(
        contest=contest, medium="photograph", model=detector.model_version(), overturned=2, human=4
    )

    assert (before, outcome()) == (("flag", None), ("clear", "drift"))
