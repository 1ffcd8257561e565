"""The same picture again: found by the next question, whatever became of the snapshot."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from matching import compaction, following
from matching.engine.index import SNAPSHOT, read_manifest
from moderation import earlier
from moderation.checks import duplicate
from moderation.checks import file as file_check
from moderation.checks.look import Look
from moderation.demo.pictures import as_jpeg
from moderation.tasks import snapshot_entries
from submissions.models import Artwork, Contest, Entry, HashChange
from submissions.states import State
from tests.factories import make_artwork, make_contest, make_disclosure, make_entry
from tests.pictures import as_file, draw

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_index(tmp_path: Path, settings: Any) -> Iterator[None]:
    settings.INDEX_DIR = tmp_path / "index"
    forget()
    yield
    forget()


def forget() -> None:
    earlier._load.cache_clear()
    compaction._open.clear()


def entered(seed: int, *, contest: Contest | None = None, turned: int = 0, again: bool = False) -> Entry:
    """An entry whose file was read: the drawing ``seed``, or the same picture saved anew."""
    entry = make_entry(contest=contest or make_contest())
    entry.artworks.all().delete()
    pixels = np.ascontiguousarray(np.rot90(draw(seed), turned))
    content = as_jpeg(Image.fromarray(pixels)) if again else as_file(pixels)
    make_artwork(entry, content=content)
    file_check.run(look_at(entry))
    return entry


def look_at(entry: Entry) -> Look:
    entry = Entry.objects.get(pk=entry.pk)
    return Look(entry, entry.disclosures.first() or make_disclosure(entry))


def said_of(entry: Entry) -> tuple[str, int | None]:
    finding = duplicate.run(look_at(entry))[0]
    return finding.code, finding.data.get("entry")


def test_the_same_picture_is_found_in_any_orientation_in_this_contest_and_in_earlier_ones() -> None:
    contest = make_contest()
    first, other = entered(1), entered(2, contest=contest)

    here, elsewhere = (
        entered(2, contest=contest, again=True, turned=1),
        entered(1, contest=contest, again=True),
    )
    new = entered(3)

    assert said_of(here) == ("duplicate.same_picture", other.pk)
    assert said_of(elsewhere) == ("duplicate.same_picture", first.pk)
    assert said_of(new) == ("duplicate.none", None)
    assert said_of(first) == ("duplicate.none", None)  # the copy came later


def test_withdrawn_entries_and_drafts_are_looked_past() -> None:
    withdrawn, kept = entered(1), entered(1, again=True)
    Entry.objects.filter(pk=withdrawn.pk).update(state=State.WITHDRAWN)

    assert said_of(entered(1, turned=2, again=True)) == ("duplicate.same_picture", kept.pk)


def test_a_crowd_of_later_pictures_does_not_hide_the_earlier_one(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = entered(1), entered(1, again=True, turned=2)
    for turned in range(4):
        entered(1, again=True, turned=turned)
    monkeypatch.setattr(duplicate, "AT_FIRST", 1)

    assert said_of(second) == ("duplicate.same_picture", first.pk)


def test_the_index_follows_every_hash_that_comes_changes_or_goes() -> None:
    entry = entered(1)
    artwork = entry.artworks.get()
    seen = [earlier.index().size]
    snapshot_entries()
    Artwork.objects.filter(pk=artwork.pk).update(pdq=bytes(32))
    seen.append(earlier.index().size)
    Artwork.objects.filter(pk=artwork.pk).update(width=5)
    Artwork.objects.filter(pk=artwork.pk).update(pdq=None)
    seen.append(earlier.index().size)
    entered(2).artworks.all().delete()
    seen.append(earlier.index().size)

    assert seen == [1, 1, 0, 0]
    mine = HashChange.objects.filter(artwork=artwork.pk)
    assert mine.count() == 3


def test_a_snapshot_is_gone_on_from(settings: Any) -> None:
    first = entered(1)
    snapshot_entries()
    forget()
    second = entered(2)

    found = said_of(entered(1, again=True)), said_of(entered(2, again=True))

    folder = next(Path(settings.INDEX_DIR).rglob(SNAPSHOT)).parent
    assert found == (("duplicate.same_picture", first.pk), ("duplicate.same_picture", second.pk))
    assert read_manifest(folder).count == 1


def test_without_a_usable_index_the_answer_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in (1, 2, 3):
        entered(seed)
    again = entered(1, again=True)
    monkeypatch.setattr(following, "BATCH", 2)
    monkeypatch.setattr(following, "MOST_BEHIND", 2)

    unknown = duplicate.run(look_at(again))[0]
    snapshot_entries()

    assert (unknown.outcome, unknown.code) == ("unknown", "duplicate.not_compared")
    assert said_of(again)[0] == "duplicate.same_picture"
