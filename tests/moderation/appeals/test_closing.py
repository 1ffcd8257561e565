"""A category with an open appeal is not closed, unless an organizer signs that it is."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from moderation import closings, transparency
from moderation.appeals import ending
from moderation.models import Appeal, CategoryClosing, Waiver
from moderation.people import erasing, exporting, leaving
from moderation.record import receipts, verifying
from moderation.transparency import Count
from moderation.verdicts import Route
from submissions.models import Category, CategoryKind, Contest, ErasedBy, Role, User
from submissions.states import State
from tests.factories import make_contest, make_entry, make_member
from tests.moderation.appeals.rows import (
    answered,
    apart,
    appealed,
    close_contest,
    decided,
    later,
    rejected,
)
from tests.moderation.record.test_chain import handed_in
from tests.moderation.test_transparency import end

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
SURE = {"sure": "on"}
SIGNED = {"signed": "Ines Ortega", "reason": "The prizes are handed over tonight."}


def over(contest: Contest | None = None) -> Contest:
    contest = contest or make_contest()
    close_contest(contest)
    return contest


def category(contest: Contest, kind: CategoryKind = CategoryKind.HUMAN) -> Category:
    return contest.categories.get(kind=kind)


def test_a_category_is_closed_once_the_contest_takes_no_entries() -> None:
    contest = make_contest()
    by = make_member(contest.organization)
    with pytest.raises(closings.StillOpen):
        closings.close(category(contest), by=by)
    over(contest)

    closing = closings.close(category(contest), by=by)

    assert (closing.signed, closing.reason) == ("", "")
    with pytest.raises(closings.AlreadyClosed):
        closings.close(category(contest), by=by)
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        CategoryClosing.objects.all().delete()


@pytest.mark.parametrize(
    ("appeal", "kind"),
    [
        (lambda: appealed(rejected()), CategoryKind.HUMAN),  # asks to hang in it
        (lambda: appealed(decided(Route.AI)), CategoryKind.HUMAN),
        (lambda: appealed(decided(Route.AI)), CategoryKind.AI),  # hangs in it
        (lambda: appealed(apart(), asks=Route.AI), CategoryKind.AI),
        (lambda: appealed(rejected(), asks=Route.AI_APART), CategoryKind.AI),
    ],
)
def test_an_open_appeal_keeps_its_category_open_by_verb_and_database(
    appeal: Callable[[], Appeal], kind: CategoryKind
) -> None:
    filed = appeal()
    contest = over(filed.entry.contest)
    by = make_member(contest.organization)
    closed = category(contest, kind)

    with pytest.raises(closings.NeedsWaiver):
        closings.close(closed, by=by, signed="Ines", reason="  ")
    for half in ({}, {"signed": "Ines"}, {"reason": "Now."}):
        with pytest.raises(DatabaseError, match="signed waiver"), transaction.atomic():
            CategoryClosing.objects.create(category=closed, by=by, **half)

    answered(filed, Route(filed.stood))
    assert closings.close(closed, by=by).signed == ""


def test_an_appeal_that_does_not_touch_it_is_no_hindrance() -> None:
    filed = appealed(rejected())
    contest = over(filed.entry.contest)

    assert closings.close(category(contest, CategoryKind.AI), by=make_member(contest.organization))


@pytest.mark.django_db(transaction=True)
def test_a_signed_waiver_closes_it_stands_on_the_record_and_the_entry_still_returns(
    client: Client, as_person: SignIn
) -> None:
    contest = make_contest()
    entry = rejected(entry=handed_in(contest))
    before = make_entry(contest=contest, state=State.HUNG)
    filed = appealed(entry)
    over(contest)
    closings.close(category(contest), by=make_member(contest.organization), **SIGNED)

    answered(filed, Route.HUMAN)

    entry.refresh_from_db()
    assert (entry.state, entry.category) == (State.HUNG, category(contest))
    assert closings.hung_after(entry)
    assert not closings.hung_after(before)
    assert verifying.walk(contest).broken is None
    (link,) = [
        one for one in receipts.receipt(entry, entry.entrant)["signed"]["links"] if one["kind"] == "waiver"
    ]
    assert link["shown"]["reason"]["value"] == SIGNED["reason"]
    gallery = client.get(f"/contests/{contest.slug}/gallery/").content.decode()
    assert gallery.count("Hung after the category was closed") == 1
    assert "Its results stand." in gallery
    shown = client.get(f"/contests/{contest.slug}/gallery/{entry.public_id}/").content.decode()
    assert "Hung after the category was closed" in shown
    own = as_person(entry.entrant).get(f"/entries/{entry.public_id}/").content.decode()
    assert SIGNED["signed"] in own
    assert SIGNED["reason"] in own
    told = client.get(f"/contests/{contest.slug}/transparency/").content.decode()
    assert SIGNED["reason"] in told
    assert "closed on" in client.get(f"/contests/{contest.slug}/").content.decode()


def test_jurors_learn_that_it_is_closed_and_nothing_of_appeals(as_person: SignIn) -> None:
    filed = appealed(rejected())
    contest = over(filed.entry.contest)
    closings.close(category(contest), by=make_member(contest.organization), **SIGNED)
    answered(filed, Route.HUMAN)

    page = as_person(make_member(contest.organization, Role.JUROR)).get(f"/contests/{contest.slug}/jury/")

    said = page.content.decode()
    assert filed.entry.title in said
    assert "Its results stand." in said
    assert "ppeal" not in said.partition("<main")[2]
    assert "Hung after" not in said


def test_the_page_closes_and_asks_for_a_signature_where_appeals_are_open(as_person: SignIn) -> None:
    filed = appealed(rejected())
    contest = filed.entry.contest
    client = as_person(make_member(contest.organization))
    page = f"/organize/contest/{contest.slug}/closing/"
    early = client.get(page).content.decode()
    refused = client.post(f"{page}ai/", SURE, follow=True).content.decode()
    over(contest)

    ready = client.get(page).content.decode()
    unsure = client.post(f"{page}human/", SIGNED)
    unsigned = client.post(f"{page}human/", SURE)
    nothing = CategoryClosing.objects.count()
    signed = client.post(f"{page}human/", {**SURE, **SIGNED}, follow=True).content.decode()
    client.post(f"{page}ai/", SURE)

    assert "The contest still takes entries." in early
    assert "still takes entries" in refused
    assert "Appeals are open about entries" in ready
    assert (unsure.status_code, unsigned.status_code, nothing) == (200, 200, 0)
    assert set(unsigned.context["bound"].errors) == {"signed", "reason"}
    assert "Signed by Ines Ortega, over 1 open appeal" in signed
    assert Waiver.objects.get().appeal == filed
    assert CategoryClosing.objects.filter(category__contest=contest).count() == 2
    assert client.post(f"{page}nothing/", SURE).status_code == 404


def test_a_signature_goes_with_the_account_of_who_signed() -> None:
    filed = appealed(rejected())
    contest = over(filed.entry.contest)
    by = make_member(contest.organization)
    closings.close(category(contest), by=by, **SIGNED)

    told = exporting.about(by)["categories_you_closed"]
    leaving.erase_person(by, by=ErasedBy.ENTRANT)

    assert [one["reason"] for one in told] == [SIGNED["reason"]]
    assert CategoryClosing.objects.get().signed == "–"
    assert Waiver.objects.get().reason == SIGNED["reason"]


def test_an_erased_entry_takes_the_reason_for_passing_over_its_appeal() -> None:
    filed = appealed(rejected())
    contest = over(filed.entry.contest)
    closings.close(category(contest), by=make_member(contest.organization), **SIGNED)

    erasing.withdraw_and_erase(filed.entry, by=ErasedBy.ENTRANT)

    closing = CategoryClosing.objects.get()
    assert (closing.reason, Waiver.objects.get().reason) == ("–", "–")
    assert closing.signed == SIGNED["signed"]


def test_the_transparency_page_counts_appeals_behind_its_veil(client: Client) -> None:
    contest = make_contest()
    organizer = make_member(contest.organization)
    filed = [appealed(rejected(contest=contest, by=organizer)) for _each in range(4)]
    for appeal, route in zip(filed[:3], (Route.HUMAN, Route.REJECT, Route.AI), strict=True):
        answered(appeal, route)
    veiled = transparency.figures(contest)
    end(contest)
    waiting = transparency.is_judged(contest)
    with later(11):
        ending.lapse_all()
    found = transparency.figures(contest)
    rows = [row for row in transparency.rows(contest) if row["figure"] == "appeal"]
    page = client.get(f"/contests/{contest.slug}/transparency/").content.decode()

    assert set(veiled.appeals.values()) == {Count(0, 4)}
    assert waiting  # an appeal that is open keeps the veil
    assert {name: count.low for name, count in found.appeals.items()} == {
        "filed": 4,
        "upheld": 1,
        "partly": 1,
        "overturned": 1,
        "lapsed": 1,
    }
    assert {row["group"] for row in rows if row["day"]} == {*found.appeals}
    assert "Not decided in time: ended as the entrant asked" in page
