"""TIFF: the whole file is one EXIF-like structure, read in place."""

from moderation.provenance.bytesource import ByteSource
from moderation.provenance.containers.exif import XMP_TAG, fields
from moderation.provenance.containers.metadata import MAX_PIECE, Metadata


def read(source: ByteSource, found: Metadata) -> None:
    found.tiff = source
    for tag, value in fields(source):
        if tag == XMP_TAG:
            found.add_xmp(value[:MAX_PIECE])
