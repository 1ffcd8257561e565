"""What people see of estimates, and what they can tell."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from moderation import impressions
from moderation.detector import model_version
from moderation.estimates.silences import review
from moderation.models import Guess, KnownMaking, LaneSilence, MediumCorrection
from moderation.verdicts import Finding, Route
from submissions.models import Role, User
from submissions.rules import PRESETS, Rules
from tests.factories import make_contest, make_entry, make_member
from tests.moderation.estimates.test_truth import decide, held
from tests.moderation.rows import SIGNS, make_case, make_desk

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
MAP = [
    {"left": x / 4, "top": y / 4, "width": 0.5, "height": 0.5, "score": (x + y) / 8}
    for y in range(3)
    for x in range(3)
]


def signs(**data: Any) -> Finding:
    told = {**SIGNS.data, "logit": 2.5, "known": 301, "as_high": 2, **data}
    return replace(SIGNS, data=told, versions={"model": model_version()})


def test_the_case_page_shows_band_meaning_plot_and_map(as_person: SignIn) -> None:
    contest, organizer = make_desk()
    case = make_case(signs(map=MAP), contest=contest)
    impressions.say(case.entry, Guess.UNSURE, by=organizer)

    page = as_person(organizer).get(f"/organize/case/{case.pk}/").content.decode()

    assert "scale__among" in page
    assert "Of 301, 2 score as high." in page
    assert page.count('fill-opacity="') == 16
    assert "Of 1,000 human works taken for line art, at most 10 are expected to score as high." in page


def test_an_estimate_of_another_model_is_not_drawn_among_works_it_was_not_set_by(as_person: SignIn) -> None:
    contest, organizer = make_desk()
    case = make_case(SIGNS, contest=contest)
    impressions.say(case.entry, Guess.UNSURE, by=organizer)

    page = as_person(organizer).get(f"/organize/case/{case.pk}/").content.decode()

    assert "scale__score" in page
    assert "scale__among" not in page


def test_a_reviewer_corrects_the_medium_and_reads_what_follows(as_person: SignIn) -> None:
    contest, organizer = make_desk()
    case = make_case(signs(), contest=contest)
    impressions.say(case.entry, Guess.UNSURE, by=organizer)
    artwork = case.entry.artworks.get()
    client = as_person(organizer)

    answer = client.post(
        f"/organize/entry/{case.entry.public_id}/pictures/{artwork.public_id}/medium/",
        {"medium": "pixel_art"},
        follow=True,
    )

    assert MediumCorrection.objects.get().medium == "pixel_art"
    page = answer.content.decode()
    assert answer.redirect_chain[-1][0] == f"/organize/case/{case.pk}/"
    assert "Corrected to “pixel art”." in page
    assert "The same number then means: Cannot tell." in page


def test_a_medium_of_no_list_is_refused(as_person: SignIn) -> None:
    contest, organizer = make_desk()
    case = make_case(signs(), contest=contest)
    artwork = case.entry.artworks.get()

    as_person(organizer).post(
        f"/organize/entry/{case.entry.public_id}/pictures/{artwork.public_id}/medium/", {"medium": "tapestry"}
    )

    assert not MediumCorrection.objects.exists()


def test_another_entrys_picture_is_not_found(as_person: SignIn) -> None:
    contest, organizer = make_desk()
    case, other = make_case(signs(), contest=contest), make_entry()

    answer = as_person(organizer).post(
        f"/organize/entry/{case.entry.public_id}/pictures/{other.artworks.get().public_id}/medium/",
        {"medium": "pixel_art"},
    )

    assert answer.status_code == 404


def test_a_golden_case_is_noted_on_its_page(as_person: SignIn) -> None:
    contest, organizer = make_desk()
    case = make_case(signs(), contest=contest)
    path = f"/organize/entry/{case.entry.public_id}/making/"
    client = as_person(organizer)

    client.post(path, {"making": "human", "source": ""})
    assert not KnownMaking.objects.exists()
    page = client.post(path, {"making": "human", "source": "Every layer is there"}, follow=True)

    assert "Every layer is there" in page.content.decode()
    assert KnownMaking.objects.get().by == organizer


def test_the_contests_page_counts_and_lets_the_lane_speak_again(as_person: SignIn) -> None:
    contest, organizer = make_desk()
    for _ in range(2):
        decide(held(contest), Route.HUMAN)
    client = as_person(organizer)

    page = client.get(f"/organize/contest/{contest.slug}/").content.decode()
    silence = LaneSilence.objects.filter(medium="").get()
    client.post(f"/organize/contest/{contest.slug}/silences/{silence.pk}/end/")

    assert "100.0 %" in page
    assert "people cleared 2 of 2 human works" in page
    silence.refresh_from_db()
    assert silence.ended_by == organizer
    assert review(contest) == []


def test_budgets_are_rules_of_a_version(as_person: SignIn) -> None:
    contest, organizer = make_desk()
    budgets = {f"held_{name}": "10" for name in ("photograph", "line_art", "pixel_art", "render_3d")}

    as_person(organizer).post(
        f"/organize/contest/{contest.slug}/rules/",
        {"preset": "human_only", **budgets, "held_photograph": "3", "held_digital_painting": ""},
    )

    rules = contest.policy.rules
    assert contest.policy.number == 2
    assert (rules.budget("photograph"), rules.budget("digital_painting")) == (3, 10)
    assert rules.with_budgets({}) == PRESETS["human_only"]
    assert Rules.from_json(contest.policy.document) == rules


def test_a_budget_beyond_reason_is_refused(as_person: SignIn) -> None:
    contest, organizer = make_desk()

    as_person(organizer).post(
        f"/organize/contest/{contest.slug}/rules/", {"preset": "apart", "held_photograph": "900"}
    )

    assert contest.policy.number == 1


@pytest.mark.parametrize("language", ["en", "ko"])
def test_everybody_reads_how_it_was_measured(client: Client, language: str) -> None:
    answer = client.get("/detector/", headers={"accept-language": language})

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "/static/detector/reliability" in page
    assert "head-" in page


def test_jurors_do_not_see_estimates(as_person: SignIn) -> None:
    contest = make_contest()
    case = make_case(signs(), contest=contest)
    juror = make_member(contest.organization, Role.JUROR)

    assert as_person(juror).get(f"/organize/case/{case.pk}/").status_code == 404
