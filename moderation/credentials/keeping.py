"""What is kept of a file's Content Credentials beside the finding: ingredients' pictures, the raw report.

Both lie in private storage under the artwork. Pictures are decoded within bounds and encoded anew; what a
stranger put into the file is never passed on.
"""

import gzip
import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage

from matching.engine.images import Limits, PictureError, open_picture, to_webp
from submissions.models import Artwork

SIDE = 240  # pixels; pages show them at half of that
LIMITS = Limits(bytes=4 << 20, pixels=20_000_000, working_side=512)
MAX_REPORT = 16 << 20  # bytes of JSON


def keep_pictures(artwork: Artwork, pictures: Mapping[str, bytes]) -> set[str]:
    """Store each picture that decodes, encoded anew; returns the keys of those that lie there now."""
    return {key for key, data in pictures.items() if _keep_picture(artwork, key, data)}


def _keep_picture(artwork: Artwork, key: str, data: bytes) -> bool:
    path = _picture_path(artwork, key)
    if default_storage.exists(path):
        return True
    try:
        webp = to_webp(open_picture(data, limits=LIMITS), max_side=SIDE)
    except PictureError:
        return False
    default_storage.save(path, ContentFile(webp))
    return True


def keep_report(artwork: Artwork, report: Mapping[str, Any]) -> str:
    """Store the library's report; returns its key, or nothing where there is none or it is too large."""
    text = json.dumps(report, ensure_ascii=True).encode() if report else b""
    if not text or len(text) > MAX_REPORT:
        return ""
    key = hashlib.sha256(text).hexdigest()[:32]
    path = _report_path(artwork, key)
    if not default_storage.exists(path):
        default_storage.save(path, ContentFile(gzip.compress(text, mtime=0)))
    return key


def open_picture_of(artwork: Artwork, key: str) -> "File[bytes]":
    """The stored WebP; raises ``FileNotFoundError``."""
    return default_storage.open(_picture_path(artwork, key))


def report_of(artwork: Artwork, key: str) -> bytes:
    """The stored report as JSON; raises ``FileNotFoundError``."""
    with default_storage.open(_report_path(artwork, key)) as file:
        return gzip.decompress(file.read())


def only_kept(node: Any, keys: Iterable[str]) -> Any:
    """A tree of ``ManifestNode.as_json`` that names no picture but those in ``keys``."""
    kept = frozenset(keys)

    def pruned(one: dict[str, Any]) -> dict[str, Any]:
        picture = one["picture"] if one["picture"] in kept else None
        return one | {"picture": picture, "children": [pruned(child) for child in one["children"]]}

    return pruned(node) if node else node


def _picture_path(artwork: Artwork, key: str) -> str:
    return f"{_folder(artwork)}/{key}.webp"


def _report_path(artwork: Artwork, key: str) -> str:
    return f"{_folder(artwork)}/{key}.json.gz"


def _folder(artwork: Artwork) -> str:
    return f"credentials/{artwork.entry.public_id}/{artwork.public_id}"
