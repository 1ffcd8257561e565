"""What a camera or a scanner wrote into a file: the fields of EXIF that speak of a capture.

Anybody can write them, so they prove nothing; that they are missing proves nothing either, since many
editors and all messengers take them out.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO

from moderation.provenance.bytesource import ByteSource
from moderation.provenance.containers import metadata
from moderation.provenance.containers.exif import texts
from moderation.provenance.sniffing import media_type
from moderation.provenance.values import storable

LONGEST = 100


@dataclass(frozen=True)
class Capture:
    """Texts as they stand in the file; empty where it has none."""

    make: str = ""
    model: str = ""
    taken: str = ""
    author: str = ""
    has_maker_note: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether the file has all that a camera writes. Converters keep make and model; few keep all three
        beside the maker's own note."""
        return bool(self.make and self.model and self.taken and self.has_maker_note)

    @property
    def is_any(self) -> bool:
        return bool(self.make or self.model or self.taken or self.has_maker_note)

    @property
    def device(self) -> str:
        named = self.model if self.model.casefold().startswith(self.make.casefold()) else ""
        return named or f"{self.make} {self.model}".strip()

    @property
    def taken_on(self) -> date | None:
        try:
            return datetime.strptime(self.taken[:10], "%Y:%m:%d").date()  # noqa: DTZ007 -- a camera names no zone
        except ValueError:
            return None


def read_capture(file: BinaryIO | bytes) -> Capture:
    """The capture that the file tells of. Its bytes are walked and no picture is decoded.

    Never raises for bad bytes; the file stays open and stands at its start afterwards.
    """
    source = ByteSource(file)
    found = metadata(source, media_type(source))
    structures = [ByteSource(block) for block in found.exif] + ([found.tiff] if found.tiff else [])
    fields: dict[str, str] = {}
    for structure in structures:
        for name, value in texts(structure):
            fields.setdefault(name, value)
    source.rewind()
    return Capture(
        make=_text(fields.get("Make", "")),
        model=_text(fields.get("Model", "")),
        taken=_text(fields.get("DateTimeOriginal", "")),
        author=_text(fields.get("Artist", "")),
        has_maker_note=bool(fields.get("MakerNote")),
    )


def _text(value: str) -> str:
    return storable(value).strip()[:LONGEST]
