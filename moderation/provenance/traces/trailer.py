"""Records that Samsung's phones append after the picture's end: its editor notes the kind of generative edit.

The last four bytes are ``SEFT``, before them a directory says where each record begins, counted back from the
directory. A film of some megabytes may lie between the editor's record and the end.
"""

import re
import struct
from collections.abc import Iterator

from moderation.provenance.bytesource import ByteSource
from moderation.provenance.values import Meaning, Trace

_GENERATIVE_EDIT = re.compile(rb'"genAIType"\s*:\s*"?(\d{1,6})')
_NAME = b"PhotoEditor_Re_Edit_Data"
_TAIL = 64 << 10  # looked through where no directory leads to the record
_MAX_RECORDS = 200
_MAX_RECORD = 1 << 20


def traces(source: ByteSource) -> Iterator[Trace]:
    if any(_edits(record) for record in _records(source)):
        yield Trace("samsung_genai", "Samsung Photo Assist", where="Samsung trailer", meaning=Meaning.EDITED)


def _edits(record: bytes) -> bool:
    return b'"genAIType"' in record and any(int(kind) > 0 for kind in _GENERATIVE_EDIT.findall(record))


def _records(source: ByteSource) -> Iterator[bytes]:
    """The editor's records by the directory, then the file's last bytes as they stand."""
    tail = source.at(max(0, source.size - _TAIL), _TAIL)
    yield tail
    if not tail.endswith(b"SEFT"):
        return
    start = source.size - 8 - int.from_bytes(tail[-8:-4], "little")
    directory = source.at(start, 12 + 12 * _MAX_RECORDS)
    if directory[:4] != b"SEFH" or len(directory) < 12:
        return
    entries = directory[12 : 12 + 12 * min(int.from_bytes(directory[8:12], "little"), _MAX_RECORDS)]
    for _, back, length in struct.iter_unpack("<III", entries[: len(entries) // 12 * 12]):
        record = source.at(start - back, min(length, _MAX_RECORD))
        if record[8 : 8 + len(_NAME)] == _NAME:
            yield record
