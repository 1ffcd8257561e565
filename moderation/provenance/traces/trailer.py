"""Records that phones append after the picture's end: Samsung's editor notes the kind of generative edit."""

import re
from collections.abc import Iterator

from moderation.provenance.values import Meaning, Trace

_GENERATIVE_EDIT = re.compile(rb'"genAIType"\s*:\s*"?(\d{1,6})')


def traces(tail: bytes) -> Iterator[Trace]:
    if any(int(kind) > 0 for kind in _GENERATIVE_EDIT.findall(tail)):
        yield Trace("samsung_genai", "Samsung Photo Assist", where="Samsung trailer", meaning=Meaning.EDITED)
