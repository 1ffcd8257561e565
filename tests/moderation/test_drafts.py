"""A draft judges beside the rules in force, and moves nothing."""

import pytest
from django.db import ProgrammingError, transaction

from moderation import drafts
from moderation.flips import Outcome
from moderation.models import Case, DraftEnd, RulesDraft, ShadowVerdict
from moderation.verdicts import Lane, Route
from submissions.models import User
from submissions.rules import PRESETS, Clocks, Rules, as_toml
from submissions.states import State
from tests.factories import make_contest, make_entry, make_member
from tests.moderation.rows import CONTRADICTION, SIGNS, make_desk, make_judged

pytestmark = pytest.mark.django_db


def nobody() -> User:
    return make_member()


def test_without_a_draft_nothing_is_written_down() -> None:
    make_judged()

    assert not ShadowVerdict.objects.exists()


def test_a_draft_concludes_beside_the_rules_and_the_entry_follows_the_rules() -> None:
    contest, organizer = make_desk()
    draft = drafts.try_out(contest, PRESETS["open"], by=organizer)

    entry = make_judged(SIGNS, contest=contest)

    assert entry.state == State.HELD
    shadow = ShadowVerdict.objects.get()
    assert (shadow.draft, shadow.verdict.route, shadow.route) == (draft, Route.PERSON, Route.HUMAN)
    assert shadow.medium == "line_art"


def test_what_would_differ_names_entry_change_lane_and_medium() -> None:
    contest, organizer = make_desk()
    draft = drafts.try_out(contest, PRESETS["open"], by=organizer)
    held = make_judged(SIGNS, contest=contest)
    make_judged(CONTRADICTION, contest=contest)

    report = drafts.difference(draft, reader=nobody())

    assert report.judged == 2
    (flip,) = report.flips
    assert flip.entry == held.public_id
    assert (flip.was, flip.now) == (Outcome(Route.PERSON, Route.AI), Outcome(Route.HUMAN))
    assert (flip.lane, flip.medium) == (Lane.SYNTHETIC, "line_art")
    assert flip.rules[0] == "synthetic.signs_of_generation"
    assert report.routes == [(flip.was, flip.now, 1)]


def test_only_the_newest_verdict_on_an_entry_counts() -> None:
    contest, organizer = make_desk()
    draft = drafts.try_out(contest, PRESETS["open"], by=organizer)
    entry = make_judged(SIGNS, contest=contest)
    entry.cases.update(closed_at=entry.created)
    type(entry).objects.filter(pk=entry.pk).update(state=State.RECEIVED)
    entry.refresh_from_db()
    make_judged(entry=entry)

    report = drafts.difference(draft, reader=nobody())

    assert (report.judged, report.flips) == (1, ())


def test_an_organizer_sees_nothing_of_an_own_entry() -> None:
    contest, organizer = make_desk()
    draft = drafts.try_out(contest, PRESETS["open"], by=organizer)
    make_judged(SIGNS, contest=contest, entrant=organizer)

    assert drafts.difference(draft, reader=organizer).judged == 0
    assert drafts.difference(draft, reader=nobody()).judged == 1


def test_a_draft_that_cannot_be_read_moves_and_stops_nothing() -> None:
    contest, organizer = make_desk()
    RulesDraft.objects.create(contest=contest, document={"vibes": 1}, created_by=organizer)

    entry = make_judged(contest=contest)

    assert entry.state == State.HUNG
    assert not ShadowVerdict.objects.exists()


def test_turned_on_it_is_the_next_version_with_its_text() -> None:
    contest, organizer = make_desk()
    text = "# Ours\n" + as_toml(PRESETS["open"])
    draft = drafts.try_out(contest, PRESETS["open"], by=organizer, text=text)

    version = drafts.turn_on(draft, by=organizer)

    assert (version.number, version.rules, version.toml) == (2, PRESETS["open"], text)
    assert contest.policy == version
    assert RulesDraft.objects.running(contest) is None
    assert DraftEnd.objects.get().policy == version


def test_a_draft_ends_once() -> None:
    contest, organizer = make_desk()
    draft = drafts.try_out(contest, PRESETS["open"], by=organizer)
    drafts.discard(draft, by=organizer)

    with pytest.raises(drafts.DraftOver):
        drafts.turn_on(draft, by=organizer)

    assert contest.policies.count() == 1


def test_a_newer_draft_takes_the_place_of_the_one_that_runs() -> None:
    contest, organizer = make_desk()
    first = drafts.try_out(contest, PRESETS["open"], by=organizer)

    same = drafts.try_out(contest, PRESETS["open"], by=organizer)
    second = drafts.try_out(contest, PRESETS["human_only"], by=organizer)

    assert same == first
    assert RulesDraft.objects.running(contest) == second
    assert DraftEnd.objects.get().draft == first


def test_a_draft_of_another_contest_says_nothing_here() -> None:
    contest, organizer = make_desk()
    drafts.try_out(contest, PRESETS["open"], by=organizer)

    make_judged(SIGNS, contest=make_contest())

    assert not ShadowVerdict.objects.exists()


def test_what_a_draft_said_is_never_edited() -> None:
    contest, organizer = make_desk()
    drafts.try_out(contest, PRESETS["open"], by=organizer)
    make_judged(contest=contest)

    with pytest.raises(ProgrammingError), transaction.atomic():
        RulesDraft.objects.update(text="Another")
    with pytest.raises(ProgrammingError), transaction.atomic():
        ShadowVerdict.objects.update(route=Route.REJECT)


def test_a_case_is_due_by_the_clock_of_the_rules() -> None:
    entry = make_entry(contest=make_contest(rules=Rules(clocks=Clocks(review=3))), seen=True)

    make_judged(CONTRADICTION, entry=entry)

    case = Case.objects.get()
    assert round((case.due_at - case.opened_at).total_seconds() / 86_400, 2) == 3.0
