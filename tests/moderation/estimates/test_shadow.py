"""A new head is looked at in the shadow of the old one."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from matching.engine.encoder import Encoder
from moderation.models import Case
from tests.factories import make_entry
from tests.moderation.estimates.installed import constant_head
from tests.moderation.screened import screen_now

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("encoder")]


@pytest.fixture
def other(encoder: Encoder, tmp_path: Path, settings: Settings) -> dict[str, Path]:
    """Files of a head that sees signs of generation in everything."""
    settings.CACHE_DIR = tmp_path / "cache"
    head, calibration = constant_head(encoder, 4.0)
    files = {"head": tmp_path / "other.npz", "calibration": tmp_path / "other.json"}
    files["head"].write_bytes(head.to_bytes())
    files["calibration"].write_bytes(calibration.to_bytes())
    return files


def test_flips_are_listed_by_medium_and_nothing_is_judged_again(
    a_head: Callable[..., None], other: dict[str, Path]
) -> None:
    a_head(-5.0)
    hung, waiting = make_entry(), make_entry()
    screen_now(hung)
    a_head(5.0)
    screen_now(waiting)
    a_head(-5.0)
    cases = list(Case.objects.values_list("pk", "closed_at"))
    told, table = io.StringIO(), io.StringIO()

    call_command("detector", "shadow", stdout=told, json=True, **other)
    call_command("detector", "shadow", stdout=table, contest=hung.contest.slug, **other)

    flips = json.loads(told.getvalue())
    assert [(one["entry"], one["is_open"], one["before"], one["after"]) for one in flips] == [
        (str(waiting.public_id), True, "no_sign", "signs_of_generation"),
        (str(hung.public_id), False, "no_sign", "signs_of_generation"),
    ]
    assert "1 pictures looked at; 1 would be judged differently." in table.getvalue()
    assert "photograph: no_sign -> signs_of_generation: 1" in table.getvalue()
    assert list(Case.objects.values_list("pk", "closed_at")) == cases


def test_a_calibration_of_another_head_is_refused(
    a_head: Callable[..., None], other: dict[str, Path], tmp_path: Path
) -> None:
    a_head(1.0)

    with pytest.raises(CommandError, match="belongs to another head"):
        call_command(
            "detector", "shadow", head=other["head"], calibration=tmp_path / "head1.0" / "calibration.json"
        )


def test_one_picture_is_explained(a_head: Callable[..., None], tmp_path: Path) -> None:
    from tests.pictures import draw, save

    a_head(3.0)
    file = tmp_path / "picture.png"
    save(draw(5, 300, 200), file)
    told = io.StringIO()

    call_command("detector", "explain", str(file), stdout=told)

    assert told.getvalue().startswith("signs_of_generation: of 1,000 human works taken for photograph")
    assert told.getvalue().count("0.95") == 17
