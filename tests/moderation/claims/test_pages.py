"""A claim's pages: what each side sees of the other, and what they can do."""

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from moderation import decisions
from moderation.claims import answering, ending, reading, trust
from moderation.models import AnswerKind, Claim, ClaimAnswer, ClaimSuspension, Decision, ReviewSettings
from moderation.verdicts import Route
from submissions.models import Organization, User
from submissions.states import State
from submissions.uploads import take_process_file
from tests.factories import make_contest, make_member, make_user
from tests.moderation.claims.rows import (
    end_of,
    make_claim,
    make_claimable_work,
    make_claimant,
    make_hung,
    make_sighting,
    owner_of,
)
from tests.moderation.rows import CONTRADICTION, duplicate_of, make_judged

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
SECRET = "Zanzibar"


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_an_artist_claims_from_a_match_and_sees_only_the_region_before(as_person: SignIn) -> None:
    entry = make_hung(title=f"Harbour of {SECRET}", contest=make_contest(published=False))
    artist = make_claimant()
    sighting = make_sighting(entry, make_claimable_work(artist))
    client = as_person(owner_of(artist))
    matches = text(client, f"/artists/{artist.public_id}/matches/")
    form = f"/artists/{artist.public_id}/claims/new/?match={sighting.public_id}"
    picture = f"/pictures/{entry.artworks.get().public_id}/display"

    assert f"claims/new/?match={sighting.public_id}" in matches
    page = text(client, form)
    assert SECRET not in page
    assert picture not in page

    done = client.post(form, {"words": "My harbour, mirrored."})

    claim = Claim.objects.get()
    assert done["Location"] == f"/claims/{claim.public_id}/"
    assert (claim.sighting, claim.work) == (sighting, sighting.work)
    assert claim.region == sighting.data["region"]
    assert SECRET in text(client, done["Location"])


def test_an_artist_claims_by_hand_by_the_address_on_the_wall(as_person: SignIn) -> None:
    entry, artist = make_hung(), make_claimant()
    work = make_claimable_work(artist)
    client = as_person(owner_of(artist))
    wall = f"http://testserver/contests/{entry.contest.slug}/gallery/{entry.public_id}/?from=mail"
    form = f"/artists/{artist.public_id}/claims/new/"
    sent = {"work": str(work.public_id), "left": 10, "top": 20.5, "width": 50, "height": 30, "words": "Mine."}

    page = client.get(form, {"entry": wall})
    wrong = client.post(f"{form}?entry={wall}", {**sent, "width": 95})
    client.post(f"{form}?entry={wall}", sent)

    assert "data-drawing" in page.content.decode()
    assert "The region reaches beyond the picture." in wrong.content.decode()
    assert Claim.objects.get().region == [[0.1, 0.205], [0.6, 0.205], [0.6, 0.505], [0.1, 0.505]]


@pytest.mark.parametrize("path", ["/", "/contests/nowhere/", "not an address", "/organize/"])
def test_an_address_that_is_no_hung_work_finds_nothing(as_person: SignIn, path: str) -> None:
    artist = make_claimant()

    page = as_person(owner_of(artist)).get(f"/artists/{artist.public_id}/claims/new/", {"entry": path})

    assert "No work hangs at this address." in page.content.decode()


def test_what_is_not_public_is_not_found_by_its_address(as_person: SignIn) -> None:
    entry = make_hung(title=SECRET, contest=make_contest(published=False))
    artist = make_claimant()
    wall = f"/contests/{entry.contest.slug}/gallery/{entry.public_id}/"

    page = as_person(owner_of(artist)).get(f"/artists/{artist.public_id}/claims/new/", {"entry": wall})

    assert SECRET not in page.content.decode()


def test_the_artist_never_reads_the_entrants_name_statement_or_file(as_person: SignIn) -> None:
    entrant = make_user(display_name=f"{SECRET} Park", email="zanzibar@example.org")
    entry = make_hung(entrant=entrant, statement=f"{SECRET} by night", title="Harbour")
    claim = make_claim(entry, sighting=True)
    sent = SimpleUploadedFile(f"{SECRET}.pdf", b"%PDF-1.7")
    answers = {"kind": AnswerKind.LICENCE, "words": "I have a licence.", "file": sent}
    as_person(entrant).post(f"/claims/{claim.public_id}/answer/", answers)
    client = as_person(claim.by)

    pages = [
        text(client, f"/claims/{claim.public_id}/"),
        text(client, f"/artists/{claim.artist.public_id}/claims/"),
    ]

    assert ClaimAnswer.objects.get().file_name == f"{SECRET}.pdf"
    assert "I have a licence." in pages[0]
    assert not any(SECRET.lower() in page.lower() for page in pages)
    assert client.get(f"/claims/{claim.public_id}/answer/file").status_code == 404
    assert client.get(f"/claims/{claim.public_id}/answer/").status_code == 404


def test_the_picture_is_open_as_long_as_the_claim(as_person: SignIn) -> None:
    claim = make_claim()
    client, other = as_person(claim.by), as_person(owner_of(make_claimant()))
    address = f"/claims/{claim.public_id}/picture"

    shown = client.get(address)
    assert Image.open(io.BytesIO(shown.getvalue())).size == (120, 90)
    assert shown["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert other.get(address).status_code == 404
    ending.withdraw(claim)

    assert client.get(address).status_code == 404
    assert other.get(f"/claims/{claim.public_id}/").status_code == 404


def test_the_entrant_sees_the_work_answers_once_and_sends_a_file(as_person: SignIn) -> None:
    claim = make_claim()
    client, address = as_person(claim.entry.entrant), f"/claims/{claim.public_id}/answer/"
    desk = text(client, "/desk/")
    own = text(client, f"/entries/{claim.entry.public_id}/")
    given = {"kind": "own_work", "words": "Drawn by me.", "file": SimpleUploadedFile("a.psd", b"8BPS")}

    assert address in desk
    assert address in own
    assert client.get(f"/claims/{claim.public_id}/work").getvalue()[:4] == b"RIFF"
    assert "This is my harbour." in text(client, address)
    client.post(address, given)
    client.post(address, {"kind": "licence", "words": "Another story."})

    answer = ClaimAnswer.objects.get()
    assert (answer.kind, answer.words, answer.file_name) == ("own_work", "Drawn by me.", "a.psd")
    file = client.get(f"{address}file")
    assert file.getvalue() == b"8BPS"
    assert "attachment" in file["Content-Disposition"]
    assert address not in text(client, "/desk/")


def test_no_answer_is_taken_after_its_time(as_person: SignIn) -> None:
    claim = make_claim()
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        client = as_person(claim.entry.entrant)
        client.post(f"/claims/{claim.public_id}/answer/", {"kind": "own_work", "words": "Late."})

    assert not ClaimAnswer.objects.exists()


def test_the_artist_withdraws_and_erases_their_words(as_person: SignIn) -> None:
    claim = make_claim()
    client, address = as_person(claim.by), f"/claims/{claim.public_id}/"

    client.post(f"{address}erase/")
    assert Claim.objects.get().words == "This is my harbour."
    client.post(f"{address}withdraw/")
    client.post(f"{address}erase/")

    claim.refresh_from_db()
    assert (end_of(claim).outcome, claim.words, claim.entry.state) == ("withdrawn", "–", State.HUNG)


def case_page(claim: Claim) -> str:
    return f"/organize/case/{claim.case.pk}/"


def test_an_organizer_decides_on_the_case_page(as_person: SignIn) -> None:
    claim = make_claim(sighting=True)
    contest = claim.entry.contest
    client = as_person(make_member(contest.organization))
    decide = f"{case_page(claim)}decide/"
    uphold = {"route": "reject", "grounds": ["copy"], "reason": "Line on line."}

    page = text(client, case_page(claim))
    early = client.post(decide, uphold)
    answering.answer(claim, by=claim.entry.entrant, kind=AnswerKind.OWN_WORK, words="I made it.")
    other_ground = client.post(decide, {**uphold, "grounds": ["rules"]})
    both = client.post(decide, {**uphold, "unfounded": "on"})
    assert not Decision.objects.exists()
    client.post(decide, {**uphold, "bad_faith": "on"})

    assert "This is my harbour." in page
    assert f"/organize/claims/{claim.public_id}/laid/work" in page
    assert "The entrant may still answer" in early.content.decode()
    assert "on the ground of a copy" in other_ground.content.decode()
    assert "was not unfounded" in both.content.decode()
    assert (end_of(claim).outcome, end_of(claim).bad_faith) == ("upheld", True)
    assert "Line on line." in text(as_person(claim.by), f"/claims/{claim.public_id}/")
    assert "Line on line." in text(as_person(claim.entry.entrant), f"/claims/{claim.public_id}/answer/")


def test_who_reviews_blindly_reads_both_sides_without_names_and_no_file(as_person: SignIn) -> None:
    contest, entrant = make_contest(), make_user(display_name=SECRET, email="quartz@example.org")
    claim = make_claim(
        make_hung(contest=contest, entrant=entrant, title=f"Harbour of {SECRET}"),
        words=f"{SECRET} took it.",
    )
    file = take_process_file(SimpleUploadedFile("quartz_licence.pdf", b"%PDF-1.7"))
    words = f"I, {SECRET}, bought it: see quartz_licence.pdf."
    answering.answer(claim, by=entrant, kind=AnswerKind.LICENCE, words=words, file=file)
    client, licence = as_person(make_member(contest.organization)), f"/claims/{claim.public_id}/answer/file"

    seeing, opened = text(client, case_page(claim)), client.get(licence).getvalue()
    ReviewSettings.objects.create(contest=contest, blind=True)
    blind, closed = text(client, case_page(claim)), client.get(licence).status_code

    assert SECRET in seeing
    assert "quartz_licence.pdf" in seeing
    assert "took it." in blind
    assert "bought it: see" in blind
    assert "It may bear names" in blind
    assert SECRET not in blind
    assert "quartz" not in blind
    assert (opened, closed) == (b"%PDF-1.7", 404)
    assert as_person(entrant).get(licence).getvalue() == opened


def test_a_claim_that_is_taken_back_early_says_nothing_of_a_time_that_is_over(as_person: SignIn) -> None:
    claim = make_claim()
    ending.withdraw(claim)

    page = text(as_person(claim.entry.entrant), f"/claims/{claim.public_id}/answer/")
    desk = text(as_person(make_member(claim.entry.contest.organization)), case_page(claim))

    assert "You did not answer." in page
    assert "They did not answer." in desk
    assert "Meanwhile" not in page + desk


def test_who_is_not_neutral_is_told_so(as_person: SignIn) -> None:
    contest = make_contest()
    entry = make_judged(CONTRADICTION, contest=contest)
    by = make_member(contest.organization)
    decisions.decide(entry.cases.get(), by=by, route=Route.HUMAN, reason="Fine.")
    claim = make_claim(entry)
    client = as_person(by)

    page = text(client, case_page(claim))
    sent = client.post(f"{case_page(claim)}decide/", {"route": "human", "reason": "Fine again."})

    assert "You decided about this entry before." in page
    assert "You decided about this entry before." in sent.content.decode()
    assert claim.end is None


def test_layers_of_a_claim_by_hand_lie_in_the_region_that_was_drawn(as_person: SignIn) -> None:
    claim = make_claim()
    client = as_person(make_member(claim.entry.contest.organization))

    layers = [
        Image.open(io.BytesIO(client.get(f"/organize/claims/{claim.public_id}/laid/{one}").content))
        for one in ("ground", "work")
    ]

    assert layers[0].size == layers[1].size
    assert layers[1].mode == "RGBA"
    assert client.get(f"/organize/claims/{claim.public_id}/laid/original").status_code == 404


def test_a_trusted_house_suspends_and_lifts(as_person: SignIn) -> None:
    claim = make_claim()
    organization = claim.entry.contest.organization
    client = as_person(make_member(organization))
    suspend = f"/organize/claims/{claim.public_id}/suspend/"
    given = {"days": 30, "reason": "Nine claims, none right."}

    assert client.post(suspend, given).status_code == 404
    Organization.objects.filter(pk=organization.pk).update(is_trusted=True)
    client.post(suspend, given)
    artist = text(as_person(claim.by), f"/artists/{claim.artist.public_id}/claims/")
    listed = text(client, "/organize/registrations/")
    client.post(
        f"/organize/claims/suspensions/{ClaimSuspension.objects.get().pk}/lift/", {"because": "Sorry."}
    )

    assert "Nine claims, none right." in artist
    assert "Nine claims, none right." in listed
    assert trust.suspension(claim.by) is None
    assert "Sorry." in text(as_person(claim.by), f"/claims/{claim.public_id}/")


def test_a_reviewer_is_told_of_earlier_claims(as_person: SignIn) -> None:
    claim = make_claim()
    answering.answer(claim, by=claim.entry.entrant, kind=AnswerKind.LICENCE, words="Bought.")
    decisions.decide(
        claim.case,
        by=make_member(claim.entry.contest.organization),
        route=Route.REJECT,
        reason="Line on line.",
        grounds=["copy"],
        remarks=[ending.BAD_FAITH],
    )
    entrant = claim.entry.entrant
    again = make_judged(duplicate_of(claim.entry), entrant=entrant, contest=claim.entry.contest)
    clean = make_hung()

    known = reading.earlier(again)

    assert (len(known.repeats), known.upheld, known.bad_faith, known.here) == (1, 1, 1, [])
    assert not reading.earlier(clean).says_something
    client = as_person(make_member(claim.entry.contest.organization))
    page = text(client, f"/organize/case/{again.cases.get().pk}/")
    assert "noted as in bad faith" in page
    assert "It repeats the picture of an entry against which a claim" in page
