"""The estimate stays away until a reviewer has said what they see; what that changes is counted."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from moderation import decisions, impressions, reasons, undoing
from moderation.detector import Band
from moderation.models import Case, Guess, Impression, ReviewSettings
from moderation.verdicts import Finding, Lane, Outcome, Route
from submissions.models import Contest, User
from tests.factories import make_member
from tests.moderation.rows import CONTRADICTION, SIGNS, make_case, make_desk

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]

# Signs, a contradiction that rests on them, and one that rests on something else.
RESTS_ON_SIGNS = Finding(
    "statement",
    Lane.STATEMENT,
    Outcome.FLAG,
    "statement.photograph_without_a_camera",
    {"severity": "doubt", "evidence": ["synthetic", "provenance"]},
)
SECOND = Finding(
    "synthetic",
    Lane.SYNTHETIC,
    Outcome.CLEAR,
    "synthetic.second_opinion",
    {"opinion": "another-detector", "score": 0.77},
    score=0.77,
)
TRACES = (
    "0.93",
    "93 %",
    "0.88",
    "signs of generation",
    "signs_of_generation",
    "synthetic",
    "line art</option",
    "what this number means",
    "estimate from the pixels",
    "another-detector",
    "77 %",
    "the rules would consider",
    "head-0123",
    'class="scale"',
)


def held_by_signs(contest: Contest, **fields: object) -> Case:
    return make_case(SIGNS, SECOND, RESTS_ON_SIGNS, CONTRADICTION, contest=contest, **fields)


def pages(client: Client, case: Case) -> list[str]:
    found = [
        client.get(f"/organize/case/{case.pk}/?queue=all"),
        client.get(f"/organize/entry/{case.entry.public_id}/"),
        client.get("/organize/queue/"),
    ]
    return [page.content.decode() for page in found]


def without_frame(page: str) -> str:
    """A page without what every page has: the footer, and the tabs that name every queue there is."""
    main = page[page.index("<main") : page.index("</main>")].lower()
    if 'class="queue-tabs"' in main:
        main = main[main.index('role="status"') :]
    return main


def test_before_the_first_impression_no_queue_filter_or_search_tells_of_the_estimate(
    as_person: SignIn,
) -> None:
    contest, organizer = make_desk()
    case = make_case(SIGNS, contest=contest, title="Harbour")
    asked = [
        "?queue=signs",
        "?queue=all&lane=synthetic",
        "?queue=all&q=signs+of+generation",
        "?queue=all&q=harbour+synthetic.signs",
    ]
    client = as_person(organizer)

    def found() -> list[int]:
        return [client.get(f"/organize/queue/{one}").context["page"].paginator.count for one in asked]

    before = found()
    impressions.say(case.entry, Guess.UNSURE, by=make_member(contest.organization))
    of_another = found()
    impressions.say(case.entry, Guess.UNSURE, by=organizer)

    assert (before, of_another) == ([0, 0, 0, 0], [0, 0, 0, 0])
    assert found() == [1, 1, 1, 1]


def test_before_the_first_impression_no_page_holds_a_trace_of_the_estimate(as_person: SignIn) -> None:
    contest, organizer = make_desk()
    case = held_by_signs(contest)
    client = as_person(organizer)

    before = [without_frame(page) for page in pages(client, case)]
    client.post(f"/organize/case/{case.pk}/impression/", {"guess": "hand"})
    after = [without_frame(page) for page in pages(client, case)]

    assert [[trace for trace in TRACES if trace in page] for page in before] == [[], [], []]
    assert all("credentials signed by adobe inc." in page for page in before)
    assert "your first impression" in before[0]
    assert all("signs of generation" in page for page in after)
    assert len([trace for trace in TRACES if trace in after[0]]) >= 8  # the traces could have leaked
    assert "your first impression, before you saw this: made by hand." in after[0]


def test_each_reviewer_says_their_own(as_person: SignIn) -> None:
    contest, first = make_desk()
    second = make_member(contest.organization)
    case = held_by_signs(contest)
    impressions.say(case.entry, Guess.HAND, by=first)

    veiled = as_person(second).get(f"/organize/case/{case.pk}/").content.decode()

    assert 'class="scale"' not in veiled
    assert 'class="scale"' in as_person(first).get(f"/organize/case/{case.pk}/").content.decode()


def test_where_the_contest_asks_for_none_all_is_shown_at_once(as_person: SignIn) -> None:
    contest, organizer = make_desk()
    ReviewSettings.objects.create(contest=contest, impression_first=False)
    case = held_by_signs(contest)

    page = as_person(organizer).get(f"/organize/case/{case.pk}/").content.decode()

    assert 'class="scale"' in page
    assert "impression-title" not in page


def test_a_veil_says_the_same_whether_or_not_something_is_behind_it() -> None:
    contest, _organizer = make_desk()
    with_signs = make_case(SIGNS, CONTRADICTION, contest=contest)
    without = make_case(CONTRADICTION, contest=contest)

    told = [reasons.for_reviewer(case.verdict, veiled=True) for case in (with_signs, without)]

    assert told[0] == told[1]


def test_an_impression_is_said_once_and_never_changed() -> None:
    contest, organizer = make_desk()
    case = make_case(contest=contest)

    first = impressions.say(case.entry, Guess.HAND, by=organizer)
    second = impressions.say(case.entry, Guess.MACHINE, by=organizer)

    assert (first, second.guess) == (second, "hand")
    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        Impression.objects.update(guess="machine")
    with pytest.raises(IntegrityError), transaction.atomic():
        Impression.objects.create(entry=case.entry, by=organizer, guess="unsure")


def judged(contest: Contest, by: User, band: str, guess: Guess | None, route: Route) -> None:
    """A case with an estimate of ``band``, an impression of it, and then a decision."""
    estimate = Finding(
        "synthetic", Lane.SYNTHETIC, Outcome.CLEAR, f"synthetic.{band}", {"band": band}, score=0.5
    )
    case = make_case(estimate, CONTRADICTION, contest=contest)
    if guess:
        impressions.say(case.entry, guess, by=by)
    grounds = ["copy"] if route == Route.REJECT else []
    decisions.decide(case, by=by, route=route, reason="Seen.", grounds=grounds)


def test_changed_minds_are_counted_by_direction_and_by_what_the_machine_said(as_person: SignIn) -> None:
    contest, organizer = make_desk()
    signs, no_sign = Band.SIGNS.value, Band.NO_SIGN.value
    judged(contest, organizer, signs, Guess.HAND, Route.AI)  # swayed
    judged(contest, organizer, signs, Guess.HAND, Route.HUMAN)
    judged(contest, organizer, no_sign, Guess.MACHINE, Route.HUMAN)
    judged(contest, organizer, no_sign, Guess.UNSURE, Route.HUMAN)
    judged(contest, organizer, signs, Guess.HAND, Route.REJECT)  # a copy says nothing of its making
    judged(contest, organizer, signs, None, Route.AI)

    rows = impressions.swayed(contest)

    told = [(row.band, row.said, row.to_machine, row.to_hand, row.unsure) for row in rows]
    assert told == [("", 3, 1, 1, 1), (no_sign, 1, 0, 1, 1), (signs, 2, 1, 0, 0)]
    assert 0.2 < rows[0].rate.low < 2 / 3 < rows[0].rate.high < 1

    page = as_person(organizer).get(f"/organize/contest/{contest.slug}/impressions/").content.decode()

    assert "66.7 % (20.8 %–93.9 %)" in page
    assert "5 first impressions were said." in page


def test_a_decision_taken_back_is_not_counted() -> None:
    contest, organizer = make_desk()
    case = make_case(contest=contest)
    impressions.say(case.entry, Guess.HAND, by=organizer)
    decision = decisions.decide(case, by=organizer, route=Route.AI, reason="Seen.")

    undoing.undo(decision, by=organizer)

    assert impressions.swayed(contest)[0].said == 0
