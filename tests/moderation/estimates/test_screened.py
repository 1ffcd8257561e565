"""Budgets, corrections, cloaks, maps and second opinions, through the real checks."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from moderation import reasons, wording
from moderation.detector import Medium
from moderation.detector.explain import STEPS
from moderation.estimates import knowing
from moderation.models import Case, CheckResult
from moderation.verdicts import Route
from submissions.models import Entry
from submissions.rules import PRESETS
from submissions.states import State
from tests import shared_data
from tests.factories import make_artwork, make_contest, make_disclosure, make_draft, make_entry, make_user
from tests.moderation.screened import screen_now

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("encoder")]
Install = Callable[..., None]


def estimate_of(entry: Entry) -> CheckResult:
    return (
        CheckResult.objects.filter(screening__entry=entry, check_name="synthetic")
        .exclude(code="synthetic.second_opinion")
        .latest("pk")
    )


def cloaked(content: bytes | None = None, **fields: Any) -> Entry:
    """An entry as ``make_entry`` makes it, whose statement names Glaze."""
    entry = make_draft(state=State.RECEIVED, submitted_at=timezone.now(), **fields)
    make_artwork(entry, content=content)
    make_disclosure(entry, cloaks=["glaze"])
    return entry


def test_signs_bring_a_person_and_a_map(a_head: Install) -> None:
    a_head(3.0)
    entry = make_entry()

    verdict = screen_now(entry)

    found = estimate_of(entry)
    assert verdict.route == Route.PERSON
    assert (found.code, found.outcome) == ("synthetic.signs_of_generation", "flag")
    assert len(found.data["map"]) == STEPS**2
    assert (found.data["known"], found.data["as_high"]) == (199, 0)
    assert found.data["device"] == "cpu"


def test_a_budget_of_none_keeps_the_lane_silent_for_that_medium_only(a_head: Install) -> None:
    a_head(3.0)
    none = PRESETS["apart"].with_budgets({"photograph": 0})
    silent, other = make_entry(contest=make_contest(rules=none)), make_entry()

    assert (screen_now(silent).route, screen_now(other).route) == (Route.HUMAN, Route.PERSON)
    assert estimate_of(silent).data["reason"] == "no_budget"


def test_too_few_human_works_keep_the_lane_silent_and_it_says_so(a_head: Install) -> None:
    a_head(3.0, known=(Medium.LINE_ART,))
    entry = make_entry()

    verdict = screen_now(entry)

    found = estimate_of(entry)
    assert verdict.route == Route.HUMAN
    assert (found.data["band"], found.data["reason"]) == ("cannot_tell", "too_few_human_works")
    assert "map" not in found.data


def test_a_wider_budget_needs_fewer_human_works(a_head: Install) -> None:
    a_head(3.0, known=())
    wide = PRESETS["apart"].with_budgets({"photograph": 50})

    assert screen_now(make_entry(contest=make_contest(rules=wide))).route == Route.PERSON


def test_a_corrected_medium_counts_from_the_next_look_on(a_head: Install) -> None:
    a_head(3.0, known=(Medium.PHOTOGRAPH,))
    entry = make_entry()
    screen_now(entry)
    first = estimate_of(entry)
    knowing.correct_medium(entry.artworks.get(), Medium.TRADITIONAL_SCAN, by=make_user())

    again = screen_now(entry)

    second = estimate_of(entry)
    first.refresh_from_db()
    assert (first.data["medium"], first.data["medium_by"]) == ("photograph", "estimate")
    assert (second.data["medium"], second.data["medium_by"]) == ("traditional_scan", "reviewer")
    assert again.route == Route.HUMAN


def test_a_cloaked_work_goes_to_a_person_without_a_flag(a_head: Install) -> None:
    a_head(3.0)
    entry = cloaked()

    verdict = screen_now(entry)

    assert verdict.route == Route.PERSON
    assert [reason["rule"] for reason in verdict.reasons if reason["rule"].startswith("synthetic.")] == [
        "synthetic.cloaked"
    ]
    assert verdict.proposal == Route.HUMAN
    assert not CheckResult.objects.filter(screening__entry=entry, outcome="flag").exists()
    assert estimate_of(entry).data["reason"] == "cloaked"
    assert Case.objects.open().get().entry == entry


@pytest.mark.parametrize("preset", PRESETS)
def test_no_rules_count_a_cloak_against_its_maker(a_head: Install, preset: str) -> None:
    a_head(3.0)
    entry = cloaked(contest=make_contest(rules=PRESETS[preset]))

    verdict = screen_now(entry)

    entry.refresh_from_db()
    assert (verdict.route, verdict.proposal, verdict.grounds) == (Route.PERSON, Route.HUMAN, [])
    assert entry.state == State.HELD
    assert reasons.for_reviewer(verdict) == [wording.to_reviewer("synthetic.cloaked", {})]


def test_a_really_cloaked_work_goes_to_a_person_without_a_flag() -> None:
    work = shared_data.require("cloaked") / "work00-cloak1.webp"
    entry = cloaked(work.read_bytes())

    verdict = screen_now(entry)

    assert verdict.route == Route.PERSON
    assert not CheckResult.objects.filter(
        screening__entry=entry, check_name="synthetic", outcome="flag"
    ).exists()


PLUGIN = """
class Grey:
    name = "Grey detector"
    version = "7"

    def judge(self, pixels):
        return float(abs(pixels.astype(float) - pixels.mean(axis=2, keepdims=True)).mean() < 1)


class Broken:
    name = "Broken"
    version = "0"

    def judge(self, pixels):
        return 7.0


GREY, BROKEN = Grey(), Broken()
"""


@pytest.fixture
def plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A package with two second opinions, installed as packages are: a module and its metadata."""
    (tmp_path / "grey_detector.py").write_text(PLUGIN)
    told = tmp_path / "grey_detector-7.dist-info"
    told.mkdir()
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: grey-detector\nVersion: 7\n")
    (told / "entry_points.txt").write_text(
        "[vernissage.second_opinions]\ngrey = grey_detector:GREY\nbroken = grey_detector:BROKEN\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    yield
    sys.modules.pop("grey_detector", None)


def test_a_second_opinion_is_a_finding_of_its_own(a_head: Install, plugins: None) -> None:
    a_head(-5.0)
    entry = make_entry()

    verdict = screen_now(entry)

    opinions = CheckResult.objects.filter(screening__entry=entry, code="synthetic.second_opinion")
    assert verdict.route == Route.HUMAN
    assert [(one.data["plugin"], one.score, one.outcome) for one in opinions] == [
        ("Broken", None, "clear"),
        ("Grey detector", 0.0, "clear"),
    ]
    assert opinions[0].data["problem"] == "its score lies outside 0 to 1"
    assert opinions[1].versions == {"opinion": "7"}
    assert estimate_of(entry).data["band"] == "no_sign"
