"""The one page of a draft: everything that can be kept is kept, and nothing wrong gets through."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from submissions.models import Answer, Contest, DisclosedTool, Entry, FileReading, LicenceClass, User
from submissions.rules import AILevel
from submissions.states import State
from tests.factories import make_contest, make_draft, make_entry, make_user
from tests.pictures import as_file, draw

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]


def png(seed: int = 1, name: str = "picture.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, as_file(draw(seed, 60, 40)), "image/png")


def tool(number: int, **values: Any) -> dict[str, Any]:
    """One row of the tools as a browser sends it."""
    row = {"model": "", "model_words": "", "version": "", "licence_class": "unknown", **values}
    return {f"tools-{number}-{name}": value for name, value in row.items()}


def sheet(
    given: Mapping[str, Any] | None = None, *, do: str = "save", tools: int = 0, **more: Any
) -> dict[str, Any]:
    """What the form sends."""
    data = {
        "do": do,
        "work-title": "A river",
        "work-statement": "",
        "statement-level": "",
        "statement-explanation": "",
        "statement-prompts": "",
        "tools-TOTAL_FORMS": tools,
        "tools-INITIAL_FORMS": 0,
        "sign-name": "",
    }
    return {**data, **(given or {}), **more}


def send(client: Client, entry: Entry, data: dict[str, Any]) -> HttpResponseBase:
    return client.post(reverse("submissions:edit", args=[entry.public_id]), data)


@pytest.fixture
def draft() -> Entry:
    return make_draft()


@pytest.fixture
def client(draft: Entry, as_person: SignIn) -> Client:
    return as_person(draft.entrant)


def text(response: HttpResponseBase) -> str:
    return b"".join(response).decode()


def test_the_button_of_a_contest_leads_to_a_draft(as_person: SignIn) -> None:
    contest, entrant = make_contest(), make_user()

    response = as_person(entrant).post(reverse("submissions:start", args=[contest.slug]))

    entry = Entry.objects.get(entrant=entrant, contest=contest)
    assert response.headers["Location"] == f"/entries/{entry.public_id}/edit/"


def test_the_button_does_nothing_by_a_mere_link(as_person: SignIn) -> None:
    contest, entrant = make_contest(), make_user()

    response = as_person(entrant).get(reverse("submissions:start", args=[contest.slug]))

    assert response.status_code == 405
    assert not Entry.objects.exists()


def test_a_draft_keeps_what_was_typed_chosen_and_sent(client: Client, draft: Entry) -> None:
    data = sheet(
        {
            "work-statement": "Seen at night.",
            "statement-level": "edited",
            "statement-explanation": "The sky.",
            "statement-prompts": "stars",
            "statement-cloaks": ["glaze", "mist"],
            "pictures": [png(1, "one.png"), png(2, "두번째.png")],
            "process_files": [SimpleUploadedFile("layers.psd", b"8BPS")],
        },
        tools=2,
    )
    data |= tool(0, model="flux-1", version="dev", datasets=["laion-5b"], licence_class="mixed")
    data |= tool(
        1,
        model_words="My LoRA",
        is_fine_tuned="on",
        fine_tune_words="40 drawings of mine",
        fine_tune_licence_class="public_domain",
    )

    response = send(client, draft, data)

    assert response.status_code == 302
    entry = Entry.objects.get(pk=draft.pk)
    assert (entry.title, entry.statement, entry.state) == ("A river", "Seen at night.", State.DRAFT)
    assert list(entry.artworks.values_list("original_name", flat=True)) == ["one.png", "두번째.png"]
    assert entry.process_files.get().original_name == "layers.psd"
    disclosure = entry.disclosures.get()
    assert (disclosure.level, disclosure.explanation, disclosure.prompts) == ("edited", "The sky.", "stars")
    assert disclosure.cloaks == ["glaze", "mist"]
    assert disclosure.attested_at is None
    known, typed = disclosure.tools.all()
    assert (known.model, known.version, known.datasets, known.licence_class) == (
        "flux-1",
        "dev",
        ["laion-5b"],
        LicenceClass.MIXED,
    )
    assert (typed.model_words, typed.is_fine_tuned, typed.fine_tune_words) == (
        "My LoRA",
        True,
        "40 drawings of mine",
    )


def test_what_is_kept_is_shown_again(client: Client, draft: Entry) -> None:
    data = sheet({"statement-level": "generated", "statement-prompts": "a river at night"}, tools=1)
    send(client, draft, data | tool(0, model_words="My own model", licence_class="public_domain"))

    page = text(client.get(reverse("submissions:edit", args=[draft.public_id])))

    assert 'value="generated" id="id_statement-level_3" checked' in page
    assert 'value="My own model"' in page
    assert "a river at night" in page


def test_a_wrong_field_takes_no_file_and_no_other_field_with_it(client: Client, draft: Entry) -> None:
    data = sheet({"work-title": "x" * 201, "statement-explanation": "The sky.", "pictures": [png(1), png(2)]})

    response = send(client, draft, data)

    assert response.status_code == 200
    assert "Ensure this value has at most 200 characters (it has 201)." in text(response)
    assert "x" * 201 in text(response)
    entry = Entry.objects.get(pk=draft.pk)
    assert entry.title == draft.title
    assert entry.artworks.count() == 2
    assert entry.disclosures.get().explanation == "The sky."


def test_a_wrong_tool_takes_no_other_tool_with_it(client: Client, draft: Entry) -> None:
    data = sheet(tools=2) | tool(0, model="not-in-the-catalogue", version="2") | tool(1, model_words="Mine")

    response = send(client, draft, data)

    assert "Select a valid choice" in text(response)
    assert list(DisclosedTool.objects.values_list("model", "model_words", "version")) == [
        ("", "", "2"),
        ("", "Mine", ""),
    ]


def test_a_lying_file_is_named_and_the_honest_one_kept(client: Client, draft: Entry) -> None:
    liar = SimpleUploadedFile("photo.jpg", b"<!doctype html><script>alert(1)</script>", "image/jpeg")
    empty = SimpleUploadedFile("nothing.png", b"", "image/png")

    response = send(client, draft, sheet(pictures=[liar, empty, png(1)]))

    page = text(response)
    assert "“photo.jpg” is not a JPEG" in page
    assert "“nothing.png” is empty." in page
    assert draft.artworks.get().original_name == "picture.png"


def test_files_beyond_the_limit_are_named_and_the_first_ones_kept(
    client: Client, draft: Entry, settings: Settings
) -> None:
    settings.UPLOAD_MAX_FILES = 2

    response = send(client, draft, sheet(pictures=[png(seed, f"{seed}.png") for seed in (1, 2, 3)]))

    assert "“3.png” was not added: 2 files are the most an entry can have." in text(response)
    assert list(draft.artworks.values_list("original_name", flat=True)) == ["1.png", "2.png"]


def test_a_file_name_is_text_not_html(client: Client, draft: Entry) -> None:
    send(client, draft, sheet(pictures=[png(1, "<img src=x onerror=alert(1)>.png")]))

    page = text(client.get(reverse("submissions:edit", args=[draft.public_id])))

    assert "<img src=x" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;.png" in page


@pytest.mark.parametrize(
    ("do", "order"), [("earlier", ["2.png", "1.png"]), ("later", ["1.png", "2.png"]), ("remove", ["1.png"])]
)
def test_buttons_beside_a_file(client: Client, draft: Entry, do: str, order: list[str]) -> None:
    send(client, draft, sheet(pictures=[png(1, "1.png"), png(2, "2.png")]))
    second = draft.artworks.get(original_name="2.png")

    send(client, draft, sheet({"work-title": "Typed meanwhile"}, do=f"{do}:{second.public_id}"))

    assert list(draft.artworks.values_list("original_name", flat=True)) == order
    assert Entry.objects.get(pk=draft.pk).title == "Typed meanwhile"


def test_a_button_reaches_no_file_of_another_entry(client: Client, draft: Entry) -> None:
    other = make_entry(state=State.DRAFT, entrant=draft.entrant)

    response = send(client, draft, sheet(do=f"remove:{other.artworks.get().public_id}"))

    assert response.status_code == 404
    assert other.artworks.count() == 1


@pytest.mark.parametrize("do", ["remove:nonsense", "remove:", "remove-tool:x", "remove-tool:99", "dance"])
def test_a_nonsense_button_breaks_nothing(client: Client, draft: Entry, do: str) -> None:
    response = send(client, draft, sheet(do=do))

    assert response.status_code in (302, 404)


def test_adding_a_tool_keeps_the_sheet_and_shows_an_empty_row(client: Client, draft: Entry) -> None:
    data = sheet({"statement-level": "generated"}, do="add-tool", tools=1) | tool(0, model_words="First")

    response = client.post(reverse("submissions:edit", args=[draft.public_id]), data, follow=True)

    assert 'name="tools-1-model_words"' in text(response)
    assert DisclosedTool.objects.get().model_words == "First"


def test_a_refused_file_does_not_keep_the_empty_row_away(client: Client, draft: Entry) -> None:
    liar = SimpleUploadedFile("photo.jpg", b"<svg/>", "image/jpeg")

    response = send(client, draft, sheet(do="add-tool", pictures=[liar]))

    page = text(response)
    assert "“photo.jpg” is not a JPEG" in page
    assert 'name="tools-0-model_words"' in page


def test_removing_a_tool_moves_the_later_ones_up(client: Client, draft: Entry) -> None:
    data = sheet(do="remove-tool:1", tools=3)
    data |= (
        tool(0, model_words="A") | tool(1, model_words="B") | tool(2, model_words="C", datasets=["laion-5b"])
    )

    send(client, draft, data)

    kept = list(DisclosedTool.objects.values_list("model_words", "datasets"))
    assert kept == [("A", []), ("C", ["laion-5b"])]


@pytest.mark.parametrize("total", ["", "x"])
def test_an_unreadable_count_of_tools_loses_no_tool(client: Client, draft: Entry, total: str) -> None:
    send(client, draft, sheet(tools=1) | tool(0, model_words="A"))

    response = send(client, draft, {**sheet(do="remove-tool:0"), "tools-TOTAL_FORMS": total})

    assert response.status_code in (200, 302)
    assert DisclosedTool.objects.get().model_words == "A"


@pytest.mark.parametrize("total", ["-1", "0", "99999999999"])
def test_a_tampered_count_of_tools_breaks_nothing(client: Client, draft: Entry, total: str) -> None:
    response = send(client, draft, {**sheet(do="add-tool"), "tools-TOTAL_FORMS": total})

    assert response.status_code in (200, 302)


def signed(values: Mapping[str, Any] | None = None) -> dict[str, Any]:
    given = {"statement-level": "none", "sign-name": "Mina Park", "sign-agreed": "on", "pictures": [png()]}
    return sheet({**given, **(values or {})}, do="hand-in")


def test_a_complete_sheet_is_handed_in_at_one_press(client: Client, draft: Entry) -> None:
    response = send(client, draft, signed())

    assert response.headers["Location"] == f"/entries/{draft.public_id}/"
    entry = Entry.objects.get(pk=draft.pk)
    assert entry.state == State.RECEIVED
    assert entry.disclosures.get().attested_name == "Mina Park"


def test_an_unticked_box_signs_nothing(client: Client, draft: Entry) -> None:
    data = signed()
    del data["sign-agreed"]

    response = send(client, draft, data)

    assert "Sign the statement with your name." in text(response)
    assert Entry.objects.get(pk=draft.pk).state == State.DRAFT
    assert draft.artworks.count() == 1


def test_an_incomplete_sheet_says_what_it_lacks_and_keeps_the_rest(client: Client, draft: Entry) -> None:
    response = send(client, draft, signed({"work-title": "", "statement-level": "generated"}))

    page = text(response)
    assert "Give the work a title." in page
    assert "Name the tool or model that was used." in page
    assert draft.artworks.count() == 1
    assert Entry.objects.get(pk=draft.pk).disclosures.get().level == AILevel.GENERATED


def test_a_refused_file_stops_the_hand_in(client: Client, draft: Entry) -> None:
    liar = SimpleUploadedFile("photo.jpg", b"<svg/>", "image/jpeg")

    send(client, draft, signed({"pictures": [png(), liar]}))

    assert Entry.objects.get(pk=draft.pk).state == State.DRAFT


def test_after_the_deadline_the_draft_is_kept_and_not_handed_in(client: Client, draft: Entry) -> None:
    Contest.objects.filter(pk=draft.contest_id).update(closes_at=timezone.now() - timedelta(seconds=1))

    response = send(client, draft, signed())

    assert "The contest is closed. Your draft is kept." in text(response)
    entry = Entry.objects.get(pk=draft.pk)
    assert (entry.state, entry.artworks.count()) == (State.DRAFT, 1)


def test_a_second_press_of_hand_in_shows_where_it_stands(client: Client, draft: Entry) -> None:
    send(client, draft, signed())

    response = send(client, draft, signed())

    assert response.headers["Location"] == f"/entries/{draft.public_id}/"
    assert draft.moves.count() == 1


def test_a_draft_is_thrown_away_only_after_a_question(client: Client, draft: Entry) -> None:
    asked = client.get(reverse("submissions:discard", args=[draft.public_id]))
    still_there = Entry.objects.filter(pk=draft.pk).exists()

    client.post(reverse("submissions:discard", args=[draft.public_id]))

    assert (asked.status_code, still_there) == (200, True)
    assert not Entry.objects.filter(pk=draft.pk).exists()


def test_an_amendment_by_the_page(as_person: SignIn) -> None:
    entry = make_entry(state=State.HELD)
    client, address = as_person(entry.entrant), reverse("submissions:amend", args=[entry.public_id])
    given = {"statement-level": "generated", "statement-prompts": "a river at night"}
    data = sheet({**given, "sign-name": "Mina", "sign-agreed": "on"}, do="sign", tools=1)

    more = client.post(address, {**data, "do": "add-tool"})
    response = client.post(address, data | tool(0, model="midjourney", version="6"))

    assert 'name="tools-1-model"' in text(more)
    assert response.headers["Location"] == f"/entries/{entry.public_id}/"
    assert entry.disclosure is not None
    assert (entry.disclosure.version, entry.disclosure.tools.get().model) == (2, "midjourney")


def test_an_amendment_takes_over_what_the_file_says(as_person: SignIn) -> None:
    """The entrant declined it in the draft, was held for it, and now thinks better of it."""
    entry = make_entry(state=State.HELD)
    FileReading.objects.create(
        artwork=entry.artworks.get(),
        signed=True,
        level="generated",
        tools=[{"model": "adobe-firefly", "model_words": "", "version": "3"}],
        prompts="a fox",
        answer=Answer.DECLINED,
        read_at=timezone.now(),
    )
    client, address = as_person(entry.entrant), reverse("submissions:amend", args=[entry.public_id])
    mine = sheet({"statement-level": "none", "statement-prompts": "my own words"}, do="", tools=1)
    mine |= tool(0, model="midjourney")

    asked = text(client.get(address))
    filled = client.post(address, mine | {"do": f"accept:{entry.artworks.get().public_id}"})

    assert "put it into my statement" in asked
    assert "put it into my statement" not in text(filled)
    shown = filled.context["statement"]
    assert shown.facts["level"] == "generated"
    assert shown.facts["prompts"] == "my own words"
    assert [one["model"] for one in shown.tool_facts] == ["midjourney", "adobe-firefly"]
    assert entry.disclosures.count() == 1


def test_an_unsigned_amendment_changes_nothing(as_person: SignIn) -> None:
    entry = make_entry(state=State.HELD)
    address = reverse("submissions:amend", args=[entry.public_id])

    response = as_person(entry.entrant).post(address, sheet({"statement-level": "none"}, do="sign"))

    assert "Sign the statement with your name." in text(response)
    assert entry.disclosures.count() == 1


def test_withdrawing_asks_first(as_person: SignIn) -> None:
    entry = make_entry(state=State.HUNG)
    client, address = as_person(entry.entrant), reverse("submissions:withdraw", args=[entry.public_id])

    asked = client.get(address)
    standing = Entry.objects.get(pk=entry.pk).state
    client.post(address)

    assert (asked.status_code, standing) == (200, State.HUNG)
    withdrawn = Entry.objects.get(pk=entry.pk)
    assert (withdrawn.state, withdrawn.category) == (State.WITHDRAWN, None)


def test_a_rejected_entry_offers_no_withdrawal(as_person: SignIn) -> None:
    entry = make_entry(state=State.REJECTED)
    client = as_person(entry.entrant)

    client.post(reverse("submissions:withdraw", args=[entry.public_id]))

    page = text(client.get(reverse("submissions:entry", args=[entry.public_id])))
    assert "Withdraw the entry" not in page
    assert Entry.objects.get(pk=entry.pk).state == State.REJECTED
