"""The history as pages draw it: tools by their names, repeated steps said once."""

import pytest

from moderation.evidence import _node
from moderation.wording.facts import tool


@pytest.mark.parametrize(
    ("signed", "said"),
    [
        (
            "Adobe_Photoshop/24.7.0 (build 20230628.m.2223 0770f83; mac) adobe_c2pa/0.4.6",
            "Adobe Photoshop 24.7.0",
        ),
        ("Adobe Photoshop 23.3.1 (build 20220419.r.426 4d24a4c; mac)", "Adobe Photoshop 23.3.1"),
        ("Microsoft_Responsible_AI/1.0 c2pa-rs/0.28.4", "Microsoft Responsible AI 1.0"),
        ("ChatGPT", "ChatGPT"),
        ("ChatGPT c2pa-rs/0.28.4", "ChatGPT"),
        ("make_test_images/0.33.1", "make test images 0.33.1"),
        ("Truepic Lens/Android", "Truepic Lens/Android"),
        ("(unnamed)", "(unnamed)"),
        ("", ""),
    ],
)
def test_a_tool_is_called_as_people_call_it(signed: str, said: str) -> None:
    assert tool(signed) == said


def test_a_step_that_repeats_is_said_once() -> None:
    actions = [{"name": name} for name in ("c2pa.opened", "c2pa.edited", "c2pa.edited", "c2pa.cropped")]

    node = _node({"title": "a.jpg", "actions": actions, "children": []})

    assert node is not None
    assert node.steps == ("opened", "edited × 2", "cropped")
