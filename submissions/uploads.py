"""A file on its way in: what it is by its own bytes, how large, and whether it is taken.

Nothing is decoded here. A file's name and the type its browser claims are never asked.
"""

import hashlib
import struct
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from matching.engine.images import sniff

HEAD = 256 * 1024  # bytes; a JPEG may carry this much metadata before it tells its size
NAME_LENGTH = 255


class Refused(Exception):
    """The file is not taken; the text is one sentence for the person who sent it."""


@dataclass(frozen=True)
class Taken:
    """An acceptable file. ``media_type`` is empty for process evidence, which may be of any kind."""

    file: "UploadedFile[bytes]"
    name: str
    size: int
    sha256: str
    media_type: str = ""


def take_picture(file: "UploadedFile[bytes]") -> Taken:
    """Read ``file`` once, from start to end; raises ``Refused``."""
    name = shown_name(file)
    _require_size(file, name)
    head = _head(file)
    media_type = sniff(head[:64])
    if media_type is None:
        raise Refused(
            _("“%(name)s” is not a JPEG, PNG, WebP, TIFF, AVIF, HEIC or GIF picture, whatever its name says.")
            % {"name": name}
        )
    pixels = announced_pixels(head, media_type)
    if pixels is not None and pixels > settings.UPLOAD_MAX_PIXELS:
        raise Refused(
            _("“%(name)s” has %(has)d megapixels; %(most)d are the most that are taken.")
            % {"name": name, "has": pixels // 1_000_000, "most": settings.UPLOAD_MAX_PIXELS // 1_000_000}
        )
    return Taken(file, name, file.size or 0, _sha256(file), media_type)


def take_process_file(file: "UploadedFile[bytes]") -> Taken:
    """Evidence of how a work came to be may be of any kind; it is kept, never opened here."""
    name = shown_name(file)
    _require_size(file, name)
    return Taken(file, name, file.size or 0, _sha256(file))


def shown_name(file: "UploadedFile[bytes]") -> str:
    """The file's name, for people to recognise it by; it goes into no path."""
    printable = "".join(letter for letter in file.name or "" if letter.isprintable())
    return printable[-NAME_LENGTH:] or _("unnamed file")


def announced_pixels(head: bytes, media_type: str) -> int | None:
    """Width times height as the header says, or None where it can't be told from the first bytes."""
    reader = _READERS.get(media_type)
    try:
        return reader(head) if reader else None
    except (struct.error, IndexError):
        return None  # cut or damaged: the worker will see


def _require_size(file: "UploadedFile[bytes]", name: str) -> None:
    if not file.size:
        raise Refused(_("“%(name)s” is empty.") % {"name": name})
    if file.size > settings.UPLOAD_MAX_BYTES:
        raise Refused(
            _("“%(name)s” has %(has)s; %(most)s are the most that are taken.")
            % {
                "name": name,
                "has": filesizeformat(file.size),
                "most": filesizeformat(settings.UPLOAD_MAX_BYTES),
            }
        )


def _head(file: "UploadedFile[bytes]") -> bytes:
    file.seek(0)
    head: bytes = file.read(HEAD)
    file.seek(0)
    return head


def _sha256(file: "UploadedFile[bytes]") -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def _png(head: bytes) -> int:
    width, height = struct.unpack(">II", head[16:24])
    return int(width * height)


def _gif(head: bytes) -> int:
    width, height = struct.unpack("<HH", head[6:10])
    return int(width * height)


def _webp(head: bytes) -> int | None:
    if head[12:16] != b"VP8X":
        return None  # plain VP8 and VP8L go no further than 16,383 pixels a side
    width = int.from_bytes(head[24:27], "little") + 1
    return width * (int.from_bytes(head[27:30], "little") + 1)


def _jpeg(head: bytes) -> int | None:
    """Walk the segments to the frame header (ITU-T T.81, B.2.2)."""
    at = 2
    while head[at] == 0xFF:
        marker = head[at + 1]
        if marker in (0xFF, 0x01) or 0xD0 <= marker <= 0xD8:  # padding, and markers without a length
            at += 1 if marker == 0xFF else 2
            continue
        (length,) = struct.unpack(">H", head[at + 2 : at + 4])
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", head[at + 5 : at + 9])
            return int(width * height)
        at += 2 + int(length)
    return None


_READERS: dict[str, Callable[[bytes], int | None]] = {
    "image/png": _png,
    "image/gif": _gif,
    "image/webp": _webp,
    "image/jpeg": _jpeg,
}
