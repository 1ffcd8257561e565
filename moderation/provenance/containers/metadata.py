"""What a container's walk collects, and the bounds on it."""

import zlib
from dataclasses import dataclass, field

from moderation.provenance.bytesource import ByteSource

MAX_PIECE = 4 << 20  # bytes of one text, EXIF block or packet, after inflation
MAX_TOTAL = 32 << 20
MAX_PIECES = 2_000
MAX_BOXES = 100_000  # chunks, segments or boxes stepped over in one file


@dataclass(frozen=True)
class Text:
    """A keyed text: ``key`` as written, ``where`` the chunk that held it; ``cut`` where it was too large."""

    key: str
    value: str
    where: str
    cut: bool = False


@dataclass
class Metadata:
    texts: list[Text] = field(default_factory=list)
    exif: list[bytes] = field(default_factory=list)  # each a TIFF structure
    tiff: ByteSource | None = None  # a file that is such a structure itself
    xmp: list[bytes] = field(default_factory=list)
    comments: list[bytes] = field(default_factory=list)
    total: int = 0

    def room(self, length: int) -> bool:
        """Count ``length`` more bytes; False where the file holds more than is looked at."""
        self.total += length
        pieces = len(self.texts) + len(self.exif) + len(self.xmp) + len(self.comments)
        return self.total <= MAX_TOTAL and pieces < MAX_PIECES

    def add_text(self, text: Text) -> None:
        if self.room(len(text.value)):
            self.texts.append(text)

    def add_exif(self, block: bytes) -> None:
        if self.room(len(block)):
            self.exif.append(block.removeprefix(b"Exif\x00\x00"))

    def add_xmp(self, packet: bytes) -> None:
        if packet and self.room(len(packet)):
            self.xmp.append(packet)

    def add_comment(self, comment: bytes) -> None:
        if comment and self.room(len(comment)):
            self.comments.append(comment)

    def search_packet(self, source: ByteSource, limit: int) -> None:
        """Find one XMP packet by its marks, for formats that hold it as plain bytes."""
        head = source.at(0, limit)
        start = head.find(b"<x:xmpmeta")
        end = head.find(b"</x:xmpmeta>", start)
        if 0 <= start < end:
            self.add_xmp(head[start : end + len(b"</x:xmpmeta>")][:MAX_PIECE])


def inflate(data: bytes, limit: int = MAX_PIECE, *, wbits: int = zlib.MAX_WBITS) -> tuple[bytes, bool]:
    """At most ``limit`` inflated bytes and whether there was more; what inflates before an error is kept.

    ``wbits`` as in ``zlib.decompressobj``: 31 reads gzip.
    """
    engine = zlib.decompressobj(wbits)
    inflated = bytearray()
    try:
        for start in range(0, len(data), 1 << 16):
            inflated += engine.decompress(data[start : start + (1 << 16)], limit - len(inflated))
            if len(inflated) >= limit:  # never ask for zero more: zlib takes that as "without limit"
                return bytes(inflated), not engine.eof
            if engine.eof:
                break
    except zlib.error:
        pass
    return bytes(inflated), False
