"""Random access to a file's bytes, whatever hands them in, without reading all of it."""

import io
from collections.abc import Iterator
from typing import BinaryIO, cast

BLOCK = 1 << 20


class ByteSource:
    """Bytes or an open binary file, read by position. Never closes the file, and leaves it at its start."""

    def __init__(self, file: BinaryIO | bytes) -> None:
        self._file: BinaryIO = io.BytesIO(file) if isinstance(file, bytes) else file
        self._file.seek(0, io.SEEK_END)  # some upload classes answer None here
        self.size = self._file.tell()

    def at(self, offset: int, length: int) -> bytes:
        """``length`` bytes from ``offset``; fewer at the end of the file, none outside it."""
        if offset < 0 or length <= 0 or offset >= self.size:
            return b""
        self._file.seek(offset)
        return self._file.read(min(length, self.size - offset))

    def blocks(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """The bytes from ``start`` to ``stop`` (the end), a megabyte at a time."""
        stop = self.size if stop is None else min(stop, self.size)
        for offset in range(start, stop, BLOCK):
            yield self.at(offset, min(BLOCK, stop - offset))

    def contains(self, needles: tuple[bytes, ...], *, limit: int | None = None) -> bytes | None:
        """The first of ``needles`` that occurs in the file, searched in blocks that overlap."""
        overlap = max(map(len, needles)) - 1
        tail = b""
        for block in self.blocks(0, limit):
            window = tail + block
            for needle in needles:
                if needle in window:
                    return needle
            tail = window[-overlap:]
        return None

    def stream(self) -> BinaryIO:
        """A stream at its start with every method that the C2PA library asks for."""
        self._file.seek(0)
        if all(hasattr(self._file, name) for name in ("read", "write", "seek", "tell", "flush")):
            return self._file
        return cast(BinaryIO, _Adapter(self._file))

    def rewind(self) -> None:
        self._file.seek(0)


class _Adapter:
    """Gives a read-only file-like object the ``write`` and ``flush`` that the library checks for, unused."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.read = file.read
        self.tell = file.tell

    def seek(self, offset: int, whence: int = 0) -> int:
        self._file.seek(offset, whence)
        return self._file.tell()

    def write(self, _: bytes) -> int:
        raise io.UnsupportedOperation("opened for reading")

    def flush(self) -> None:
        """Nothing is ever written."""
