"""Layers of a Photoshop document (PSD and PSB), without touching a pixel.

After Adobe's specification: https://www.adobe.com/devnet-apps/photoshop/fileformatashtml/
"""

from dataclasses import dataclass, replace
from typing import BinaryIO

from submissions.evidence.cursor import Cursor
from submissions.evidence.values import MOST_LAYERS, DamagedEvidence, Layer

MOST_CHANNELS = 60
HIDDEN = 0x02
OPEN_GROUP, CLOSED_GROUP, GROUP_END = 1, 2, 3

# Tagged blocks whose length takes eight bytes in the large format.
LONG_BLOCKS = {b"LMsk", b"Lr16", b"Lr32", b"Layr", b"Mt16", b"Mt32", b"Mtrn", b"Alph", b"FMsk", b"lnk2",
               b"FEid", b"FXid", b"PxSD"}  # fmt: skip
MODES = {
    b"norm": "normal",
    b"pass": "pass through",
    b"diss": "dissolve",
    b"dark": "darken",
    b"mul ": "multiply",
    b"idiv": "color burn",
    b"lbrn": "linear burn",
    b"dkCl": "darker color",
    b"lite": "lighten",
    b"scrn": "screen",
    b"div ": "color dodge",
    b"lddg": "linear dodge",
    b"lgCl": "lighter color",
    b"over": "overlay",
    b"sLit": "soft light",
    b"hLit": "hard light",
    b"vLit": "vivid light",
    b"lLit": "linear light",
    b"pLit": "pin light",
    b"hMix": "hard mix",
    b"diff": "difference",
    b"smud": "exclusion",
    b"fsub": "subtract",
    b"fdiv": "divide",
    b"hue ": "hue",
    b"sat ": "saturation",
    b"colr": "color",
    b"lum ": "luminosity",
}


@dataclass(frozen=True)
class Document:
    width: int
    height: int
    layers: tuple[Layer, ...]
    layer_count: int


@dataclass(frozen=True)
class _Record:
    layer: Layer
    section: int  # 0, or one of the three above


def read(file: BinaryIO) -> Document:
    """Raises ``DamagedEvidence``."""
    cursor = Cursor(file)
    if cursor.read(4) != b"8BPS":
        raise DamagedEvidence("no Photoshop document")
    version, _channels, height, width, _depth, _mode = cursor.unpack("H6xHIIHH")
    if version not in (1, 2):
        raise DamagedEvidence("a Photoshop document of an unknown version")
    is_large = version == 2
    cursor.skip(cursor.number("I"))  # palette
    cursor.skip(cursor.number("I"))  # image resources
    length = cursor.number("Q" if is_large else "I")
    records = _layer_section(cursor, cursor.at + length, is_large) if length else []
    layers = _from_the_top(records)
    return Document(width, height, tuple(layers[:MOST_LAYERS]), len(layers))


def _layer_section(cursor: Cursor, end: int, is_large: bool) -> list[_Record]:
    length = cursor.number("Q" if is_large else "I")
    if length:
        return _records(cursor, is_large)
    # Documents of 16 and 32 bits keep their layers in a block of their own, behind the global mask.
    cursor.skip(cursor.number("I"))
    while cursor.at + 12 <= end:
        key, length = _block(cursor, is_large)
        if key in (b"Lr16", b"Lr32"):
            return _records(cursor, is_large)
        cursor.skip(length + -length % 4)
    return []


def _block(cursor: Cursor, is_large: bool) -> tuple[bytes, int]:
    """The head of a tagged block: its key and its length."""
    signature, key = cursor.read(4), cursor.read(4)
    if signature not in (b"8BIM", b"8B64"):
        raise DamagedEvidence("a block of an unknown kind")
    return key, cursor.number("Q" if is_large and key in LONG_BLOCKS else "I")


def _records(cursor: Cursor, is_large: bool) -> list[_Record]:
    count = abs(cursor.number("h"))  # negative where the first channel is the whole picture's transparency
    return [_record(cursor, is_large) for _number in range(count)]


def _record(cursor: Cursor, is_large: bool) -> _Record:
    top, left, bottom, right = cursor.unpack("iiii")
    channels = cursor.number("H")
    if channels > MOST_CHANNELS:
        raise DamagedEvidence("a layer with too many channels")
    cursor.read(channels * (10 if is_large else 6))
    signature, mode = cursor.read(4), cursor.read(4)
    if signature != b"8BIM":
        raise DamagedEvidence("a layer without its mark")
    opacity, _clipping, flags, _filler, extra = cursor.unpack("BBBBI")
    end = cursor.at + extra
    name, section = _extra(cursor, end, is_large)
    cursor.go(end)
    layer = Layer(
        name=name,
        width=max(0, right - left),
        height=max(0, bottom - top),
        mode=MODES.get(mode, mode.decode("ascii", "replace").strip()),
        opacity=round(opacity / 2.55),
        visible=not flags & HIDDEN,
        is_group=section in (OPEN_GROUP, CLOSED_GROUP),
    )
    return _Record(layer, section)


def _extra(cursor: Cursor, end: int, is_large: bool) -> tuple[str, int]:
    """A layer's name and what it is to its group."""
    cursor.skip(cursor.number("I"))  # mask
    cursor.skip(cursor.number("I"))  # blending ranges
    length = cursor.number("B")
    name = cursor.read(length).decode("mac_roman", "replace")
    cursor.skip(-(length + 1) % 4)
    section = 0
    while cursor.at + 12 <= end:
        key, length = _block(cursor, is_large)
        after = cursor.at + length + length % 2
        if key == b"luni" and length >= 4:
            letters = min(cursor.number("I"), (length - 4) // 2, 500)
            name = cursor.read(letters * 2).decode("utf-16-be", "replace").rstrip("\0")
        elif key == b"lsct" and length >= 4:
            section = cursor.number("I")
        cursor.go(after)
    return name, section


def _from_the_top(records: list[_Record]) -> list[Layer]:
    """Stored from the bottom up; a group's end comes first, its name last."""
    layers, depth = [], 0
    for record in reversed(records):
        if record.section == GROUP_END:
            depth = max(0, depth - 1)
            continue
        layers.append(replace(record.layer, depth=depth))
        depth += record.layer.is_group
    return layers
