"""The registry from the command line: JSON lines on stdout, whatever lies in the folder."""

import io
import json
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from matching import live
from matching.encoding import identity
from matching.engine.index import SNAPSHOT
from matching.models import Artist, Work, WorkVector
from tests.factories import make_user
from tests.matching.factories import drawing, make_artist, make_matchable_work, make_work
from tests.pictures import save

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("encoder")]


def run(*arguments: Any) -> list[dict[str, Any]]:
    """What the command said, line by line."""
    out = io.StringIO()
    call_command("registry", *map(str, arguments), stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_import_registers_and_reads_in_one_go(tmp_path: Path) -> None:
    save(drawing(1), tmp_path / "a.png")
    (tmp_path / "b.png").write_text("no picture")
    save(drawing(2), tmp_path / "c.png")
    (tmp_path / "c.png").write_bytes((tmp_path / "c.png").read_bytes()[:3000])

    a, b, c, total = run("import", tmp_path, "--artist", "Mina Park")

    work = Work.objects.get(original_name="a.png")
    assert a == {"file": "a.png", "work": str(work.public_id), "state": "matchable", "error": None}
    assert (b["work"], b["state"]) == (None, "error")
    assert c["state"] == "failed"
    assert c["error"].endswith(".")
    assert total == {"artist": "Mina Park", "works": 1, "matchable": 1, "error": 1, "failed": 1}
    assert work.artist.owner is None


def test_importing_again_says_the_same_and_embeds_nothing(tmp_path: Path) -> None:
    save(drawing(1), tmp_path / "works" / "a.png")
    first = run("import", tmp_path / "works", "--artist", "Mina Park")
    vectors = list(WorkVector.objects.values_list("pk"))

    again = run("import", tmp_path / "works", "--artist", "Mina Park")

    assert again == first
    assert list(WorkVector.objects.values_list("pk")) == vectors
    assert Artist.objects.count() == 1


def test_an_import_reads_what_an_earlier_one_only_stored(tmp_path: Path) -> None:
    artist = make_artist(name="Mina Park")
    stored = make_work(artist, content=save(drawing(1), tmp_path / "a.png").read_bytes())
    Work.objects.update(attempts=1)  # the process was killed while it read it

    told = run("import", tmp_path, "--artist", "Mina Park")

    assert [line.get("work") for line in told] == [str(stored.public_id), None]
    assert told[0]["state"] == "matchable"


def test_an_artist_without_an_owner_is_given_to_the_one_named(tmp_path: Path) -> None:
    save(drawing(1), tmp_path / "works" / "a.png")
    owner = make_user(email="mina@example.org")
    run("import", tmp_path / "works", "--artist", "Mina Park")

    run("import", tmp_path / "works", "--artist", "Mina Park", "--owner", "MINA@example.org")

    assert [(artist.name, artist.owner) for artist in Artist.objects.all()] == [("Mina Park", owner)]
    assert Work.objects.count() == 1


def test_a_name_that_somebody_owns_is_not_imported_into(tmp_path: Path) -> None:
    save(drawing(1), tmp_path / "a.png")
    owned = make_artist(name="Mina Park", owner=make_user())

    run("import", tmp_path, "--artist", "Mina Park")

    assert not owned.works.exists()
    assert Work.objects.get().artist.owner is None


def test_match_tells_of_each_file(tmp_path: Path) -> None:
    original = drawing(1)
    work = make_matchable_work(content=save(original, tmp_path / "original.png").read_bytes(), title="Boats")
    folder = tmp_path / "queries"
    save(original[:, ::-1], folder / "mirrored.jpg", quality=85)
    save(drawing(2), folder / "other.png")
    (folder / "torn.png").write_bytes(b"\x89PNG\r\n\x1a\n torn")

    mirrored, other, torn, missing = run("match", folder, tmp_path / "nowhere.png")

    match = mirrored["matches"][0]
    assert mirrored["file"] == str(folder / "mirrored.jpg")
    assert (match["work"], match["reference"], match["artist"]) == (
        str(work.public_id),
        "Boats",
        work.artist.name,
    )
    assert (match["verified"], match["mirrored"]) == (True, True)
    assert set(match) >= {"score", "pdq", "inliers", "region", "work_region"}
    assert [match["verified"] for match in other["matches"]] == [False]
    assert set(torn) == set(missing) == {"file", "error"}


def test_match_leaves_no_rows(tmp_path: Path) -> None:
    save(drawing(1), tmp_path / "a.png")

    told = run("match", tmp_path)

    assert told == [{"file": str(tmp_path / "a.png"), "matches": [], "index": "change-0", "works": 0}]
    assert not Work.objects.exists()


def test_list_and_withdraw() -> None:
    kept, gone = make_work(title="Kept"), make_work(title="Gone")

    withdrawn = run("withdraw", gone.public_id)
    listed = run("list")

    assert withdrawn == [{"work": str(gone.public_id), "state": "withdrawn"}]
    assert [(line["work"], line["title"], line["state"]) for line in listed] == [
        (str(kept.public_id), "Kept", "pending"),
        (str(gone.public_id), "Gone", "withdrawn"),
    ]


def test_rebuild_embeds_what_lacks_a_vector_and_writes_a_snapshot(settings: Any) -> None:
    make_matchable_work()
    stale = make_matchable_work()
    stale.vectors.filter(identity=identity()).update(identity="another:encoder")

    told = run("rebuild")

    assert told[0]["works"] == 2
    assert Path(told[0]["snapshot"]).name == SNAPSHOT
    assert live.index().size == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["import", "/nowhere", "--artist", "A"], "no folder, zip or CSV"),
        (["import", "{folder}", "--artist", "A", "--owner", "nobody@example.org"], "no account"),
        (["withdraw", str(uuid.uuid4())], "no work"),
        (["withdraw", "not an id"], "no work"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(arguments: list[str], said: str, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=said):
        run(*(argument.format(folder=tmp_path) for argument in arguments))


def test_without_weights_nothing_is_counted_against_a_work(settings: Any, tmp_path: Path) -> None:
    settings.MODELS_DIR = tmp_path / "nothing here"
    Image.fromarray(drawing(1)).save(tmp_path / "a.png")

    with pytest.raises(CommandError):
        run("import", tmp_path, "--artist", "Mina Park")

    work = Work.objects.get()
    assert (work.state, work.attempts) == ("pending", 0)
