"""Digital source types: the IPTC vocabulary (20 concepts as of 2024-10-23) and the two of C2PA.

https://cv.iptc.org/newscodes/digitalsourcetype/ and the C2PA specification, digital source type.
"""

import re
from functools import lru_cache

_PREFIX = re.compile(
    r"^(?:https?://)?(?:cv\.iptc\.org/newscodes|c2pa\.org)/digitalsourcetype/", re.IGNORECASE
)

GENERATED = frozenset({"trainedAlgorithmicMedia", "trainedAlgorithmicData"})
PART_GENERATED = frozenset({"compositeWithTrainedAlgorithmicMedia", "compositeSynthetic"})
GENERATIVE = GENERATED | PART_GENERATED
# Retired or broad concepts under which generated parts may hide.
MAY_HIDE_GENERATED = frozenset(
    {"composite", "digitalArt", "softwareImage", "screenCapture", "virtualRecording"}
)
CAPTURED = frozenset({"digitalCapture", "computationalCapture", "compositeCapture"})
SCANNED = frozenset({"negativeFilm", "positiveFilm", "print"})
HUMAN_CREATED = frozenset({"digitalCreation"})
HUMAN_EDITED = frozenset({"humanEdits", "minorHumanEdits"})
ALGORITHMIC = frozenset({"algorithmicMedia", "dataDrivenMedia"})
ENHANCED = frozenset({"algorithmicallyEnhanced"})  # denoising, sharpening: says nothing about the origin
BLANK = frozenset({"empty"})

KNOWN = (
    GENERATIVE
    | MAY_HIDE_GENERATED
    | CAPTURED
    | SCANNED
    | HUMAN_CREATED
    | HUMAN_EDITED
    | ALGORITHMIC
    | ENHANCED
    | BLANK
)
_LONGEST = 500  # characters of a concept looked at
_CANONICAL = {name.lower(): name for name in KNOWN}


def concept(value: object) -> str | None:
    """The concept's name in its official spelling, or an unknown one as written; None where nothing is said.

    Real signed files spell it with https, without the address, with a slash or blanks around it, in capitals.
    """
    return _concept(value[:_LONGEST]) if isinstance(value, str) else None


@lru_cache(maxsize=256)  # asked many times of every file, and nearly always the same
def _concept(value: str) -> str | None:
    name = _PREFIX.sub("", value.strip()).strip().rstrip("/")
    return _CANONICAL.get(name.lower(), name) or None
