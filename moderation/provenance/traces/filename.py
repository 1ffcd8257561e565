"""The uploaded file's name: a hint that anyone can write."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from moderation.provenance.values import Trace

_NAMES = (
    (r"chatgpt[ _]image", "ChatGPT"),
    (r"dall[·•\-_ ]?e", "DALL·E"),
    (r"gemini_generated_image", "Gemini"),
    (r"comfyui_(?:temp_[a-z]+_)?\d{3,}_", "ComfyUI"),
    (r"firefly[_ ]", "Adobe Firefly"),
    (r"\w+_[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?:_\d)?\.", "Midjourney"),
)


def traces(name: str | None) -> Iterator[Trace]:
    base = PurePosixPath((name or "").replace("\\", "/")).name[:300]
    for pattern, generator in _NAMES:
        if re.match(pattern, base, re.IGNORECASE):
            yield Trace("file_name", generator, weak=True, where="file name")
            return
