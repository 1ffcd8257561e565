"""Who passes which door: the artist's owner and staff, and nobody else."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from matching.models import Artist, Conflict, Import, ProofState, Work, WorkState
from matching.registry import proofs, sharing, tokens
from submissions.models import User
from tests.factories import make_user
from tests.matching.factories import make_artist
from tests.matching.views.rows import knock, make_owned_artist, make_work, signed_in

pytestmark = pytest.mark.django_db

ROOMS = ["portfolio", "edit", "register", "import", "import_iiif", "terms", "proof", "tokens", "conflicts"]
IMPORT_DOORS = ["import_progress", "import_problems"]
WORK_DOORS = ["work", "edit_work", "withdraw"]


@pytest.fixture
def work(owner: User) -> Work:
    return make_work(make_artist(owner=owner), WorkState.MATCHABLE, title="Guarded by name")


@pytest.fixture
def run(work: Work) -> Import:
    return Import.objects.create(artist=work.artist, original_name="portfolio.zip")


def addresses(work: Work, run: Import) -> list[str]:
    artist = work.artist
    pages = [reverse(f"matching:{door}", args=[artist.public_id]) for door in ROOMS]
    pages += [reverse("moderation:artist_matches", args=[artist.public_id])]
    pages += [reverse(f"matching:{door}", args=[run.public_id]) for door in IMPORT_DOORS]
    pages += [reverse(f"matching:{door}", args=[work.public_id]) for door in WORK_DOORS]
    sizes = ("thumbnail", "display")
    return pages + [reverse("matching:work_picture", args=[work.public_id, size]) for size in sizes]


def test_the_owner_passes_every_door(work: Work, run: Import, owner: User) -> None:
    client = signed_in(owner)

    answers = {address: knock(client, address) for address in addresses(work, run)}

    assert answers == dict.fromkeys(addresses(work, run), 200)


def test_staff_pass_every_door(work: Work, run: Import) -> None:
    client = signed_in(make_user(is_staff=True))

    answers = {address: knock(client, address) for address in addresses(work, run)}

    assert answers == dict.fromkeys(addresses(work, run), 200)


def test_for_another_artists_owner_nothing_is_there(work: Work, run: Import) -> None:
    other = make_owned_artist()
    assert other.owner is not None
    client = signed_in(other.owner)

    answers = {address: client.get(address) for address in addresses(work, run)}

    assert {address: answer.status_code for address, answer in answers.items()} == dict.fromkeys(answers, 404)
    assert not any("Guarded by name" in answer.content.decode() for answer in answers.values())


def test_a_stranger_is_asked_to_sign_in_and_shown_no_picture(work: Work, run: Import, client: Client) -> None:
    answers = {address: client.get(address) for address in addresses(work, run)}

    *pages, thumbnail, display = addresses(work, run)
    assert [answers[page].headers.get("Location") for page in pages] == [
        f"{reverse('account_login')}?next={page}" for page in pages
    ]
    assert [answers[picture].status_code for picture in (thumbnail, display)] == [404, 404]


@pytest.mark.parametrize("door", ["retry", "withdraw", "edit_work"])
def test_nobody_else_changes_a_work(work: Work, door: str) -> None:
    Work.objects.filter(pk=work.pk).update(state=WorkState.FAILED, failure="damaged")
    address = reverse(f"matching:{door}", args=[work.public_id])
    other = signed_in(make_user())

    answers = [other.post(address, {"title": "Mine"}).status_code, Client().post(address).status_code]

    work.refresh_from_db()
    assert answers == [404, 302]
    assert (work.state, work.title) == (WorkState.FAILED, "Guarded by name")


def test_nobody_else_registers_or_edits(work: Work) -> None:
    other, artist = signed_in(make_user()), work.artist

    answers = [
        other.post(reverse(f"matching:{door}", args=[artist.public_id]), {"name": "Stolen"}).status_code
        for door in ("edit", "register", "import", "import_iiif")
    ]

    assert answers == [404, 404, 404, 404]
    assert Artist.objects.get(pk=artist.pk).name == artist.name
    assert artist.works.count() == 1


def test_nobody_else_gives_proof_or_takes_tokens_or_terms(work: Work) -> None:
    other, artist = signed_in(make_user()), work.artist
    proof = proofs.ask_vouching(artist, work=None, organization="salon")
    token, _secret = tokens.make(artist, name="Studio")
    share = sharing.ask(work, email="friend@example.org")
    doors = [
        reverse("matching:terms", args=[artist.public_id]),
        reverse("matching:proof", args=[artist.public_id]),
        reverse("matching:tokens", args=[artist.public_id]),
        reverse("matching:revoke_token", args=[artist.public_id, token.pk]),
        reverse("matching:look_at_page", args=[proof.public_id]),
        reverse("matching:drop_proof", args=[proof.public_id]),
        reverse("matching:ask_co_owner", args=[work.public_id]),
        reverse("matching:accept_co_owner", args=[share.pk]),
        reverse("matching:leave_co_owner", args=[share.pk]),
        reverse("matching:co_owner_terms", args=[share.pk]),
    ]

    answers = [other.post(door, {"name": "Mine", "email": "x@example.org"}).status_code for door in doors]
    strangers = [Client().post(door).status_code for door in doors]

    token.refresh_from_db()
    assert answers == [404] * len(doors)
    assert strangers == [302] * len(doors)
    assert (token.revoked_at, artist.tokens.count(), work.co_owners.count()) == (None, 1, 1)
    assert artist.proofs.get().state == ProofState.OPEN


def test_a_conflict_is_seen_by_its_two_sides_and_nobody_else(work: Work, owner: User) -> None:
    other = make_owned_artist()
    assert other.owner is not None
    theirs = make_work(other, WorkState.MATCHABLE, title="Theirs")
    conflict = Conflict.objects.create(older=work, newer=theirs, due_at=timezone.now() + timedelta(days=30))
    address = reverse("matching:conflict", args=[conflict.public_id])

    answers = [signed_in(one).get(address) for one in (owner, other.owner, make_user())]
    said = signed_in(other.owner).post(address, {"text": "I drew it."})

    assert [answer.status_code for answer in answers] == [200, 200, 404]
    assert (said.status_code, conflict.answers.get().artist) == (302, other)
    assert f"/works/{theirs.public_id}" not in answers[0].content.decode()
    assert f"/works/{work.public_id}" not in answers[1].content.decode()


def test_who_is_asked_accepts_as_an_artist_of_their_own(work: Work) -> None:
    friend = make_owned_artist()
    assert friend.owner is not None
    share = sharing.ask(work, email=friend.owner.email)
    client = signed_in(friend.owner)
    address = reverse("matching:accept_co_owner", args=[share.pk])

    stolen = client.post(address, {"artist": str(work.artist.public_id)})
    accepted = client.post(address, {"artist": str(friend.public_id)})
    terms = client.post(
        reverse("matching:co_owner_terms", args=[share.pk]),
        {"on_match": "share_revenue", "share_percent": "12", "territories": "kr, DE", "no_training": "on"},
    )

    share.refresh_from_db()
    assert [answer.status_code for answer in (stolen, accepted, terms)] == [404, 302, 302]
    assert (share.artist, share.share_percent, share.territories) == (friend, 12, ["KR", "DE"])


def test_an_artist_without_an_owner_is_kept_by_staff_alone() -> None:
    address = reverse("matching:portfolio", args=[make_artist().public_id])

    answers = [signed_in(make_user()).get(address), signed_in(make_user(is_staff=True)).get(address)]

    assert [answer.status_code for answer in answers] == [404, 200]


def test_pictures_are_private_copies_and_nothing_else(work: Work, owner: User) -> None:
    answer = signed_in(owner).get(reverse("matching:work_picture", args=[work.public_id, "thumbnail"]))

    assert answer.headers["Content-Type"] == "image/webp"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, max-age=60"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert b"".join(answer.streaming_content)[8:12] == b"WEBP"  # type: ignore[attr-defined]


def test_an_original_is_served_by_no_address(work: Work, owner: User) -> None:
    """Not even where a row should name it as the copy to show."""
    with work.original.open("rb") as original:
        content = original.read()
    Work.objects.filter(pk=work.pk).update(display=work.original.name)
    client = signed_in(owner)

    shown = client.get(reverse("matching:work_picture", args=[work.public_id, "display"]))
    asked = client.get(f"/artists/works/{work.public_id}/original")

    assert content.startswith(b"\x89PNG")
    assert [shown.status_code, asked.status_code] == [404, 404]


def test_a_withdrawn_work_has_no_picture(owner: User) -> None:
    work = make_work(make_artist(owner=owner), WorkState.WITHDRAWN)

    answer = signed_in(owner).get(reverse("matching:work_picture", args=[work.public_id, "display"]))

    assert answer.status_code == 404
