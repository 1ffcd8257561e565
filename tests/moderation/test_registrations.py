"""What a match does, whose word counts, and what a work that comes later finds."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from matching import registry
from matching.models import Artist, Conflict, OnMatch, ProofState, Work, WorkState
from matching.registry import proofs, sharing
from moderation import decisions, ledger, originals, rechecks, regions, registrations
from moderation.credentials import trusting
from moderation.models import ArtworkLooks, Case, LedgerLine, Recheck, Sighting
from moderation.verdicts import Route
from submissions.models import Entry, Membership, Organization, Role, User
from submissions.states import State
from submissions.transitions import move
from tests.factories import (
    make_artwork,
    make_contest,
    make_disclosure,
    make_draft,
    make_member,
    make_organization,
    make_user,
)
from tests.matching.factories import drawing, make_artist, make_work
from tests.moderation.provenance.signing import IPTC, Made, authority, created, leaf, picture, sign
from tests.moderation.screened import screen_now
from tests.pictures import as_file

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("encoder")]
SignIn = Callable[[User], Client]


def entry_with(content: bytes, **fields: Any) -> Entry:
    """Handed in, with this picture."""
    entry = make_draft(state=State.RECEIVED, submitted_at="2026-01-01T00:00Z", **fields)
    make_artwork(entry, content=content)
    make_disclosure(entry)
    return entry


def registered(content: bytes, *, vouched: bool = True, artist: Artist | None = None, **facts: Any) -> Work:
    work = make_work(artist, content=content, **facts)
    if vouched:
        proofs.vouch(work.artist, work=None, organization="salon", by=make_user())
    registry.embed(work)
    registry.examine(work)
    work.refresh_from_db()
    return work


PICTURE = as_file(drawing(900))


# What a match does


@pytest.mark.parametrize(
    ("vouched", "code", "state"),
    [(True, "copy.verified", State.HELD), (False, "copy.quarantined", State.HUNG)],
)
def test_a_match_with_an_unproved_work_is_a_note_and_holds_nothing(
    vouched: bool, code: str, state: State
) -> None:
    registered(PICTURE, vouched=vouched)

    entry = entry_with(PICTURE)
    verdict = screen_now(entry)

    entry.refresh_from_db()
    found = verdict.screening.results.get(check_name="registry")
    assert (found.code, entry.state) == (code, state)
    assert Sighting.objects.get().code == code


def test_terms_exempt_licensees_and_other_countries() -> None:
    artist = make_artist(licensed_accounts=["friend@example.org"], territories=["KR"])
    registered(PICTURE, artist=artist)
    friend = make_user(email="friend@example.org")

    states = []
    for entrant, country in ((friend, "KR"), (make_user(), "DE"), (make_user(), "KR"), (make_user(), "")):
        entry = entry_with(PICTURE, entrant=entrant, contest=make_contest(country=country))
        verdict = screen_now(entry)
        states.append(verdict.screening.results.get(check_name="registry").code)

    assert states == ["copy.permitted", "copy.permitted", "copy.verified", "copy.verified"]


def test_the_strictest_of_two_owners_wins() -> None:
    work = registered(PICTURE, artist=make_artist(owner=make_user()), on_match=OnMatch.NOTIFY_ONLY)
    other = make_artist(owner=make_user(), on_match=OnMatch.BLOCK)
    sharing.accept(sharing.ask(work, email="other@example.org"), artist=other)

    entry = entry_with(PICTURE)
    verdict = screen_now(entry)

    entry.refresh_from_db()
    assert verdict.screening.results.get(check_name="registry").data["on_match"] == OnMatch.BLOCK
    assert entry.state == State.HELD


def test_the_matched_entrant_sees_the_part_that_is_meant_and_not_the_work(as_person: SignIn) -> None:
    work = registered(PICTURE, title="Tide")
    entry = entry_with(PICTURE)
    screen_now(entry)
    client = as_person(entry.entrant)

    page = client.get(reverse("submissions:entry", args=[entry.public_id])).content.decode()
    part = client.get(reverse("moderation:match_region", args=[Sighting.objects.get().public_id]))
    picture_of_work = client.get(reverse("matching:work_picture", args=[work.public_id, "display"]))

    assert "The part of your picture that is meant" in page
    assert str(work.public_id) not in page
    assert (part.status_code, picture_of_work.status_code) == (200, 404)


# Shares


def test_an_entry_that_hangs_owes_its_share_and_no_longer_once_it_is_taken_down() -> None:
    artist = make_artist(name="=Formula", on_match=OnMatch.SHARE_REVENUE, share_percent=15)
    registered(PICTURE, artist=artist, title="Tide")
    contest = make_contest()
    entry = entry_with(PICTURE, contest=contest)
    screen_now(entry)
    before = LedgerLine.objects.count()

    decisions.decide(Case.objects.get(), by=make_user(), route=Route.HUMAN, reason="Agreed with the artist.")
    entry.refresh_from_db()
    owed = [(line.percent, line.work.title, line.ends) for line in LedgerLine.objects.all()]
    move(entry, State.WITHDRAWN, because="entrant")

    assert (before, owed) == (0, [(15, "Tide", None)])
    assert not ledger.open_lines(entry).exists()
    rows = list(ledger.as_rows(ledger.of_organization(contest.organization)))
    assert [(row["kind"], row["percent"], row["owners"]) for row in rows] == [
        ("owes", 15, ["=Formula"]),
        ("ends", 15, ["=Formula"]),
    ]
    file = io.StringIO()
    ledger.write_csv(file, ledger.of_organization(contest.organization))
    assert [row["owners"] for row in csv.DictReader(io.StringIO(file.getvalue()))] == ["'=Formula"] * 2


def test_the_ledger_is_exported(as_person: SignIn) -> None:
    artist = make_artist(on_match=OnMatch.SHARE_REVENUE, share_percent=7)
    registered(PICTURE, artist=artist)
    contest = make_contest()
    screen_now(entry_with(PICTURE, contest=contest))
    decisions.decide(Case.objects.get(), by=make_user(), route=Route.AI, reason="Agreed.")
    client = as_person(make_member(contest.organization))
    slug = contest.organization.slug

    told = client.get(reverse("moderation:ledger_file", args=[slug, "json"]))
    table = client.get(reverse("moderation:ledger_file", args=[slug, "csv"]))

    assert [row["percent"] for row in json.loads(told.content)] == [7]
    assert table.content.decode("utf-8-sig").splitlines()[0].startswith("line,at,kind")


# Works that come later


def test_a_work_that_comes_later_is_found_in_earlier_entries_and_judges_nothing() -> None:
    hung, other = entry_with(PICTURE), entry_with(as_file(drawing(901)))
    verdict = screen_now(hung)
    screen_now(other)

    work = registered(PICTURE)
    rechecks.run()

    hung.refresh_from_db()
    seen = Sighting.objects.get()
    assert (seen.work, seen.artwork.entry, seen.later, seen.code) == (work, hung, True, "copy.verified")
    assert (hung.state, hung.screenings.count(), hung.cases.count()) == (State.HUNG, 1, 0)
    assert verdict.screening.results.filter(code="copy.verified").count() == 0
    assert (Recheck.objects.get().compared, rechecks.waiting().count()) == (2, 0)


def test_entries_of_which_nothing_was_kept_are_read_again() -> None:
    entry = entry_with(PICTURE)
    screen_now(entry)
    ArtworkLooks.objects.all().delete()

    registered(PICTURE)
    rechecks.run()

    assert Sighting.objects.get().artwork.entry == entry


def test_a_picture_that_cannot_be_read_keeps_no_work_waiting() -> None:
    entry_with(b"no picture at all")

    registered(PICTURE)

    assert rechecks.run() == 1
    assert rechecks.run() == 0


def test_a_cropped_part_is_found_later_too() -> None:
    pixels = drawing(902)
    crop = np.ascontiguousarray(pixels[20:200, 30:260])
    screen_now(entry_with(as_file(crop, "JPEG", quality=85)))

    registered(as_file(pixels))
    rechecks.run()

    assert Sighting.objects.get().data["by"] == "geometry"


def test_an_artists_own_entry_drafts_and_withdrawn_works_are_left_alone() -> None:
    artist = make_artist(owner=make_user())
    screen_now(entry_with(PICTURE, entrant=artist.owner))
    make_artwork(make_draft(), content=PICTURE)
    withdrawn = make_work(content=as_file(drawing(903)))
    registry.embed(withdrawn)
    registry.examine(withdrawn)
    registry.withdraw(withdrawn)

    registered(PICTURE, artist=artist)
    rechecks.run()

    assert not Sighting.objects.exists()
    assert Work.objects.get(pk=withdrawn.pk).state == WorkState.WITHDRAWN


def test_the_artist_sees_the_region_and_the_organizer_what_it_means(as_person: SignIn) -> None:
    artist = make_artist(owner=make_user())
    contest = make_contest()
    entry = entry_with(PICTURE, contest=contest, title="Planted title")
    screen_now(entry)
    registered(PICTURE, artist=artist, title="Tide")
    rechecks.run()
    assert artist.owner is not None
    organizer = as_person(make_member(contest.organization))
    seen = Sighting.objects.get()
    address = reverse("moderation:match_region", args=[seen.public_id])

    page = as_person(artist.owner).get(reverse("moderation:artist_matches", args=[artist.public_id]))
    region = as_person(artist.owner).get(address)
    stranger = as_person(make_user()).get(address)
    later = organizer.get(reverse("moderation:later"))
    noted = organizer.post(reverse("moderation:note_later", args=[seen.public_id]))
    empty = organizer.get(reverse("moderation:later"))

    text = page.content.decode()
    assert "Tide" in text
    assert "Planted title" not in text
    assert entry.entrant.email not in text
    assert str(entry.entrant) not in text
    assert (region.status_code, stranger.status_code, noted.status_code) == (200, 404, 302)
    assert Image.open(io.BytesIO(region.content)).format == "WEBP"
    assert "Planted title" in later.content.decode()
    assert "with a person" in later.content.decode()
    assert "Planted title" not in empty.content.decode()


def test_around_the_region_nothing_shows() -> None:
    white = as_file(np.full((100, 200, 3), 255, np.uint8))

    cut = Image.open(io.BytesIO(regions.cut(white, [(0.5, 0.0), (1.0, 0.0), (1.0, 1.0)])))

    assert (cut.width, cut.height) == (101, 101) or (cut.width, cut.height) == (100, 100)
    inside, outside = cut.convert("L").getpixel((90, 10)), cut.convert("L").getpixel((5, 95))
    assert isinstance(inside, int | float)
    assert isinstance(outside, int | float)
    assert inside > 240
    assert 110 < outside < 146


# Proof in the file itself


def test_credentials_of_a_known_signer_are_proof_and_others_are_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    root = authority()
    made = Made([created(f"{IPTC}digitalCapture")])
    signed = sign(picture(5), leaf(root), made)
    monkeypatch.setattr(originals, "public_lists", lambda: root.trusted)
    known = make_work(content=signed)
    originals.look(known)
    monkeypatch.setattr(originals, "public_lists", trusting.public_lists)
    unknown = make_work(content=sign(picture(6), leaf(root), made))

    originals.look(unknown)
    originals.look(unknown)  # twice does no harm

    assert known.proofs.get().state == ProofState.ACCEPTED
    assert unknown.proofs.get().state == ProofState.OPEN
    assert registry.standing(known).counts
    assert not registry.standing(unknown).counts


def test_credentials_that_say_ai_prove_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    root = authority()
    monkeypatch.setattr(originals, "public_lists", lambda: root.trusted)
    work = make_work(content=sign(picture(7), leaf(root), Made([created(f"{IPTC}trainedAlgorithmicMedia")])))

    originals.look(work)

    assert not work.proofs.exists()


# Who decides


@pytest.fixture
def trusted() -> Organization:
    return make_organization(slug="trusted-house", is_trusted=True)


def test_only_trusted_organizations_decide_and_never_their_own(trusted: Organization) -> None:
    organizer, outsider = make_member(trusted), make_member(make_organization())
    artist = make_artist(owner=make_user())
    asked = proofs.ask_vouching(artist, work=None, organization=trusted.slug)
    own = proofs.ask_vouching(make_artist(owner=organizer), work=None, organization=trusted.slug)
    elsewhere = proofs.ask_vouching(artist, work=None, organization="another-house")

    assert list(registrations.open_proofs(organizer)) == [asked]
    assert not registrations.open_proofs(outsider).exists()
    assert own.state == elsewhere.state == ProofState.OPEN
    assert not registrations.may_judge(outsider)


def test_who_vouches_for_one_side_does_not_decide(trusted: Organization) -> None:
    neutral = make_member(make_organization(is_trusted=True))
    organizer = make_member(trusted)
    older, newer = (make_artist(owner=make_user()) for _ in range(2))
    proofs.vouch(older, work=None, organization=trusted.slug, by=organizer)
    Conflict.objects.create(older=make_work(older), newer=make_work(newer), due_at="2030-01-01T00:00Z")

    assert newer.owner is not None
    Membership.objects.create(
        organization=Organization.objects.get(slug=neutral.organizations.get().slug),
        user=newer.owner,
        role=Role.OWNER,
    )

    assert list(registrations.open_conflicts(neutral)) == [Conflict.objects.get()]
    assert not registrations.open_conflicts(organizer).exists()
    assert not registrations.open_conflicts(newer.owner).exists()


def test_a_decision_is_made_on_the_page(as_person: SignIn, trusted: Organization) -> None:
    client = as_person(make_member(trusted))
    artist = make_artist(owner=make_user())
    proof = proofs.ask_vouching(artist, work=None, organization=trusted.slug)
    address = reverse("moderation:decide_proof", args=[proof.public_id])

    silent = client.post(address, {"state": "accepted"})
    proof.refresh_from_db()
    before = proof.state
    said = client.post(address, {"state": "accepted", "note": "Taught here since 2020."})

    proof.refresh_from_db()
    assert (silent.status_code, before, said.status_code) == (302, ProofState.OPEN, 302)
    assert (proof.state, proof.note) == (ProofState.ACCEPTED, "Taught here since 2020.")
