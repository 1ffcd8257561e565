"""Where each file format keeps metadata: text chunks, EXIF, XMP, comments."""

from collections.abc import Callable

from moderation.provenance.bytesource import ByteSource
from moderation.provenance.containers import bmff, gif, jpeg, png, riff, tiff
from moderation.provenance.containers.metadata import Metadata, Text

_READERS: dict[str, Callable[[ByteSource, Metadata], None]] = {
    "image/png": png.read,
    "image/jpeg": jpeg.read,
    "image/webp": riff.read,
    "audio/wav": riff.read,
    "video/x-msvideo": riff.read,
    "image/avif": bmff.read,
    "image/heic": bmff.read,
    "image/heif": bmff.read,
    "video/mp4": bmff.read,
    "video/quicktime": bmff.read,
    "audio/mp4": bmff.read,
    "image/jxl": bmff.read,
    "image/tiff": tiff.read,
    "image/gif": gif.read,
}
_PACKET_SEARCH = 8 << 20


def metadata(source: ByteSource, media: str) -> Metadata:
    """All metadata of ``source``, bounded in bytes and pieces; the too large is cut, the broken skipped."""
    found = Metadata()
    reader = _READERS.get(media)
    if reader is not None:
        reader(source, found)
    elif media in {"image/svg+xml", "application/pdf", "image/vnd.adobe.photoshop", "audio/mpeg"}:
        found.search_packet(source, _PACKET_SEARCH)
    return found


__all__ = ["Metadata", "Text", "metadata"]
