"""The page of an entry's credentials: levels 1 to 3 for entrant and organizers, 4 for organizers."""

import json
import re
from collections.abc import Callable

import pytest
from django.test import Client

from moderation.screening import run_stage
from moderation.stages import begin
from submissions.models import CategoryKind, Entry, User
from submissions.states import State
from tests.factories import make_artwork, make_contest, make_disclosure, make_draft, make_member
from tests.moderation.credentials.test_keeping import made_from
from tests.moderation.provenance import signing
from tests.pictures import as_file, draw

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def entry() -> Entry:
    """Hung, of one picture made from another."""
    contest = make_contest()
    entry = make_draft(contest=contest, title="Harbour")
    signer = signing.leaf(signing.authority(), "Known Signer")
    content = made_from(as_file(draw(3, 300, 200), "JPEG"), signer)
    make_artwork(entry, content=content, media_type="image/jpeg")
    make_disclosure(entry)
    Entry.objects.filter(pk=entry.pk).update(state=State.RECEIVED, submitted_at=entry.created)
    entry.refresh_from_db()
    run_stage(begin(entry), "screen")
    human = contest.categories.get(kind=CategoryKind.HUMAN)
    Entry.objects.filter(pk=entry.pk).update(state=State.HUNG, category=human)
    entry.refresh_from_db()
    return entry


def page_of(client: Client, entry: Entry) -> str:
    return client.get(f"/entries/{entry.public_id}/credentials/").content.decode()


def test_the_history_is_drawn_with_its_ingredients_pictures(entry: Entry, as_person: SignIn) -> None:
    client = as_person(make_member(entry.contest.organization))

    said = page_of(client, entry)

    assert "Known Signer Organization" in said
    assert "placed into it:" in said
    (source,) = re.findall(r'src="(/credentials/[^"]+)"', said)
    picture = client.get(source)
    assert picture.headers["Content-Type"] == "image/webp"
    assert picture.getvalue()[:4] == b"RIFF"
    assert picture.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert (
        said.count("<details") == said.count("<summary") >= 3
    )  # each part opens by keyboard, without a script


def test_organizers_download_everything_and_entrants_do_not(entry: Entry, as_person: SignIn) -> None:
    organizer, entrant = as_person(make_member(entry.contest.organization)), as_person(entry.entrant)
    address = f"/credentials/{entry.artworks.get().public_id}/report.json"

    report = organizer.get(address)

    assert address in page_of(organizer, entry)
    assert address not in page_of(entrant, entry)
    assert "attachment" in report.headers["Content-Disposition"]
    assert len(json.loads(report.content)["manifests"]) == 1


def test_the_button_leads_to_a_copy(
    entry: Entry, as_person: SignIn, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    client = as_person(entry.entrant)

    with django_capture_on_commit_callbacks() as asked:  # type: ignore[attr-defined]
        client.post(f"/entries/{entry.public_id}/credentials/sign/")
    waiting = page_of(client, entry)

    assert len(asked) == 1
    assert "is being signed" in waiting
    assert "Demonstration" in waiting


def test_a_stored_key_names_nothing_outside_its_folder(entry: Entry, as_person: SignIn) -> None:
    client = as_person(make_member(entry.contest.organization))
    artwork = entry.artworks.get().public_id

    answers = [client.get(f"/credentials/{artwork}/{key}").status_code for key in ("..", "display", "0" * 32)]

    assert answers == [404, 404, 404]
