"""Codes in, sentences out: the one place where findings and reasons become words.

Checks and policy name what they saw by a code with data (``moderation.verdicts``); pages and letters ask
here. Natural, calm, exact; nothing accuses, and each audience learns only what it may.
"""

from collections.abc import Mapping
from typing import Any

from moderation.wording.contradictions import CONTRADICTIONS
from moderation.wording.facts import facts, share
from moderation.wording.files import FILES
from moderation.wording.likenesses import COPIES, SYNTHETIC
from moderation.wording.manners import STYLES
from moderation.wording.provenance import BROKEN, CLAIMS, TRACES
from moderation.wording.statements import DECLARED
from moderation.wording.words import Words

CODES: Mapping[str, Words] = {
    **FILES,
    **BROKEN,
    **CLAIMS,
    **TRACES,
    **COPIES,
    **STYLES,
    **SYNTHETIC,
    **CONTRADICTIONS,
    **DECLARED,
}

__all__ = ["CODES", "Words", "codes_under", "share", "title", "to_entrant", "to_reviewer"]


def title(code: str) -> str:
    """The short name of a finding or a reason; the code itself where a newer check speaks."""
    return str(CODES[code].title) if code in CODES else code


def to_entrant(code: str, data: Mapping[str, Any]) -> str:
    """The sentence for the entrant; a code without words says its title, which never crashes a page."""
    return CODES[code].to_entrant(facts(data)) if code in CODES else title(code)


def to_reviewer(code: str, data: Mapping[str, Any]) -> str:
    """The sentence for those who judge."""
    return CODES[code].to_reviewer(facts(data)) if code in CODES else title(code)


def codes_under(*prefixes: str) -> tuple[str, ...]:
    """Every code with words that begins with one of ``prefixes``."""
    return tuple(code for code in CODES if code.startswith(prefixes))
