"""What an entrant signs. Each version is kept for ever; a changed word, in any language, is a new version.

The hash of the text as it was shown goes into the disclosure, so that what was signed can be told later:
``find`` names the version and the language of a hash.
"""

import hashlib
from dataclasses import dataclass

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TEXTS: dict[int, tuple[Promise, ...]] = {
    1: (
        _("I made this work, or I have the right to enter it."),
        _(
            "What I have stated about the use of AI, the tools, their data and their licences is true and "
            "complete to my knowledge."
        ),
        _(
            "I understand that the desk compares my statement with the files, and that an untrue statement "
            "can be a ground of rejection."
        ),
        _("I have read the contest's rules."),
    )
}
CURRENT = max(TEXTS)


@dataclass(frozen=True)
class Attestation:
    """A text as it is shown in one language."""

    version: int
    language: str
    sentences: tuple[str, ...]

    @property
    def sha256(self) -> str:
        return hashlib.sha256("\n".join(self.sentences).encode()).hexdigest()


def current() -> Attestation:
    """The text to sign now, in the language of the page."""
    return text(CURRENT, translation.get_language() or settings.LANGUAGE_CODE)


def text(version: int, language: str) -> Attestation:
    with translation.override(language):
        return Attestation(version, language, tuple(str(sentence) for sentence in TEXTS[version]))


def find(sha256: str) -> Attestation | None:
    """The text that was signed."""
    known = (text(version, language) for version in TEXTS for language, _name in settings.LANGUAGES)
    return next((one for one in known if one.sha256 == sha256), None)
