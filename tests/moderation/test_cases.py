"""The case page: what it shows, what may be decided on it, and what comes after."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client

from moderation import decisions, impressions
from moderation.models import Case, Decision, Guess
from moderation.verdicts import Finding, Lane, Outcome, Route
from submissions.models import ProcessFile, User
from submissions.states import State
from submissions.transitions import move
from tests.factories import make_member, make_user
from tests.moderation.rows import (
    BROKEN_OFF,
    CONTRADICTION,
    SIGNS,
    copy_of,
    duplicate_of,
    make_case,
    make_desk,
    make_open_desk,
    make_work,
)

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
ACCEPT = {"route": "human", "reason": "The credentials speak of the frame only."}


def shown(client: Client, case: Case, query: str = "") -> str:
    return client.get(f"/organize/case/{case.pk}/{query}").content.decode()


def test_a_case_shows_reasons_proposal_and_statement(as_person: SignIn) -> None:
    contest, organizer = make_desk()
    case = make_case(CONTRADICTION, contest=contest, statement="Painted in winter.")

    text = shown(as_person(organizer), case)

    assert "Content Credentials signed by Adobe Inc. say that Adobe Firefly was used (AI-generated)." in text
    assert "The rules would consider: AI category" in text
    assert "No generative AI" in text
    assert "Painted in winter." in text


def test_nothing_is_chosen_beforehand(as_person: SignIn) -> None:
    contest, organizer = make_desk()
    case = make_case(contest=contest)

    page = as_person(organizer).get(f"/organize/case/{case.pk}/")

    assert page.context["form"]["route"].value() is None
    assert "checked" not in str(page.context["form"]["route"])


def test_a_matched_work_stands_beside_the_entry_with_both_regions(as_person: SignIn) -> None:
    contest, organizer = make_desk()
    work = make_work(title="Harbour at dusk")
    case = make_case(copy_of(work), contest=contest)

    text = shown(as_person(organizer), case)

    assert f"/organize/entry/{case.entry.public_id}/works/{work.public_id}" in text
    assert 'points="100.0,200.0 900.0,150.0 950.0,800.0 120.0,900.0"' in text
    assert 'points="0.0,0.0 500.0,0.0 500.0,1000.0 0.0,1000.0"' in text


@pytest.mark.parametrize(
    ("found", "proof", "caption"),
    [
        ({}, "At 142 points within the outline: ", "The work is turned, scaled and bent"),
        (
            {"inliers": 0},
            "By tones or outlines of the whole, ",
            "The whole work is laid over the whole entry",
        ),
        ({"by": "hash"}, "By the hash of the whole picture", "The whole work is laid over the whole entry"),
    ],
)
def test_a_match_says_how_it_was_proved(
    as_person: SignIn, found: dict[str, object], proof: str, caption: str
) -> None:
    contest, organizer = make_desk()
    case = make_case(copy_of(make_work(), **found), contest=contest)

    text = shown(as_person(organizer), case)

    assert f"<dd>{proof}" in text
    assert caption in text
    assert "No machine verified it" not in text


def test_credentials_are_drawn_as_a_tree(as_person: SignIn) -> None:
    contest, organizer = make_desk()
    child = {"title": "sky.png", "relationship": "componentOf", "generator": "Adobe Firefly"}
    tree = {
        "title": "harbour.jpg",
        "generator": "Photoshop",
        "signer_name": "Adobe Inc.",
        "children": [child],
    }
    data = {"integrity": "intact", "origin": "ai_composite", "signer": "unrecognised", "manifests": tree}
    data["flags"] = ["laundered", "gps"]
    credentials = Finding("provenance", Lane.PROVENANCE, Outcome.CLEAR, "provenance.ai_composite", data)
    case = make_case(CONTRADICTION, credentials, contest=contest)

    text = shown(as_person(organizer), case)

    assert text.index("harbour.jpg") < text.index("placed into it") < text.index("sky.png")
    assert "Signer not recognised" in text
    assert "AI-edited" in text
    assert "A damaged ingredient was signed over" in text
    assert "gps" not in text


def test_prompts_in_the_file_are_there_for_reviewers(as_person: SignIn) -> None:
    contest, organizer = make_desk()
    data = {
        "generators": ["X"],
        "traces": [{"key": "png:parameters", "meaning": "generated"}],
        "prompts": ["a <b> cat"],
    }
    case = make_case(
        CONTRADICTION,
        Finding("traces", Lane.PROVENANCE, Outcome.CLEAR, "traces.generator", data),
        contest=contest,
    )

    text = shown(as_person(organizer), case)

    assert "a &lt;b&gt; cat" in text
    assert "png:parameters" in text


def test_an_estimate_says_what_it_means(as_person: SignIn) -> None:
    contest, organizer = make_desk()
    case = make_case(SIGNS, contest=contest)
    impressions.say(case.entry, Guess.UNSURE, by=organizer)

    text = shown(as_person(organizer), case)

    assert "It is not the probability that this work was generated" in text
    assert "of 1,000 human works taken for the medium “line art”, at most 10 lie above it" in text


def test_process_evidence_is_offered_for_download(as_person: SignIn) -> None:
    contest, organizer = make_desk()
    case = make_case(contest=contest)
    file = ProcessFile.objects.create(entry=case.entry, original_name="layers.psd", size=9, sha256="0" * 64)

    text = shown(as_person(organizer), case)

    assert f'href="/process-files/{file.public_id}" download' in text


def test_an_earlier_entry_is_linked_within_the_house_only(as_person: SignIn) -> None:
    contest, organizer = make_desk()
    mine = make_case(contest=contest).entry
    foreign = make_case(title="Secret elsewhere").entry
    linked = make_case(duplicate_of(mine), contest=contest)
    hidden = make_case(duplicate_of(foreign), contest=contest)
    client = as_person(organizer)

    with_link, without = shown(client, linked), shown(client, hidden)

    assert f"/organize/entry/{mine.public_id}/" in with_link
    assert str(foreign.public_id) not in without
    assert "Secret elsewhere" not in without


def test_deciding_goes_on_to_the_next_case_of_the_same_queue(as_person: SignIn) -> None:
    contest, organizer = make_open_desk()
    case = make_case(SIGNS, contest=contest)
    make_case(CONTRADICTION, contest=contest)
    following = make_case(SIGNS, contest=contest)

    response = as_person(organizer).post(f"/organize/case/{case.pk}/decide/?queue=signs", ACCEPT)

    case.entry.refresh_from_db()
    assert response["Location"] == f"/organize/case/{following.pk}/?queue=signs"
    assert case.entry.state == State.HUNG
    assert Decision.objects.get(case=case).by == organizer


def test_the_last_decision_of_a_queue_leads_back_to_it(as_person: SignIn) -> None:
    contest, organizer = make_desk()
    case = make_case(SIGNS, contest=contest)

    response = as_person(organizer).post(f"/organize/case/{case.pk}/decide/?queue=signs", ACCEPT)

    assert response["Location"] == "/organize/queue/?queue=signs"


@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        ({"reason": "Because."}, "route"),
        ({"route": "human"}, "reason"),
        ({"route": "human", "reason": "   "}, "reason"),
        ({"route": "reject", "reason": "Because."}, "grounds"),
        ({"route": "reject", "reason": "Because.", "grounds": ["synthetic"]}, "grounds"),
        ({"route": "reject", "reason": "Because.", "grounds": ["style"]}, "grounds"),
        ({"route": "person", "reason": "Because."}, "route"),
    ],
)
def test_an_incomplete_decision_is_none(as_person: SignIn, sent: dict[str, object], wrong: str) -> None:
    contest, organizer = make_desk()
    case = make_case(contest=contest)

    page = as_person(organizer).post(f"/organize/case/{case.pk}/decide/", sent)

    assert next(iter(page.context["form"].errors)) == wrong
    assert not Decision.objects.exists()


def test_a_rejection_keeps_its_grounds(as_person: SignIn) -> None:
    contest, organizer = make_desk()
    case = make_case(contest=contest)
    sent = {"route": "reject", "reason": "The statement is untrue.", "grounds": ["statement"]}

    as_person(organizer).post(f"/organize/case/{case.pk}/decide/", sent)

    case.entry.refresh_from_db()
    assert case.entry.state == State.REJECTED
    assert Decision.objects.get().grounds == ["statement"]


def test_the_second_decider_is_told_politely(as_person: SignIn) -> None:
    contest, organizer = make_desk()
    case = make_case(contest=contest, title="Harbour")
    decisions.decide(case, by=make_member(contest.organization), route=Route.AI, reason="First.")

    page = as_person(organizer).post(f"/organize/case/{case.pk}/decide/", ACCEPT, follow=True)

    assert "“Harbour” was decided by somebody else, or withdrawn." in page.content.decode()
    assert [decision.reason for decision in Decision.objects.all()] == ["First."]


def test_an_entry_withdrawn_meanwhile_is_told_politely(as_person: SignIn) -> None:
    contest, organizer = make_desk()
    case = make_case(contest=contest, title="Harbour")
    move(case.entry, State.WITHDRAWN, because="withdrawn")

    page = as_person(organizer).post(f"/organize/case/{case.pk}/decide/", ACCEPT, follow=True)

    assert "“Harbour” was decided by somebody else, or withdrawn." in page.content.decode()
    assert not Decision.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_wins() -> None:
    contest, _organizer = make_desk()
    case = make_case(contest=contest)
    deciders = [make_member(contest.organization) for _each in range(2)]
    barrier, outcomes = threading.Barrier(2), []

    def decide(by: User) -> None:
        barrier.wait()
        try:
            decisions.decide(case, by=by, route=Route.HUMAN, reason="Fine.")
            outcomes.append("decided")
        except decisions.AlreadyDecided:
            outcomes.append("too late")
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=(one,)) for one in deciders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["decided", "too late"]
    assert Decision.objects.count() == 1


def test_a_closed_case_shows_its_decision_and_no_form(as_person: SignIn) -> None:
    contest, organizer = make_desk()
    case = make_case(contest=contest)
    decisions.decide(case, by=organizer, route=Route.HUMAN, reason="Seen the layers.")

    text = shown(as_person(organizer), case)

    assert "Seen the layers." in text
    assert 'id="decide-form"' not in text


def test_check_again_sends_the_entry_back_and_closes_the_case(as_person: SignIn) -> None:
    contest, organizer = make_desk()
    case = make_case(BROKEN_OFF, contest=contest)

    as_person(organizer).post(f"/organize/case/{case.pk}/check-again/")

    case.refresh_from_db()
    case.entry.refresh_from_db()
    assert case.entry.state == State.RECEIVED
    assert case.closed_at is not None
    assert [one.number for one in case.entry.screenings.order_by("number")] == [1, 2]


def test_checking_again_twice_begins_one_screening() -> None:
    contest, organizer = make_desk()
    case = make_case(BROKEN_OFF, contest=contest)
    decisions.check_again(case, by=organizer)

    with pytest.raises(decisions.AlreadyDecided):
        decisions.check_again(case, by=make_user())

    assert case.entry.screenings.count() == 2


@pytest.mark.parametrize("number", [1, 3])
def test_the_case_page_asks_the_database_the_same_for_any_number_of_findings(
    number: int, as_person: SignIn, django_assert_num_queries: Callable[[int], object]
) -> None:
    contest, organizer = make_desk()
    work = make_work()
    case = make_case(*[copy_of(work)] * number, contest=contest)
    client = as_person(organizer)

    with django_assert_num_queries(50):  # type: ignore[attr-defined]
        client.get(f"/organize/case/{case.pk}/")
