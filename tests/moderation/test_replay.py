"""Entries judged again on what was found: what flips, and that nothing changes by it."""

import json
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import DjangoAssertNumQueries

from moderation import contests, drafts
from moderation.detector import model_version
from moderation.flips import Outcome
from moderation.models import Case, CheckResult, Verdict
from moderation.replay import replay
from moderation.verdicts import Finding, Lane, Route
from moderation.verdicts import Outcome as Found
from submissions.models import Entry, Move
from submissions.rules import PRESETS, AILevel, Rules
from submissions.states import State
from tests.factories import make_contest
from tests.moderation.rows import CONTRADICTION, SIGNS, copy_of, make_desk, make_judged, make_work

pytestmark = pytest.mark.django_db

SCRAPED = [{"licence_class": "scraped_without_permission"}]
HELD, HUMAN = Outcome(Route.PERSON, Route.AI), Outcome(Route.HUMAN)


def ran(*words: str) -> str:
    out = StringIO()
    call_command("policy", *words, stdout=out)
    return out.getvalue()


def test_the_same_rules_flip_nothing() -> None:
    contest, _organizer = make_desk()
    for findings in ([], [SIGNS], [CONTRADICTION], [copy_of(make_work())]):
        make_judged(*findings, contest=contest)
    make_judged(contest=contest, level=AILevel.GENERATED, tools=SCRAPED)

    report = replay(contest, contest.policy.rules)

    assert (report.judged, report.flips) == (5, ())


def test_other_rules_flip_what_they_treat_otherwise() -> None:
    contest, _organizer = make_desk()
    make_judged(contest=contest)
    signs = make_judged(SIGNS, contest=contest)
    scraped = make_judged(contest=contest, level=AILevel.GENERATED, tools=SCRAPED)

    report = replay(contest, PRESETS["open"])

    assert report.judged == 3
    assert {(flip.entry, flip.was, flip.now, flip.lane, flip.medium) for flip in report.flips} == {
        (signs.public_id, HELD, HUMAN, Lane.SYNTHETIC, "line_art"),
        (scraped.public_id, Outcome(Route.REJECT), Outcome(Route.AI_APART), Lane.STATEMENT, ""),
    }
    assert dict(report.lanes) == {Lane.SYNTHETIC: 1, Lane.STATEMENT: 1}


def test_nothing_changes_by_it() -> None:
    contest, _organizer = make_desk()
    make_judged(SIGNS, contest=contest)

    def rows() -> list[Any]:
        kinds = (Entry, Move, Verdict, Case, CheckResult)
        return [list(kind.objects.order_by("pk").values()) for kind in kinds]

    before = rows()
    replay(contest, PRESETS["open"])

    assert rows() == before


def test_withdrawn_entries_and_those_of_the_reader_are_left_out() -> None:
    contest, organizer = make_desk()
    withdrawn = make_judged(SIGNS, contest=contest)
    Entry.objects.filter(pk=withdrawn.pk).update(state=State.WITHDRAWN)
    make_judged(SIGNS, contest=contest, entrant=organizer)

    assert replay(contest, PRESETS["open"], reader=organizer).judged == 0
    assert replay(contest, PRESETS["open"]).judged == 1


def test_an_estimate_is_judged_by_the_budget_of_the_other_rules() -> None:
    contest, _organizer = make_desk()
    told = {**SIGNS.data, "logit": 50.0, "medium": "photograph", "budget": 10, "reason": None}
    high = replace(SIGNS, data=told, versions={"model": model_version()})
    silent = Finding(
        "synthetic",
        Lane.SYNTHETIC,
        Found.CLEAR,
        "synthetic.cannot_tell",
        told | {"reason": "drift"},
        score=0.9,
        versions={"model": model_version()},
    )
    held = make_judged(high, contest=contest)
    make_judged(silent, contest=contest)
    none_held = PRESETS["apart"].with_budgets({"photograph": 0})

    report = replay(contest, none_held)

    assert [(flip.entry, flip.now) for flip in report.flips] == [(held.public_id, HUMAN)]
    assert replay(contest, PRESETS["apart"].with_budgets({"photograph": 20})).flips == ()


@pytest.mark.parametrize("entries", [1, 3])
def test_a_batch_costs_the_same_queries_however_many_entries_it_holds(
    entries: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    contest, _organizer = make_desk()
    for _ in range(entries):
        make_judged(SIGNS, contest=contest, level=AILevel.ASSISTIVE, tools=[{}])

    with django_assert_num_queries(7):
        report = replay(contest, PRESETS["open"])

    assert len(report.flips) == entries


def test_rules_are_found_by_preset_number_contest_and_draft() -> None:
    contest, organizer = make_desk()
    last_year = make_contest(rules=PRESETS["human_only"], slug="2025")
    contests.set_rules(contest, PRESETS["open"], by=organizer)
    drafts.try_out(contest, PRESETS["clean_data_only"], by=organizer)

    found = {
        name: contests.find_rules(name, contest)
        for name in ("apart", "1", "2", "2025:1", "2025:", contest.slug, "draft")
    }

    assert found == {
        "apart": Rules(),
        "1": Rules(),
        "2": PRESETS["open"],
        "2025:1": last_year.policy.rules,
        "2025:": last_year.policy.rules,
        contest.slug: PRESETS["open"],
        "draft": PRESETS["clean_data_only"],
    }


@pytest.mark.parametrize("name", ["9", "nowhere", "nowhere:1", "apart:1", ":x", "", "1:2:3"])
def test_rules_that_are_nowhere_are_named_as_such(name: str) -> None:
    contest, _organizer = make_desk()

    with pytest.raises(contests.NoSuchRules):
        contests.find_rules(name, contest)


def test_last_years_rules_on_this_years_entries_is_one_command() -> None:
    contest, _organizer = make_desk()
    last_year = make_contest(rules=PRESETS["open"])
    held = make_judged(SIGNS, contest=contest, title="Harbour")

    said = ran("replay", "--policy", f"{last_year.slug}:1", "--contest", contest.slug)
    told = json.loads(ran("replay", "--policy", "open", "--contest", contest.slug, "--json"))

    assert "1 entries judged again, 1 would be treated otherwise." in said
    assert f"{held.public_id} Harbour: with a person (consider: AI category) -> human category" in said
    assert (told["judged"], told["lanes"], told["media"]) == (1, {"synthetic": 1}, {"line_art": 1})
    assert told["entries"][0]["entry"] == str(held.public_id)


def test_a_document_is_checked_line_by_line(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.toml", tmp_path / "bad.toml"
    good.write_text(ran("show", "--policy", "open"))
    bad.write_text('[lanes]\nsynthetic = "reject"\n')

    assert "can be applied" in ran("check", str(good))
    with pytest.raises(CommandError, match=r"Line 2: lanes\.synthetic: “reject” is not possible here"):
        ran("check", str(bad))


def test_rules_are_shown_as_they_were_written_and_in_plain_words() -> None:
    contest, organizer = make_desk()
    contests.set_rules(contest, PRESETS["open"], by=organizer, text="# Ours\n[lanes]\nsynthetic = 'note'\n")

    assert ran("show", "--contest", contest.slug).startswith("# Ours")
    assert "A picture generated by AI: is not accepted." in ran("show", "--policy", "human_only", "--words")
    with pytest.raises(CommandError, match="no contest"):
        ran("show", "--contest", "nowhere")
