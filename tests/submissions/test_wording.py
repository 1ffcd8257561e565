"""Every move can be said in words, and what is signed stays as it was."""

import pytest

from submissions import attestation, markdown, wording
from submissions.states import MOVES, State


def test_every_move_but_throwing_a_draft_away_is_said_in_words() -> None:
    possible = {(old, new) for old, news in MOVES.items() for new in news}

    assert set(wording.MOVES) | {(State.DRAFT, State.WITHDRAWN)} == possible


def test_a_signed_text_can_be_told_by_its_hash() -> None:
    signed = attestation.text(1, "en")

    assert attestation.find(signed.sha256) == signed
    assert attestation.find("0" * 64) is None


@pytest.mark.parametrize(
    ("language", "sha256"),
    [
        ("en", "5480c1de6f712d30f67f4c7d74944dd803310317caa2d30aa6a9cad43721492a"),
        ("ko", "80c6de9ed8b05d5eb020f082906a6fb7d433446066cff04804f8ead94853301a"),
    ],
)
def test_the_first_text_stays_as_it_was_signed(language: str, sha256: str) -> None:
    assert attestation.text(1, language).sha256 == sha256


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("<b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>\n"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>\n"),
        ("# Prizes", "<h3>Prizes</h3>\n"),
        ("![x](http://elsewhere/x.png)", '<p>!<a href="http://elsewhere/x.png">x</a></p>\n'),
    ],
)
def test_a_description_brings_no_html_no_script_no_picture(text: str, html: str) -> None:
    assert markdown.render(text) == html
