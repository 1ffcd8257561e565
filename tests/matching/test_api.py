"""What an artist's own program may do with a token, and what it may not."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from matching import importing, pushing
from matching.models import ApiToken, Artist, Work
from matching.registry import tokens
from submissions.models import User
from tests.factories import make_user
from tests.matching.factories import drawing, make_artist, make_work
from tests.matching.views.rows import signed_in
from tests.pictures import as_file, save

WORKS = "/api/works/"


@pytest.fixture
def artist(db: None) -> Artist:
    return make_artist(owner=make_user())


@pytest.fixture
def secret(artist: Artist) -> str:
    return tokens.make(artist, name="Studio")[1]


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def send(secret: str, content: bytes, **fields: Any) -> Any:
    file = SimpleUploadedFile("sheet.png", content)
    return Client(enforce_csrf_checks=True).post(WORKS, {"file": file, **fields}, headers=bearer(secret))


def test_a_token_registers_a_work_and_the_same_file_once(artist: Artist, secret: str) -> None:
    picture = as_file(drawing(1))

    first = send(secret, picture, title="Tide", year="2025", on_match="share_revenue", share_percent=15)
    second = send(secret, picture)

    work = artist.works.get()
    assert (first.status_code, second.status_code) == (201, 200)
    assert (first.json()["new"], second.json()["new"]) == (True, False)
    assert (work.title, work.on_match, work.share_percent) == ("Tide", "share_revenue", 15)
    assert work.original_name == "sheet.png"


def test_what_is_no_picture_is_told_why(secret: str) -> None:
    answer = send(secret, b"words")

    assert answer.status_code == 422
    assert "picture" in answer.json()["detail"]


@pytest.mark.parametrize(
    "fields", [{"on_match": "steal"}, {"on_match": "share_revenue"}, {"share_percent": 101}]
)
def test_terms_that_make_no_sense_are_refused(artist: Artist, secret: str, fields: dict[str, Any]) -> None:
    answer = send(secret, as_file(drawing(2)), **fields)

    assert (answer.status_code, artist.works.count()) == (422, 0)


def test_without_a_token_in_force_nothing_opens(artist: Artist, secret: str) -> None:
    work = make_work(artist)
    doors = [WORKS, f"{WORKS}known/?sha256={work.sha256}", f"{WORKS}{work.public_id}/"]
    tokens.revoke(ApiToken.objects.get())

    revoked = [Client().get(door, headers=bearer(secret)).status_code for door in doors[1:]]
    none = [Client().get(door).status_code for door in doors[1:]]
    guessed = send("vsr_" + "x" * 43, as_file(drawing(3))).status_code
    signed = signed_in_owner(artist).post(WORKS, {"file": SimpleUploadedFile("a.png", b"")}).status_code

    assert (revoked, none, guessed, signed) == ([401, 401], [401, 401], 401, 401)
    assert send(secret, as_file(drawing(3))).status_code == 401


def signed_in_owner(artist: Artist) -> Client:
    assert isinstance(artist.owner, User)
    return signed_in(artist.owner)


def test_a_token_sees_its_own_portfolio_only(artist: Artist, secret: str) -> None:
    own, other = make_work(artist, title="Mine"), make_work(title="Theirs")

    answers = [Client().get(f"{WORKS}{one.public_id}/", headers=bearer(secret)) for one in (own, other)]
    known = Client().get(f"{WORKS}known/?sha256={own.sha256},{other.sha256}", headers=bearer(secret))

    assert [answer.status_code for answer in answers] == [200, 404]
    assert known.json() == [own.sha256]
    assert "Theirs" not in answers[1].content.decode()


def test_the_token_of_a_closed_account_opens_nothing(artist: Artist, secret: str) -> None:
    User.objects.filter(artists=artist).update(is_active=False)

    assert send(secret, as_file(drawing(4))).status_code == 401


def test_a_secret_is_shown_once_and_stored_nowhere(artist: Artist) -> None:
    client, page = signed_in_owner(artist), reverse("matching:tokens", args=[artist.public_id])

    made = client.post(page, {"name": "Studio"})
    again = client.get(page)

    secret = made.context["secret"]
    row = ApiToken.objects.get()
    assert secret in made.content.decode()
    assert secret not in again.content.decode()
    assert secret not in json.dumps([row.name, row.digest, row.start])
    assert tokens.holder(secret) == row
    assert made.headers["Cache-Control"].startswith("max-age=0")


def test_a_body_too_large_for_a_token_is_refused_before_it_is_read(secret: str, settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 1000

    answer = send(secret, bytes(2_100_000))

    assert answer.status_code == 413


def test_opt_outs_are_told_by_fingerprint(artist: Artist) -> None:
    closed = make_work(artist)
    opened = make_work(make_artist(no_training=False))
    asked = {"sha256": [closed.sha256.upper(), opened.sha256, "f" * 64]}

    answer = Client().post("/api/training/opt-outs/", asked, content_type="application/json")

    assert answer.json() == {"opted_out": [closed.sha256]}


UNCOLLECTED = pytest.mark.filterwarnings("ignore:No directory at")  # the server looks for static files


@UNCOLLECTED
@pytest.mark.django_db(transaction=True)
def test_a_folder_is_pushed_and_pushed_again(live_server: Any, tmp_path: Path, capsys: Any) -> None:
    secret = tokens.make(make_artist(), name="Studio")[1]
    folder = tmp_path / "works"
    folder.mkdir()
    for number in range(3):
        save(drawing(number), folder / f"{number}.png")
    (folder / "broken.png").write_bytes(b"no picture")
    (folder / "list.csv").write_text("file,title\n0.png,Tide\n")
    problems = tmp_path / "problems.csv"

    with importing.opened(folder) as items:
        first = [one.state for one in pushing.push(items, url=live_server.url, token=secret)]
    call_command("registry", "push", folder, url=live_server.url, token=secret, problems=problems)

    last = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert sorted(first) == ["error", "registered", "registered", "registered"]
    assert last == {"url": live_server.url, "known": 3, "error": 1}
    assert problems.read_text("utf-8-sig").splitlines()[1].startswith("broken.png,")
    assert sorted(Work.objects.values_list("title", flat=True)) == ["", "", "Tide"]


@UNCOLLECTED
def test_a_push_with_a_wrong_token_ends_at_once(live_server: Any) -> None:
    item = importing.Item("1.png", lambda: io.BytesIO(as_file(drawing(1))))

    with pytest.raises(pushing.PushRefused):
        list(pushing.push([item], url=live_server.url, token="vsr_wrong"))
