"""A file that asks not to be trained on is never learned from, whatever anybody ticks."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from moderation.checks import Look, provenance
from moderation.credentials import lending
from moderation.detector import manifest
from moderation.provenance.signing import created
from submissions.models import Artwork, Entry
from submissions.states import State
from tests.factories import make_entry, make_user
from tests.moderation.provenance import signing
from tests.moderation.provenance.signing import Made, picture

pytestmark = pytest.mark.django_db
OPT_OUT = {
    "label": "cawg.training-mining",
    "data": {"entries": {"cawg.ai_generative_training": {"use": "notAllowed"}}},
}
PLUS = (
    b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
    b"<rdf:Description xmlns:plus='http://ns.useplus.org/ldf/xmp/1.0/' "
    b"plus:DataMining='http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED-AIMLTRAINING'/></rdf:RDF></x:xmpmeta>"
)


def read_into(entry: Entry, content: bytes) -> Artwork:
    artwork = entry.artworks.get()
    with artwork.original.storage.open(str(artwork.original.name), "wb") as file:
        file.write(content)
    disclosure = entry.disclosure
    assert disclosure is not None
    provenance.run(Look(entry, disclosure))
    artwork.refresh_from_db()
    return artwork


def opted_out() -> bytes:
    signer = signing.leaf(signing.authority())
    return signing.sign(picture(), signer, Made([created("digitalCreation")], assertions=[OPT_OUT]))


@pytest.mark.parametrize(
    ("content", "opt_out"),
    [(opted_out, True), (lambda: picture(xmp=PLUS), True), (picture, False)],
    ids=["manifest", "xmp", "neither"],
)
def test_the_files_own_word_is_stored(content, opt_out: bool) -> None:  # type: ignore[no-untyped-def]
    assert read_into(make_entry(state=State.HUNG), content()).training_opt_out is opt_out


def test_the_database_refuses_to_lend_what_opted_out_or_was_not_read() -> None:
    unread = make_entry(state=State.HUNG).artworks.get()
    out = read_into(make_entry(state=State.HUNG), opted_out())

    for artwork in (unread, out):
        with pytest.raises(IntegrityError, match="opted_out_is_never_trained_on"), transaction.atomic():
            Artwork.objects.filter(pk=artwork.pk).update(may_calibrate=True)


def test_an_opt_out_found_later_takes_the_picture_back() -> None:
    entry = make_entry(state=State.HUNG)
    read_into(entry, picture())
    lending.lend(entry, by=entry.entrant, lent=True)
    assert list(lending.lent_pictures()) == [entry.artworks.get()]

    artwork = read_into(entry, opted_out())

    assert (artwork.training_opt_out, artwork.may_calibrate) == (True, False)
    assert list(lending.lent_pictures()) == []


def test_nothing_is_lent_that_was_not_offered() -> None:
    entry = make_entry(state=State.HUNG)
    read_into(entry, picture())

    offered_before = list(lending.lent_pictures())
    with pytest.raises(PermissionError):
        lending.lend(entry, by=make_user(), lent=True)
    lending.lend(entry, by=entry.entrant, lent=True)
    lent = list(lending.lent_pictures())
    lending.lend(entry, by=entry.entrant, lent=False)

    assert offered_before == []
    assert lent == [entry.artworks.get()]
    assert list(lending.lent_pictures()) == []


def test_ticking_the_box_for_an_opted_out_file_changes_nothing(as_person) -> None:  # type: ignore[no-untyped-def]
    entry = make_entry(state=State.HUNG)
    artwork = read_into(entry, opted_out())

    answer = as_person(entry.entrant).post(f"/entries/{entry.public_id}/credentials/choices/", {"lent": "on"})

    artwork.refresh_from_db()
    assert answer.status_code == 302
    assert not artwork.may_calibrate


def test_the_entrant_lends_and_takes_back_on_the_page(as_person) -> None:  # type: ignore[no-untyped-def]
    entry = make_entry(state=State.HUNG)
    artwork = read_into(entry, picture())
    client, page = as_person(entry.entrant), f"/entries/{entry.public_id}/credentials/choices/"

    client.post(page, {"lent": "on"})
    artwork.refresh_from_db()
    lent = artwork.may_calibrate
    client.post(page, {})
    artwork.refresh_from_db()

    assert (lent, artwork.may_calibrate) == (True, False)


def test_the_command_writes_a_list_that_the_detector_reads(tmp_path: Path) -> None:
    human, other = make_entry(state=State.HUNG), make_entry(state=State.HUNG)
    ai = make_entry(state=State.HUNG, contest=human.contest, category=human.contest.categories.get(kind="ai"))
    for entry in (human, ai, other):
        read_into(entry, picture())
    for entry in (human, ai):
        lending.lend(entry, by=entry.entrant, lent=True)

    call_command("lent", str(tmp_path / "lent"))

    listed = manifest.read(tmp_path / "lent" / "labels.csv")
    by_name = {row.path.stem: row.generated for row in listed.rows}
    assert by_name == {str(human.artworks.get().public_id): False, str(ai.artworks.get().public_id): True}
    with pytest.raises(CommandError, match="not empty"):
        call_command("lent", str(tmp_path / "lent"))
