"""How an entry comes in, and what its verbs refuse."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from submissions import attestation, intake
from submissions.models import Artwork, Disclosure, Entry, LicenceClass, Notice, ProcessFile
from submissions.rules import AILevel
from submissions.signals import entry_received
from submissions.states import State
from submissions.transitions import StaleState, move
from submissions.uploads import Refused, Taken, take_picture, take_process_file
from tests.factories import (
    make_artwork,
    make_contest,
    make_disclosure,
    make_draft,
    make_entry,
    make_tool,
    make_user,
)
from tests.pictures import as_file, draw

pytestmark = pytest.mark.django_db


def picture(seed: int = 1, name: str = "picture.png") -> Taken:
    return take_picture(SimpleUploadedFile(name, as_file(draw(seed, 60, 40))))


@pytest.fixture
def told() -> Iterator[list[Entry]]:
    """Entries that listeners were told of."""
    heard: list[Entry] = []

    def listen(entry: Entry, **_more: Any) -> None:
        heard.append(entry)

    entry_received.connect(listen)
    yield heard
    entry_received.disconnect(listen)


def ready_draft(**fields: Any) -> Entry:
    """A draft that lacks only its signature."""
    return make_entry(state=State.DRAFT, **fields)


def edited_draft(tools: list[dict[str, Any]]) -> Entry:
    """A draft that lacks its signature, and what ``tools`` lack."""
    draft = ready_draft(level=AILevel.EDITED, tools=tools)
    draft.disclosures.update(parts="The sky")
    return draft


def test_a_press_on_enter_begins_a_draft_and_a_second_one_finds_it() -> None:
    contest, entrant = make_contest(), make_user()

    first = intake.start(contest, by=entrant)
    again = intake.start(contest, by=entrant)

    assert first == again
    assert (first.state, first.title) == (State.DRAFT, "")


def test_a_draft_that_holds_something_is_not_begun_over() -> None:
    draft = make_draft(title="")
    make_artwork(draft)

    assert intake.start(draft.contest, by=draft.entrant) != draft


def test_a_closed_contest_begins_no_draft() -> None:
    now = timezone.now()
    contest = make_contest(opens_at=now - timedelta(days=2), closes_at=now - timedelta(days=1))

    with pytest.raises(intake.ContestClosed):
        intake.start(contest, by=make_user())


def test_the_original_bytes_are_kept_untouched() -> None:
    draft = make_draft()
    content = as_file(draw(3, 60, 40))

    artwork = intake.add_file(draft, take_picture(SimpleUploadedFile("a.png", content)))

    with artwork.original.open() as stored:
        assert stored.read() == content
    assert "a.png" not in str(artwork.original.name)


def test_files_stand_in_the_order_they_came() -> None:
    draft = make_draft()

    files = [intake.add_file(draft, picture(seed, f"{seed}.png")) for seed in (1, 2, 3)]

    assert list(draft.artworks.all()) == files


def test_the_same_bytes_twice_are_one_file() -> None:
    draft = make_draft()

    first = intake.add_file(draft, picture(1))
    again = intake.add_file(draft, picture(1, "other-name.png"))

    assert first == again
    assert draft.artworks.count() == 1


def test_one_file_too_many_is_refused(settings: Settings) -> None:
    settings.UPLOAD_MAX_FILES = 2
    draft = make_draft()
    for seed in (1, 2):
        intake.add_file(draft, picture(seed))

    with pytest.raises(Refused, match="2 files are the most"):
        intake.add_file(draft, picture(3))

    assert draft.artworks.count() == 2


def test_a_file_moves_one_place_and_stops_at_the_ends() -> None:
    draft = make_draft()
    one, two, three = (intake.add_file(draft, picture(seed)) for seed in (1, 2, 3))

    intake.shift_file(three, -1)
    intake.shift_file(one, -1)

    assert list(draft.artworks.all()) == [one, three, two]


def test_a_removed_file_takes_its_bytes_with_it(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    draft = make_draft()
    artwork = intake.add_file(draft, picture())
    storage, name = artwork.original.storage, artwork.original.name

    with django_capture_on_commit_callbacks(execute=True):
        intake.remove_file(artwork)

    assert not Artwork.objects.exists()
    assert not storage.exists(str(name))


def test_a_discarded_draft_leaves_no_row_and_no_bytes(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    draft = ready_draft()
    evidence = intake.add_process_file(draft, take_process_file(SimpleUploadedFile("a.psd", b"8BPS")))
    stored = [draft.artworks.get().original, evidence.original]

    with django_capture_on_commit_callbacks(execute=True):
        intake.discard(draft)

    assert not Entry.objects.exists()
    assert not ProcessFile.objects.exists()
    assert [one.storage.exists(str(one.name)) for one in stored] == [False, False]


@pytest.mark.parametrize("state", [state for state in State if state != State.DRAFT])
def test_what_is_no_draft_takes_no_change(state: State) -> None:
    entry = make_entry(state=state)

    for change in (
        lambda: intake.add_file(entry, picture()),
        lambda: intake.remove_file(entry.artworks.get()),
        lambda: intake.keep(entry, work={"title": "Another"}, statement={}),
        lambda: intake.discard(entry),
        lambda: intake.hand_in(entry, by=entry.entrant, signed="A. Person"),
    ):
        with pytest.raises(intake.NotADraft):
            change()
    assert Entry.objects.get(pk=entry.pk).artworks.count() == 1


def test_handing_in_signs_moves_and_tells(
    told: list[Entry], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    draft = ready_draft()

    with django_capture_on_commit_callbacks(execute=True):
        intake.hand_in(draft, by=draft.entrant, signed=" Mina Park ")
        assert told == []

    assert told == [draft]
    entry = Entry.objects.get(pk=draft.pk)
    assert (entry.state, entry.submitted_at is not None) == (State.RECEIVED, True)
    disclosure = entry.disclosures.get()
    assert disclosure.attested_name == "Mina Park"
    assert disclosure.attestation_sha256 == attestation.text(1, "en").sha256
    assert Notice.objects.get().kind == "received"


def test_a_listener_that_fails_does_not_lose_the_entry(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    draft = ready_draft()

    def fail(**_more: Any) -> None:
        raise ConnectionError("the broker is down")

    entry_received.connect(fail)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            intake.hand_in(draft, by=draft.entrant, signed="Mina Park")
    finally:
        entry_received.disconnect(fail)

    assert Entry.objects.get(pk=draft.pk).state == State.RECEIVED


def test_only_the_entrant_hands_in_amends_and_withdraws() -> None:
    draft, entry, stranger = ready_draft(), make_entry(), make_user()

    with pytest.raises(PermissionError):
        intake.hand_in(draft, by=stranger, signed="Somebody")
    with pytest.raises(PermissionError):
        intake.withdraw(entry, by=stranger)
    with pytest.raises(PermissionError):
        intake.amend(entry, by=stranger, statement={"level": AILevel.NONE}, tools=[], signed="Somebody")

    assert Disclosure.objects.get(entry=draft).attested_at is None


def lacking(draft: Entry, signed: str = "Mina Park") -> list[str]:
    with pytest.raises(intake.Incomplete) as refused:
        intake.hand_in(draft, by=draft.entrant, signed=signed)
    assert Entry.objects.get(pk=draft.pk).state == State.DRAFT
    return [str(lack.sentence) for lack in refused.value.lacks]


def test_an_empty_draft_is_told_everything_it_lacks() -> None:
    draft = make_draft(title=" ")

    assert lacking(draft, signed="") == [
        "Give the work a title.",
        "Add at least one picture.",
        "Say how far AI was used.",
        "Sign the statement with your name.",
    ]


@pytest.mark.parametrize(
    ("level", "sentences"),
    [
        (AILevel.ASSISTIVE, ["Say what AI helped with."]),
        (
            AILevel.EDITED,
            ["Say which parts were generated or edited.", "Name the tool or model that was used."],
        ),
        (
            AILevel.GENERATED,
            ["Name the tool or model that was used.", "Give the prompts, or say that there were none."],
        ),
    ],
)
def test_each_level_asks_for_what_belongs_to_it(level: AILevel, sentences: list[str]) -> None:
    assert lacking(ready_draft(level=level)) == sentences


def test_a_fine_tune_is_asked_for_its_data() -> None:
    draft = edited_draft(tools=[{"is_fine_tuned": True}])

    assert lacking(draft) == [
        "Say what data the fine-tune or LoRA was made with.",
        "Say under what rights the fine-tune's data was used.",
    ]


def test_a_tool_without_a_name_is_asked_for_it() -> None:
    draft = edited_draft(tools=[{"model_words": " ", "version": "3"}])

    assert lacking(draft) == ["Name every tool or model you have described, or remove its row."]


def test_who_states_no_ai_signs_no_leftover_tools() -> None:
    draft = make_draft()
    make_artwork(draft)
    disclosure = make_disclosure(draft, attested=False, prompts="a cat", explanation="tried it out")
    make_tool(disclosure)

    intake.hand_in(draft, by=draft.entrant, signed="Mina Park")

    signed = Disclosure.objects.get(entry=draft)
    assert (signed.tools.count(), signed.prompts, signed.explanation) == (0, "", "")


def test_a_signed_statement_cannot_be_edited_even_by_the_database_connection() -> None:
    entry = make_entry()

    with pytest.raises(DatabaseError), transaction.atomic():
        entry.disclosures.update(level=AILevel.GENERATED)


def test_the_last_second_is_in_time_and_the_next_is_not() -> None:
    closes = timezone.now() + timedelta(days=1)
    contest = make_contest(closes_at=closes)
    first, second = ready_draft(contest=contest), ready_draft(contest=contest)

    with time_machine.travel(closes - timedelta(seconds=1), tick=False):
        intake.hand_in(first, by=first.entrant, signed="Mina Park")
    with time_machine.travel(closes, tick=False), pytest.raises(intake.ContestClosed):
        intake.hand_in(second, by=second.entrant, signed="Mina Park")

    assert Entry.objects.get(pk=first.pk).state == State.RECEIVED
    late = Entry.objects.get(pk=second.pk)
    assert (late.state, late.submitted_at) == (State.DRAFT, None)
    assert late.disclosures.get().attested_at is None


def test_a_deadline_moved_meanwhile_counts_as_it_stands_at_the_hand_in() -> None:
    draft = ready_draft()
    loaded = Entry.objects.select_related("contest").get(pk=draft.pk)
    type(draft.contest).objects.filter(pk=draft.contest_id).update(
        closes_at=timezone.now() - timedelta(seconds=1)
    )

    with pytest.raises(intake.ContestClosed):
        intake.hand_in(loaded, by=loaded.entrant, signed="Mina Park")


@pytest.mark.parametrize("state", [State.RECEIVED, State.HELD])
def test_an_amendment_is_a_new_version_and_tells(
    state: State, told: list[Entry], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    entry = make_entry(state=state)

    with django_capture_on_commit_callbacks(execute=True):
        intake.amend(
            entry,
            by=entry.entrant,
            statement={"level": AILevel.GENERATED, "prompts": "a river at night"},
            tools=[{"model_words": "My model", "licence_class": LicenceClass.LICENSED}],
            signed="Mina Park",
        )

    assert told == [entry]
    versions = list(entry.disclosures.order_by("version").values_list("version", "level"))
    assert versions == [(1, "none"), (2, "generated")]
    assert entry.disclosure is not None
    assert entry.disclosure.tools.get().model_words == "My model"


def test_an_incomplete_amendment_leaves_nothing() -> None:
    entry = make_entry()

    with pytest.raises(intake.Incomplete):
        intake.amend(
            entry, by=entry.entrant, statement={"level": AILevel.GENERATED}, tools=[], signed="Mina Park"
        )

    assert entry.disclosures.count() == 1


@pytest.mark.parametrize("state", [State.HUNG, State.REJECTED, State.WITHDRAWN, State.DRAFT])
def test_what_the_desk_does_not_have_is_not_amended(state: State) -> None:
    entry = make_entry(state=state)

    with pytest.raises(StaleState):
        intake.amend(entry, by=entry.entrant, statement={"level": AILevel.NONE}, tools=[], signed="Mina Park")


def test_withdrawing_after_somebody_else_moved_it_is_stale() -> None:
    entry = make_entry()
    seen_earlier = Entry.objects.get(pk=entry.pk)
    move(entry, State.REJECTED, because="test")

    with pytest.raises(StaleState):
        intake.withdraw(seen_earlier, by=entry.entrant)

    assert Entry.objects.get(pk=entry.pk).state == State.REJECTED
