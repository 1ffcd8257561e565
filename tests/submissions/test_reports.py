"""One statement, three reports."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from submissions import reports
from submissions.models import Disclosure, Entry, LicenceClass, Purpose, TrainingItem, User
from submissions.rules import AILevel
from submissions.states import State
from tests.factories import make_disclosure, make_draft, make_entry

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]
LORA = {
    "model": "flux-1",
    "is_fine_tuned": True,
    "fine_tune_words": "41 of my drawings",
    "fine_tune_licence_class": LicenceClass.LICENSED,
    "is_self_trained": True,
    "training": {"amount": "41", "synthetic": "no"},
}


def stated(level: AILevel, *, tools: list[dict[str, Any]] | None = None, **said: Any) -> Disclosure:
    entry = make_draft()
    Entry.objects.filter(pk=entry.pk).update(state=State.HELD, submitted_at=timezone.now())
    return make_disclosure(entry, level=level, tools=tools or [], **said)


@pytest.mark.parametrize(
    ("level", "more", "article50", "label"),
    [
        (AILevel.NONE, False, "none", False),
        (AILevel.ASSISTIVE, False, "assisted", False),
        (AILevel.EDITED, True, "edited", True),
        (AILevel.GENERATED, True, "full", True),
    ],
)
def test_each_level_in_the_words_of_two_laws(level: AILevel, more: bool, article50: str, label: bool) -> None:
    told = reports.as_json(stated(level))

    assert told["us_copyright_office"]["more_than_de_minimis"] is more
    assert (told["eu_ai_act_article_50"]["level"], told["eu_ai_act_article_50"]["label_wanted"]) == (
        article50,
        label,
    )


def test_an_edited_work_excludes_the_parts_that_ai_made() -> None:
    disclosure = stated(
        AILevel.EDITED, parts="The sky", explanation="I painted the town.", tools=[{"model": "midjourney"}]
    )

    told = reports.as_json(disclosure)["us_copyright_office"]

    assert told["material_excluded"] == "The sky"
    assert (told["tools"], told["human_contribution"]) == ("Midjourney", "I painted the town.")


def test_what_was_not_told_is_unknown() -> None:
    told = reports.as_json(stated(AILevel.GENERATED))

    assert told["us_copyright_office"]["author_created"] == "unknown"
    assert told["us_copyright_office"]["human_contribution"] == "unknown"
    assert told["eu_ai_act_article_50"]["tools"] == "unknown"
    assert told["california_ab_2013"] == []


def test_help_is_named_by_its_purposes() -> None:
    told = reports.as_json(stated(AILevel.ASSISTIVE, purposes=[Purpose.DENOISE]))

    assert told["eu_ai_act_article_50"]["purposes"] == "Denoising, sharpening, enlarging"


def test_a_model_trained_by_the_entrant_has_the_twelve_items_in_the_laws_order() -> None:
    disclosure = stated(AILevel.GENERATED, tools=[LORA, {"model": "midjourney"}])

    (sheet,) = reports.training_sheets(disclosure)

    keys = [row.key for row in sheet.rows]
    assert (len(keys), set(keys)) == (12, {*TrainingItem.values, "rights"})
    assert keys[4] == "rights"
    items = sheet.as_json()["items"]
    assert (items["sources"], items["amount"], items["synthetic"]) == ("41 of my drawings", "41", "No")
    assert items["rights"] == "Licensed or with the makers' consent"
    assert items["personal"] == "unknown"


def test_the_page_and_the_file_in_both_languages(as_person: SignIn) -> None:
    disclosure = stated(AILevel.GENERATED, tools=[LORA])
    entrant = disclosure.entry.entrant
    client, address = as_person(entrant), [disclosure.entry.public_id]

    page = client.get(reverse("submissions:reports", args=address)).content.decode()
    file = client.get(reverse("submissions:reports_file", args=address))
    expected = reports.as_json(Disclosure.objects.get(pk=disclosure.pk))
    User.objects.filter(pk=entrant.pk).update(language="ko")
    korean = client.get(reverse("submissions:reports", args=address)).content.decode()

    assert "more than de minimis" in page
    assert "41 of my drawings" in page
    assert file.json() == expected
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert "미국 저작권청" in korean


def test_a_draft_that_nobody_signed_has_no_report(as_person: SignIn) -> None:
    draft = make_entry(state=State.DRAFT)

    for name in ("reports", "reports_file"):
        assert (
            as_person(draft.entrant).get(reverse(f"submissions:{name}", args=[draft.public_id])).status_code
            == 404
        )
