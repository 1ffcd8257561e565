"""What a camera or a scanner wrote into a file: the fields of EXIF that speak of a capture.

Anybody can write them, so they prove nothing; that they are missing proves nothing either, since many
editors and all messengers take them out.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO

from PIL import Image
from PIL.ExifTags import IFD, Base

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


def read(file: BinaryIO) -> Capture:
    """The capture that the file tells of; an empty one where its metadata cannot be read."""
    try:
        with Image.open(file) as image:
            exif = image.getexif()
            details = exif.get_ifd(IFD.Exif)
            return Capture(
                make=_text(exif.get(Base.Make)),
                model=_text(exif.get(Base.Model)),
                taken=_text(details.get(Base.DateTimeOriginal)),
                author=_text(exif.get(Base.Artist)),
                has_maker_note=bool(details.get(Base.MakerNote)),
            )
    except Exception:  # metadata of strangers breaks in many ways; a file without them is no error
        return Capture()


def _text(value: object) -> str:
    return storable(value).strip()[:LONGEST] if isinstance(value, str) else ""
