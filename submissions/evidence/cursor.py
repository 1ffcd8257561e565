"""Reading numbers and bytes out of a file, never past its end and never more than a budget."""

import struct
from typing import BinaryIO

from submissions.evidence.values import DamagedEvidence

BUDGET = 16 << 20  # bytes that headers of one file may take; pixels are never among them


class Cursor:
    """A place in a file. Big-endian, as both Photoshop and GIMP write."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.size = file.seek(0, 2)
        self.at = 0
        self._left = BUDGET

    def read(self, length: int) -> bytes:
        """Exactly ``length`` bytes; raises ``DamagedEvidence``."""
        if length < 0 or self.at + length > self.size or length > self._left:
            raise DamagedEvidence("a header reaches past the file, or takes too much of it")
        self._file.seek(self.at)
        data = self._file.read(length)
        if len(data) != length:
            raise DamagedEvidence("the file ends early")
        self.at += length
        self._left -= length
        return data

    def skip(self, length: int) -> None:
        self.go(self.at + length)

    def go(self, at: int) -> None:
        if not 0 <= at <= self.size:
            raise DamagedEvidence("a header points outside the file")
        self.at = at

    def unpack(self, form: str) -> tuple[int, ...]:
        form = f">{form}"
        return struct.unpack(form, self.read(struct.calcsize(form)))

    def number(self, form: str) -> int:
        return self.unpack(form)[0]
