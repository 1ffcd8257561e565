"""Every rule both ways: it speaks where it must, and stays silent where there is an innocent reading."""

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from PIL import Image

from moderation.checks.statement import RULES, Severity
from moderation.verdicts import Outcome
from submissions.models import LicenceClass
from submissions.rules import AILevel, Rules
from tests.factories import make_user
from tests.matching.factories import make_artist
from tests.moderation.checks.contradicted import (
    MIDJOURNEY,
    OWN,
    Stated,
    camera,
    copy_of,
    credentials,
    duplicate,
    estimate,
    no_credentials,
    prove_signed,
    state_before,
    trace,
)
from tests.moderation.rows import make_judged, make_work
from tests.pictures import draw

pytestmark = pytest.mark.django_db

Case = Callable[[], Stated]
EDITED, GENERATED, ASSISTIVE = AILevel.EDITED, AILevel.GENERATED, AILevel.ASSISTIVE
SD15 = {"model": "stable-diffusion-1", "version": "1.5"}
LICENSED, SCRAPED, CLEAN = LicenceClass.LICENSED, LicenceClass.SCRAPED, LicenceClass.PUBLIC_DOMAIN


def photo(*, author: str = "", taken: str = "", whole: bool = False) -> bytes:
    """A JPEG with what a camera writes, as far as it is asked for."""
    image, out = Image.fromarray(draw(3, 64, 48)), io.BytesIO()
    exif = image.getexif()
    if author:
        exif[315] = author
    if taken or whole:
        exif[271], exif[272] = "Fujifilm", "X-T5"
        exif.get_ifd(0x8769)[36867] = taken or "2025:05:01 10:00:00"
    if whole:
        exif.get_ifd(0x8769)[37500] = b"maker note"
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


def made(level: AILevel = GENERATED, *findings: Any, tool: Any = OWN, **said: Any) -> Stated:
    return Stated(findings, level=level, tools=[tool] if tool else [], said=said)


def stripped(*, proved: bool, found: Any) -> Stated:
    work = make_work()
    if proved:
        prove_signed(work)
    return Stated([copy_of(work), found])


def prompting(name: str, prompt: str, **artist: Any) -> Stated:
    make_artist(name=name, **artist)
    return made(prompts=prompt)


def own_profile() -> Stated:
    person = make_user()
    make_artist(name="Haneul Seo", owner=person)
    return Stated(
        level=GENERATED, tools=[OWN], entrant=person, said={"prompts": "in the style of Haneul Seo"}
    )


PHOTOGRAPH = {"medium": "photograph"}
BOTH_WAYS: dict[str, tuple[Case, Case]] = {
    "none_but_credentials_say_ai": (
        lambda: Stated([credentials("ai_composite")]),
        lambda: Stated([credentials("captured_edited")]),
    ),
    "none_but_generator_trace": (
        lambda: made(ASSISTIVE, trace("ComfyUI"), tool=None),
        lambda: made(ASSISTIVE, trace("Photo Assist", meaning="edited"), tool=None),
    ),
    "assistive_but_part_generated": (
        lambda: made(ASSISTIVE, credentials("ai_composite"), tool=None),
        lambda: made(EDITED, credentials("ai_composite")),
    ),
    "edited_but_generated": (
        lambda: made(EDITED, credentials("ai_generated")),
        lambda: made(EDITED, credentials("ai_composite")),
    ),
    "none_but_ai_possible": (
        lambda: Stated([credentials("ai_possible")]),
        lambda: made(ASSISTIVE, credentials("ai_possible"), tool=None),
    ),
    "none_but_generated_reference": (
        lambda: Stated([credentials("human_edited", flags=["ai_reference"])]),
        lambda: made(ASSISTIVE, credentials("human_edited", flags=["ai_reference"]), tool=None),
    ),
    "none_but_processed": (
        lambda: Stated([trace("Topaz Gigapixel", meaning="processed")]),
        lambda: made(ASSISTIVE, trace("Topaz Gigapixel", meaning="processed"), tool=None),
    ),
    "form_tells_of_ai": (
        lambda: made(ASSISTIVE, tool=None, parts="The sky and the two figures"),
        lambda: made(EDITED, parts="The sky and the two figures"),
    ),
    "pictures_disagree": (
        lambda: Stated([credentials("ai_generated")], level=GENERATED, tools=[OWN], second=[camera()]),
        lambda: Stated(
            [credentials("ai_generated")], level=GENERATED, tools=[OWN], second=[no_credentials()]
        ),
    ),
    "photograph_without_a_camera": (
        lambda: Stated([estimate(), no_credentials()], said=PHOTOGRAPH),
        lambda: Stated([estimate()], content=photo(taken="2025:05:01 10:00:00"), said=PHOTOGRAPH),
    ),
    "camera_work_declared_ai": (lambda: made(GENERATED, camera()), lambda: made(EDITED, camera())),
    "camera_data_declared_ai": (
        lambda: Stated([no_credentials()], level=GENERATED, tools=[OWN], content=photo(whole=True)),
        lambda: Stated([trace("ComfyUI")], level=GENERATED, tools=[OWN], content=photo(whole=True)),
    ),
    "another_kind_of_work": (
        lambda: Stated([estimate(Outcome.CLEAR, "line_art")], said=PHOTOGRAPH),
        lambda: Stated([estimate(Outcome.CLEAR, "traditional_scan")], said=PHOTOGRAPH),
    ),
    "drawn_but_captured": (
        lambda: Stated([camera()], said={"medium": "line_art"}),
        lambda: Stated([camera()], said={"medium": "traditional_scan"}),
    ),
    "photograph_but_drawn": (
        lambda: Stated([credentials("blank_canvas")], said=PHOTOGRAPH),
        lambda: Stated([credentials("edited_unknown_origin")], said=PHOTOGRAPH),
    ),
    "another_model": (
        lambda: made(GENERATED, credentials("ai_generated", generator="Adobe Firefly"), tool=MIDJOURNEY),
        lambda: made(GENERATED, credentials("ai_generated", generator="Midjourney"), tool=MIDJOURNEY),
    ),
    "no_tool_named": (lambda: made(EDITED, tool=None), lambda: made(ASSISTIVE, tool=None)),
    "interface_named": (
        lambda: made(tool={"model_words": "ComfyUI", "licence_class": LicenceClass.UNKNOWN}),
        lambda: made(tool={"model_words": "SDXL", "licence_class": LicenceClass.UNKNOWN}),
    ),
    "version_not_known": (
        lambda: made(tool=MIDJOURNEY | {"version": "99"}),
        lambda: made(tool=MIDJOURNEY | {"version": "6"}),
    ),
    "tool_generates_nothing": (
        lambda: made(tool={"model": "topaz-gigapixel", "licence_class": LicenceClass.UNKNOWN}),
        lambda: made(EDITED, tool={"model": "topaz-gigapixel", "licence_class": LicenceClass.UNKNOWN}),
    ),
    "generator_only_touched_up": (
        lambda: made(ASSISTIVE, tool=MIDJOURNEY, purposes=["denoise"]),
        lambda: made(ASSISTIVE, tool=MIDJOURNEY, purposes=["denoise", "ideas"]),
    ),
    "cleaner_data_than_known": (
        lambda: made(tool=SD15 | {"licence_class": LICENSED}),
        lambda: made(tool=SD15 | {"licence_class": SCRAPED}),
    ),
    "cleaner_base_than_known": (
        lambda: made(tool=SD15 | {"licence_class": LICENSED, "is_fine_tuned": True}),
        lambda: made(tool=SD15 | {"licence_class": LicenceClass.UNKNOWN, "is_fine_tuned": True}),
    ),
    "dataset_is_otherwise": (
        lambda: made(tool=OWN | {"dataset_words": "LAION-5B"}),
        lambda: made(tool=OWN | {"dataset_words": "my own photographs"}),
    ),
    "fine_tune_data_otherwise": (
        lambda: made(tool=fine_tuned("LAION-5B", CLEAN)),
        lambda: made(tool=fine_tuned("My sketchbooks", CLEAN)),
    ),
    "fine_tune_without_data": (
        lambda: made(tool=fine_tuned("", "")),
        lambda: made(tool=fine_tuned("My sketchbooks", "")),
    ),
    "another_dataset_than_known": (
        lambda: made(tool=SD15 | {"licence_class": SCRAPED, "dataset_words": "ImageNet"}),
        lambda: made(tool=OWN | {"licence_class": SCRAPED, "dataset_words": "ImageNet"}),
    ),
    "opt_outs_not_honoured": (
        lambda: made(tool=MIDJOURNEY | {"licence_class": LICENSED}),
        lambda: made(tool={"model": "adobe-firefly", "licence_class": LICENSED}),
    ),
    "older_than_its_model": (
        lambda: made(tool=MIDJOURNEY, made_on=date(2021, 5, 1)),
        lambda: made(tool=MIDJOURNEY, made_on=date(2025, 5, 1)),
    ),
    "signed_before_its_model": (
        lambda: made(
            GENERATED, credentials("ai_generated", signed_at="2021-05-01T10:00:00"), tool=MIDJOURNEY
        ),
        lambda: made(EDITED, credentials("captured", signed_at="2021-05-01T10:00:00"), tool=MIDJOURNEY),
    ),
    "generated_after_it_was_finished": (
        lambda: made(
            GENERATED, credentials("ai_generated", signed_at="2025-06-01T10:00:00"), made_on=date(2025, 5, 1)
        ),
        lambda: made(
            GENERATED, credentials("ai_generated", signed_at="2025-05-02T23:00:00"), made_on=date(2025, 5, 1)
        ),
    ),
    "taken_after_it_was_finished": (
        lambda: Stated(
            content=photo(taken="2025:05:09 10:00:00"), said=PHOTOGRAPH | {"made_on": date(2025, 5, 1)}
        ),
        lambda: Stated(
            content=photo(taken="2025:05:09 10:00:00"),
            said={"medium": "traditional_scan", "made_on": date(2025, 5, 1)},
        ),
    ),
    "prompt_names_artist": (
        lambda: prompting("Haneul Seo", "a harbour by haneul seo"),
        lambda: prompting("Haneul Seo", "a harbour by haneul seo", public_domain=True),
    ),
    "another_author_in_the_file": (
        lambda: Stated(content=photo(author="Minjun Baek"), entrant=make_user(display_name="Ada Kim")),
        lambda: Stated(content=photo(author="Kim, Ada B."), entrant=make_user(display_name="Ada Kim")),
    ),
    "another_persons_entry": (
        lambda: Stated([duplicate(same_entrant=False)]),
        lambda: Stated([duplicate(same_entrant=True)]),
    ),
    "credit_stripped": (
        lambda: stripped(proved=True, found=no_credentials()),
        lambda: stripped(proved=True, found=credentials("human_created")),
    ),
}
ELSEWHERE = {
    "reference_is_registered",
    "amended_after_finding",
    "lowered_after_finding",
    "cloak_without_a_change",
}  # test_contradictions_of_rows.py


def fine_tuned(words: str, licence: str) -> dict[str, Any]:
    return OWN | {"is_fine_tuned": True, "fine_tune_words": words, "fine_tune_licence_class": licence}


def names(stated: Stated) -> set[str]:
    return {found.code.removeprefix("statement.") for found in stated.contradictions()}


@pytest.mark.parametrize("rule", sorted(BOTH_WAYS))
def test_a_rule_speaks_with_its_severity(rule: str) -> None:
    found = {one.code: one for one in BOTH_WAYS[rule][0]().contradictions()}

    spoken = found[f"statement.{rule}"]
    assert spoken.outcome == Outcome.FLAG
    assert spoken.data["severity"] == RULES[rule].severity
    assert spoken.data.get("speaks_for") == RULES[rule].speaks_for


@pytest.mark.parametrize("rule", sorted(BOTH_WAYS))
def test_a_rule_stays_silent(rule: str) -> None:
    assert rule not in names(BOTH_WAYS[rule][1]())


def test_every_rule_is_tried_both_ways() -> None:
    assert set(BOTH_WAYS) | ELSEWHERE == set(RULES)
    assert len(RULES) >= 25


@pytest.mark.parametrize("rule", sorted(BOTH_WAYS))
def test_what_could_not_be_looked_at_contradicts_nothing(rule: str) -> None:
    stated = BOTH_WAYS[rule][0]()
    without = Stated(**{**vars(stated), "findings": (), "second": ()})
    unknown = [type(one)(**{**vars(one), "outcome": Outcome.UNKNOWN}) for one in stated.findings]

    blind = Stated(**{**vars(stated), "findings": unknown, "second": ()})

    assert names(blind) == names(without)


def test_a_statement_that_nothing_speaks_against_is_consistent() -> None:
    assert Stated([no_credentials(), estimate(Outcome.CLEAR)]).contradictions() == []


def test_a_cloak_never_counts_against_its_maker() -> None:
    cloaked = PHOTOGRAPH | {"cloaks": ["glaze"]}

    assert names(Stated([estimate(), no_credentials()], said=cloaked)) == set()
    assert RULES["cloak_without_a_change"].severity == Severity.NOTE


def test_signs_that_the_contest_only_notes_hold_no_photograph() -> None:
    noting = Rules(synthetic_signs="note")  # type: ignore[arg-type]

    assert names(Stated([estimate(), no_credentials()], said=PHOTOGRAPH, rules=noting)) == set()


def test_nobody_contradicts_themselves_by_their_own_name() -> None:
    assert names(own_profile()) == set()


def test_the_long_dead_are_not_asked() -> None:
    assert "prompt_names_artist" not in names(prompting("Vincent van Gogh", "by Vincent van Gogh"))


def test_a_work_without_signed_credentials_had_no_credit_to_strip() -> None:
    assert names(stripped(proved=False, found=no_credentials())) == set()


def test_the_evidence_is_named_for_the_page() -> None:
    (found,) = Stated([credentials("ai_generated")]).contradictions()

    assert found.data["evidence"] == ["provenance"]


def test_a_stated_level_of_a_signed_form_is_read_by_its_own_version() -> None:
    entry = make_judged().contest
    before = Stated(contest=entry).entry()
    state_before(before, level=GENERATED)

    assert names_of(Stated(), before) == set()


def names_of(stated: Stated, entry: Any) -> set[str]:
    return {one.code.removeprefix("statement.") for one in stated.contradictions(entry)}
