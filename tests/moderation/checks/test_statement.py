"""Every contradiction both ways: it speaks when statement and evidence disagree, and only then."""

from typing import Any

import pytest

from matching.models import Artist
from moderation.checks import statement
from moderation.checks.look import Look
from moderation.verdicts import Finding, Lane, Outcome
from submissions.models import LicenceClass
from submissions.rules import AILevel
from tests.factories import make_disclosure, make_draft
from tests.matching.factories import make_artist

pytestmark = pytest.mark.django_db

FIREFLY = {
    "model": "adobe-firefly",
    "model_words": "Adobe Firefly",
    "licence_class": LicenceClass.LICENSED,
}
OPEN = {"model_words": "My own model", "licence_class": LicenceClass.PUBLIC_DOMAIN}


def credentials(origin: str, *, generator: str | None = None, vouched: bool = False) -> Finding:
    data = {"origin": origin, "generator": generator, "vouched": vouched, "signer": "unrecognised"}
    return Finding("provenance", Lane.PROVENANCE, Outcome.CLEAR, f"provenance.{origin}", data)


def trace(*generators: str, prompts: tuple[str, ...] = ()) -> Finding:
    data = {"generators": list(generators), "traces": [], "prompts": list(prompts)}
    return Finding("traces", Lane.PROVENANCE, Outcome.CLEAR, "traces.generator", data)


def codes(*findings: Finding, level: AILevel = AILevel.NONE, tools: Any = (), **stated: Any) -> list[str]:
    disclosure = make_disclosure(make_draft(), level=level, tools=tools, **stated)
    return [found.code for found in statement.run(Look(disclosure.entry, disclosure, findings))]


CONSISTENT = ["statement.consistent"]


@pytest.mark.parametrize("origin", ["ai_generated", "ai_composite"])
def test_says_none_and_credentials_say_ai(origin: str) -> None:
    assert codes(credentials(origin)) == ["statement.none_but_credentials_say_ai"]


@pytest.mark.parametrize("origin", ["captured", "human_created", "no_claim", "algorithmic"])
def test_says_none_and_credentials_say_nothing_else(origin: str) -> None:
    assert codes(credentials(origin)) == CONSISTENT


def test_says_none_and_a_generator_left_its_trace() -> None:
    assert codes(trace("Stable Diffusion web UI")) == ["statement.none_but_generator_trace"]


def test_says_generated_and_a_generator_left_its_trace() -> None:
    assert codes(trace("ComfyUI"), level=AILevel.GENERATED, tools=[OPEN]) == CONSISTENT


def test_says_a_part_was_edited_and_credentials_say_all_of_it_was_generated() -> None:
    found = credentials("ai_generated", generator="Adobe Firefly")

    assert codes(found, level=AILevel.EDITED, tools=[FIREFLY]) == ["statement.edited_but_generated"]
    assert codes(found, level=AILevel.GENERATED, tools=[FIREFLY]) == CONSISTENT


def test_another_model_than_stated() -> None:
    found = credentials("ai_generated", generator="Midjourney")

    assert codes(found, level=AILevel.GENERATED, tools=[FIREFLY]) == ["statement.another_model"]


@pytest.mark.parametrize(
    "generator", ["Adobe Firefly", "Adobe Photoshop Generative Fill", "Some Camera App", None]
)
def test_the_stated_model_under_its_own_or_its_tools_name(generator: str | None) -> None:
    found = credentials("ai_generated", generator=generator)

    assert codes(found, level=AILevel.GENERATED, tools=[FIREFLY]) == CONSISTENT


def test_an_interface_in_the_file_names_no_other_model() -> None:
    sdxl = {"model": "stable-diffusion-xl", "model_words": "SDXL", "licence_class": LicenceClass.UNKNOWN}

    assert codes(trace("ComfyUI"), level=AILevel.GENERATED, tools=[sdxl]) == CONSISTENT


def test_states_cleaner_data_than_the_catalogue_knows() -> None:
    tool = {"model": "stable-diffusion-1", "version": "1.5"}

    for stated in (LicenceClass.PUBLIC_DOMAIN, LicenceClass.LICENSED, LicenceClass.MIXED):
        seen = codes(level=AILevel.GENERATED, tools=[tool | {"licence_class": stated}])
        assert "statement.cleaner_data_than_known" in seen
    for stated in (LicenceClass.SCRAPED, LicenceClass.UNKNOWN):
        assert codes(level=AILevel.GENERATED, tools=[tool | {"licence_class": stated}]) == CONSISTENT


def test_a_named_dataset_counts_as_much_as_a_model() -> None:
    tool = {"model_words": "My own model", "datasets": ["laion-5b"], "licence_class": LicenceClass.LICENSED}

    assert codes(level=AILevel.GENERATED, tools=[tool]) == ["statement.dataset_is_otherwise"]


def test_says_generated_and_names_no_tool() -> None:
    assert codes(level=AILevel.GENERATED) == ["statement.no_tool_named"]


def test_a_prompt_names_a_registered_artist() -> None:
    make_artist(name="Haneul Seo")
    said: dict[str, Any] = {"level": AILevel.GENERATED, "tools": [OPEN]}

    assert codes(prompts="a harbour in the style of haneul seo", **said) == ["statement.prompt_names_artist"]
    assert codes(trace("ComfyUI", prompts=("by Haneul Seo",)), **said) == ["statement.prompt_names_artist"]
    assert codes(prompts="a harbour at dusk", **said) == CONSISTENT


def test_a_camera_signed_what_is_said_to_be_generated() -> None:
    said: dict[str, Any] = {"level": AILevel.GENERATED, "tools": [OPEN]}

    assert codes(credentials("captured", vouched=True), **said) == ["statement.camera_work_declared_ai"]
    assert codes(credentials("captured"), **said) == CONSISTENT  # anybody can sign "a camera" themselves


@pytest.mark.parametrize(
    ("name", "aliases", "text", "named"),
    [
        ("Haneul Seo", "", "in the style of Haneul Seo, dusk", True),
        ("Haneul Seo", "", "haneul seoul skyline", False),
        ("Haneul Seo", "Skysong, 서하늘", "서하늘의 화풍으로", True),
        ("Haneul Seo", "Skysong, 서하늘", "by skysong.", True),
        ("Anna", "", "a banana, anna", False),  # too short to be nobody else's
        ("서하늘", "", "동서하늘길", False),
    ],
)
def test_a_name_counts_as_words_of_its_own(name: str, aliases: str, text: str, named: bool) -> None:
    artist = make_artist(name=name, aliases=aliases)

    assert Artist.objects.named_in(text) == ([artist] if named else [])
