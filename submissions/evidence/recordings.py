"""What is a recording, and how long it runs by its headers."""

import struct
from typing import BinaryIO

MOST_BOXES = 2000


def is_recording(head: bytes) -> bool:
    """By the first 12 bytes: MP4, MOV and kin; Matroska and WebM; AVI."""
    if head[4:8] == b"ftyp":
        return True  # those of still pictures were taken out before
    return head[:4] == b"\x1a\x45\xdf\xa3" or (head[:4] == b"RIFF" and head[8:12] == b"AVI ")


def seconds(file: BinaryIO) -> float | None:
    """Of an ISO media file (ISO/IEC 14496-12), by its ``mvhd`` box; None of any other or damaged one."""
    size = file.seek(0, 2)
    movie = _box(file, b"moov", 0, size)
    header = _box(file, b"mvhd", *movie) if movie else None
    if header is None:
        return None
    file.seek(header[0])
    data = file.read(32)
    try:
        if data[:1] == b"\x01":
            scale, duration = struct.unpack(">IQ", data[20:32])
        else:
            scale, duration = struct.unpack(">II", data[12:20])
    except struct.error:
        return None
    length = duration / scale if scale else 0
    return float(length) if 0 < length < 1e7 else None


def _box(file: BinaryIO, wanted: bytes, start: int, end: int) -> tuple[int, int] | None:
    """Where the content of the first box of a kind lies, among those side by side from ``start``."""
    for _number in range(MOST_BOXES):
        file.seek(start)
        head = file.read(16)
        if len(head) < 8 or start + 8 > end:
            return None
        length, inner = int.from_bytes(head[:4], "big"), start + 8
        if length == 1 and len(head) == 16:
            length, inner = int.from_bytes(head[8:], "big"), start + 16
        elif length == 0:
            length = end - start
        if length < inner - start or start + length > end:
            return None
        if head[4:8] == wanted:
            return inner, start + length
        start += length
    return None
