"""Ten entries, ten kinds of lies, through all checks: each is held, and says why in English and Korean."""

import html
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from moderation.demo.signing import TRAINED, make_credentials, sign
from moderation.models import Case
from moderation.provenance.signing import IPTC
from moderation.verdicts import Route
from submissions.models import Contest, Entry, LicenceClass, User
from submissions.rules import PRESETS, AILevel
from submissions.states import State
from tests.factories import make_artwork, make_contest, make_disclosure, make_draft, make_member, make_user
from tests.matching.factories import make_artist
from tests.moderation.provenance.labelling import PARAMETERS, png
from tests.moderation.screened import screen_now
from tests.pictures import as_file, draw

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("encoder")]
SignIn = Callable[[User], Client]

PARTLY = IPTC + "compositeWithTrainedAlgorithmicMedia"
OWN = {"model_words": "My own model", "licence_class": LicenceClass.PUBLIC_DOMAIN}
MIDJOURNEY = {"model": "midjourney", "version": "6", "licence_class": LicenceClass.UNKNOWN}
SDXL = {"model": "stable-diffusion-1", "licence_class": LicenceClass.LICENSED}


def signed(seed: int, tool: str, source_type: str) -> bytes:
    picture = as_file(draw(seed, 160, 120), "JPEG")
    return sign(picture, "image/jpeg", make_credentials("A studio"), tool=tool, source_type=source_type)


@dataclass
class Lie:
    """What was handed in, and a part of what reviewer and entrant read in both languages."""

    reviewer: tuple[str, str]
    entrant: tuple[str, str]
    content: Callable[[], bytes]
    level: AILevel = AILevel.NONE
    tools: list[Mapping[str, Any]] = field(default_factory=list)
    said: dict[str, Any] = field(default_factory=dict)


def drawn(seed: int) -> Callable[[], bytes]:
    return lambda: as_file(draw(seed, 160, 120))


LIES: dict[str, Lie] = {
    "none_but_credentials_say_ai": Lie(
        (
            "The form says that nothing was generated; Content Credentials signed by",
            "진술에는 생성된 것이 없다고 되어 있고",
        ),
        ("The file's Content Credentials say that it was made with Adobe Firefly", "Adobe Firefly"),
        lambda: signed(901, "Adobe Firefly", TRAINED),
    ),
    "none_but_generator_trace": Lie(
        ("the file carries data that Stable Diffusion web UI leaves", "Stable Diffusion web UI"),
        ("The file carries data that Stable Diffusion web UI leaves in pictures", "Stable Diffusion web UI"),
        lambda: png(("parameters", PARAMETERS), pixels=draw(902, 160, 120)),
    ),
    "assistive_but_part_generated": Lie(
        ("the file says that Adobe Firefly generated a part", "진술은 AI가 돕기만 했다고 하나"),
        ("Your form says that AI helped and nothing generated is visible", "진술에는 AI가 도왔고"),
        lambda: signed(903, "Adobe Firefly", PARTLY),
        AILevel.ASSISTIVE,
    ),
    "edited_but_generated": Lie(
        ("The form says that a part was generated; the Content Credentials say", "일부"),
        ("Your form says that a part of the picture was generated; the file's", "일부"),
        lambda: signed(904, "Adobe Firefly", TRAINED),
        AILevel.EDITED,
        [{"model": "adobe-firefly", "licence_class": LicenceClass.UNKNOWN}],
    ),
    "another_model": Lie(
        ("The file names Adobe Firefly, which belongs to no family of the stated Midjourney", "Midjourney"),
        ("The file names Adobe Firefly; your form names Midjourney", "Midjourney"),
        lambda: signed(905, "Adobe Firefly", TRAINED),
        AILevel.GENERATED,
        [MIDJOURNEY],
    ),
    "older_than_its_model": Lie(
        (
            "Finished on 2021-05-01 by the form; Midjourney 6 could be used from",
            "진술로는 2021-05-01에 완성",
        ),
        ("Your form says that the work was finished on 2021-05-01", "진술에는 작품이 2021-05-01에 완성"),
        drawn(906),
        AILevel.GENERATED,
        [MIDJOURNEY],
        {"made_on": date(2021, 5, 1)},
    ),
    "cleaner_data_than_known": Lie(
        (
            "stable-diffusion-1: stated “Licensed or with the makers' consent”, the catalogue has",
            "모델·데이터셋 목록 ‘",
        ),
        ("For stable-diffusion-1 your form states", "stable-diffusion-1"),
        drawn(907),
        AILevel.GENERATED,
        [SDXL],
    ),
    "dataset_is_otherwise": Lie(
        ("The form names LAION-5B and states “Public domain only”", "진술에 적힌 데이터셋(LAION-5B)"),
        ("Your form names LAION-5B and states “Public domain only”", "진술에 적힌 데이터셋(LAION-5B)"),
        drawn(908),
        AILevel.GENERATED,
        [OWN | {"dataset_words": "LAION-5B"}],
    ),
    "prompt_names_artist": Lie(
        ("names Haneul Seo, who has registered works for protection", "Haneul Seo"),
        ("names an artist whose works are registered for protection", "보호"),
        drawn(909),
        AILevel.GENERATED,
        [OWN],
        {"prompts": "a harbour at dusk, by Haneul Seo"},
    ),
    "another_persons_entry": Lie(
        ("another person entered the same picture before", "다른 사람이 같은 그림을 전에 출품했습니다"),
        ("The same picture was entered before. If both entries are yours", "같은 그림이 전에 출품되었습니다"),
        drawn(910),
    ),
}


def hand_in(contest: Contest, lie: Lie) -> Entry:
    entry = make_draft(contest=contest, state=State.RECEIVED, submitted_at=timezone.now())
    make_artwork(entry, content=lie.content())
    make_disclosure(entry, level=lie.level, tools=lie.tools, **lie.said)
    return entry


@pytest.mark.parametrize("kind", LIES)
def test_a_lie_is_held_with_its_sentence_in_both_languages(kind: str, as_person: SignIn) -> None:
    lie, contest = LIES[kind], make_contest(rules=PRESETS["open"])  # so that only the lie holds it
    make_artist(name="Haneul Seo", owner=make_user())
    if kind == "another_persons_entry":
        hand_in(contest, lie)
    entry = hand_in(contest, lie)

    verdict = screen_now(entry)
    entry.refresh_from_db()

    assert (verdict.route, entry.state) == (Route.PERSON, State.HELD)
    assert f"statement.{kind}" in {reason["rule"] for reason in verdict.reasons}
    case = f"/organize/case/{Case.objects.open().get(entry=entry).pk}/"
    for person, address, said in (
        (make_member(contest.organization), case, lie.reviewer),
        (entry.entrant, f"/entries/{entry.public_id}/", lie.entrant),
    ):
        for language, sentence in zip(("en", "ko"), said, strict=True):
            client = as_person(person)
            person.language = language
            person.save(update_fields=["language"])
            page = html.unescape(client.get(address).content.decode())
            assert f'<html lang="{language}">' in page
            assert sentence in page
