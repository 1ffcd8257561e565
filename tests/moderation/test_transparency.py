"""What everybody may read of a contest's judging, and what watching it must not tell."""

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from moderation import decisions, transparency
from moderation.transparency import Count
from moderation.verdicts import Route
from submissions.models import Contest, Entry
from submissions.states import State
from tests.factories import make_contest, make_member
from tests.moderation.record.test_chain import handed_in
from tests.moderation.rows import CONTRADICTION, NO_CREDENTIALS, SIGNS, make_judged

pytestmark = pytest.mark.django_db


def decide(entry: Entry, route: Route) -> None:
    by = make_member(entry.contest.organization)
    grounds = ["statement"] if route == Route.REJECT else []
    decisions.decide(entry.cases.get(), by=by, route=route, reason="Looked.", grounds=grounds)


def judged_contest() -> Contest:
    """Three held, of which one hung; two through at once."""
    contest = make_contest()
    held = [
        make_judged(SIGNS, entry=handed_in(contest)),
        make_judged(CONTRADICTION, entry=handed_in(contest)),
    ]
    held.append(make_judged(SIGNS, CONTRADICTION, entry=handed_in(contest)))
    for _ in range(2):
        make_judged(NO_CREDENTIALS, entry=handed_in(contest))
    for entry, route in zip(held, (Route.HUMAN, Route.REJECT, Route.REJECT), strict=True):
        decide(entry, route)
    return contest


def end(contest: Contest) -> Contest:
    long_ago = timezone.now() - transparency.JURY_DAYS - timedelta(days=2)
    Contest.objects.filter(pk=contest.pk).update(opens_at=long_ago - timedelta(days=9), closes_at=long_ago)
    contest.refresh_from_db()
    return contest


def test_afterwards_every_number_is_exact() -> None:
    found = transparency.figures(end(judged_contest()))

    assert not found.is_judged
    assert found.entries == Count(5, 5)
    assert {route: count.low for route, count in found.routes.items() if count.low} == {
        "human": 2,
        "person": 3,
    }
    assert {lane: count.low for lane, count in found.holds.items() if count.low} == {
        "synthetic": 2,
        "statement": 2,
    }
    assert {lane: count.low for lane, count in found.overturned.items() if count.low} == {"synthetic": 1}
    assert (found.held, found.decided) == (Count(3, 3), Count(3, 3))
    assert found.hours is not None


def test_while_it_is_judged_one_entry_more_changes_nothing_that_is_told() -> None:
    contest = judged_contest()
    before = list(transparency.rows(contest))

    decide(make_judged(SIGNS, entry=handed_in(contest)), Route.HUMAN)
    after = list(transparency.rows(contest))

    told = [row for row in after if row["figure"] != "entries"]
    assert told == [row for row in before if row["figure"] != "entries"]
    assert not any(row["day"] for row in after)
    assert all(row["number"] % 5 == 0 for row in after)
    assert transparency.figures(contest).hours is None


def test_an_entry_that_waits_keeps_the_veil_after_the_closing() -> None:
    contest = end(judged_contest())
    assert not transparency.is_judged(contest)

    entry = contest.entries.filter(state=State.HUNG).first()
    assert entry is not None
    Entry.objects.filter(pk=entry.pk).update(state=State.HELD, category=None)

    assert transparency.is_judged(contest)


def test_page_and_files_are_for_everybody_and_say_the_same(client: Client) -> None:
    contest = end(judged_contest())

    page = client.get(f"/contests/{contest.slug}/transparency/")
    table = client.get(f"/contests/{contest.slug}/transparency.csv")
    document = client.get(f"/contests/{contest.slug}/transparency.json")

    assert page.status_code == 200
    lines = list(csv.DictReader(io.StringIO(table.getvalue().decode())))
    rows = json.loads(document.getvalue())["rows"]
    assert [{name: str(value) for name, value in row.items()} for row in rows] == lines
    assert {row["figure"] for row in rows} >= {"entries", "route", "hold", "overturned", "move", "decision"}
    assert client.get(f"/contests/{contest.slug}/transparency.xlsx").status_code == 404


@pytest.mark.parametrize(
    "path", ["transparency/", "transparency.csv", "record/heads.json", "record/chain.csv"]
)
def test_a_contest_that_is_not_published_tells_nothing(client: Client, path: str) -> None:
    contest = make_contest(published=False)

    assert client.get(f"/contests/{contest.slug}/{path}").status_code == 404


def test_titles_and_people_are_in_no_file(client: Client) -> None:
    contest = judged_contest()
    entry: Any = contest.entries.first()
    files = ("transparency/", "transparency.csv", "transparency.json", "record/chain.csv")

    for path in files:
        answer = client.get(f"/contests/{contest.slug}/{path}")
        said = (answer.getvalue() if answer.streaming else answer.content).decode()
        assert entry.title not in said
        assert str(entry.public_id) not in said
        assert str(entry.entrant) not in said
