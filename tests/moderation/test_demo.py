"""The demonstration is the acceptance test: eight entries, every way through the desk, real weights."""

import pytest

from matching import registry
from matching.engine.encoder import Encoder
from matching.models import WorkState
from moderation.claims import answering
from moderation.demo import story
from moderation.models import Verdict
from moderation.verdicts import Lane, Route
from submissions.states import State
from tests.moderation.screened import screen_now

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("encoder")]

RULES = {
    "Morning cup": {"declared.none"},
    "Tiles for a station": {"declared.generated"},
    "Evening ridge": {"declared.generated", "data.unpermitted"},
    "Moon over the valley": {"statement.none_but_credentials_say_ai", "declared.none"},
    "Green eyes": {"copy.verified", "declared.none"},
    "Standing waves": {"statement.none_but_generator_trace", "declared.none"},
    "The workshop": {"provenance.tampered", "declared.none"},
    "Countdown": {"declared.none"},
}


def test_every_scene_comes_to_stand_where_it_should(encoder: Encoder) -> None:
    contest, entrant, artist = story.the_stage()
    assert registry.embed(story.register_work(artist)) == WorkState.MATCHABLE

    entries = list(story.hand_in(contest, entrant))
    for scene, entry in zip(story.SCENES, entries, strict=True):
        verdict = screen_now(entry)

        assert {reason["rule"] for reason in verdict.reasons} == RULES[scene.title]
        entry.refresh_from_db()
        assert entry.state == scene.state
        assert (entry.category.kind if entry.category else None) == scene.category
    assert Verdict.objects.get(route=Route.REJECT).grounds == [Lane.STATEMENT]
    appeal = story.appeal(entries)
    assert appeal is not None
    assert (appeal.entry.title, appeal.asks) == ("Evening ridge", Route.AI_APART)
    assert story.appeal(entries) is None  # once
    assert registry.embed(story.register_later_work(artist)) == WorkState.MATCHABLE
    claim = story.claim(entries, artist)
    assert claim is not None
    assert (claim.entry.title, claim.entry.state, claim.holds) == ("Countdown", State.HELD, True)
    assert answering.may_answer(claim)
    assert story.claim(entries, artist) is None  # once


def test_an_interrupted_demonstration_is_finished_by_the_next_run() -> None:
    contest, entrant, _ = story.the_stage()
    first = next(story.hand_in(contest, entrant))

    entries = list(story.hand_in(*story.the_stage()[:2]))

    assert [entry.title for entry in entries] == [scene.title for scene in story.SCENES]
    assert entries[0] == first
