"""Layered files as their editors write them, drawn by hand: small, whole, with every part that is read."""

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.pictures import as_file, draw


@dataclass(frozen=True)
class Drawn:
    name: str
    size: tuple[int, int] = (40, 30)
    mode: bytes = b"norm"
    opacity: int = 255
    hidden: bool = False
    section: int = 0  # 1: a group, 3: where a group ends


def psd(layers: Sequence[Drawn], *, large: bool = False, deep: bool = False) -> bytes:
    """From the bottom up, as Photoshop stores them; ``large`` is PSB, ``deep`` has 16 bits a channel."""
    long = "Q" if large else "I"
    pixels = draw(3, 40, 30)
    head = b"8BPS" + struct.pack(">H6xHIIHH", 2 if large else 1, 3, 30, 40, 8, 3)
    records = struct.pack(">h", -len(layers)) + b"".join(_psd_record(layer, long) for layer in layers)
    records += b"\0" * (len(records) % 2)
    if deep:
        block = b"8BIM" + b"Lr16" + struct.pack(f">{long}", len(records)) + records
        inner = struct.pack(f">{long}I", 0, 0) + block + b"\0" * (-len(block) % 4)
    else:
        inner = struct.pack(f">{long}", len(records)) + records + struct.pack(">I", 0)
    section = struct.pack(f">{long}", len(inner)) + inner
    planes = b"".join(pixels[:, :, plane].tobytes() for plane in range(3))
    return head + struct.pack(">II", 0, 0) + section + struct.pack(">H", 0) + planes


def _psd_record(layer: Drawn, long: str) -> bytes:
    width, height = layer.size
    letters = layer.name.encode("utf-16-be")
    unicode_name = struct.pack(">I", len(layer.name)) + letters
    blocks = _psd_block(b"luni", unicode_name)
    if layer.section:
        blocks += _psd_block(b"lsct", struct.pack(">I", layer.section))
    short = b"layer"
    extra = struct.pack(">II", 0, 0) + bytes([len(short)]) + short + b"\0" * (-(len(short) + 1) % 4) + blocks
    flags = 0x02 if layer.hidden else 0
    return (
        struct.pack(">iiii", 0, 0, height, width)
        + struct.pack(f">Hh{long}", 1, 0, 0)
        + b"8BIM"
        + layer.mode
        + struct.pack(">BBBBI", layer.opacity, 0, flags, 0, len(extra))
        + extra
    )


def _psd_block(key: bytes, data: bytes) -> bytes:
    return b"8BIM" + key + struct.pack(">I", len(data)) + data + b"\0" * (len(data) % 2)


def xcf(names: Sequence[str], *, version: bytes = b"v011\0") -> bytes:
    """The last name lies in a group that is the first."""
    wide = version >= b"v011"
    form = "Q" if wide else "I"
    head = b"gimp xcf " + version + struct.pack(">III", 40, 30, 0)
    head += struct.pack(">I", 150) if version >= b"v004" and version != b"file\0" else b""
    head += struct.pack(">III", 17, 1, 1 << 24)[:8] + b"\1" + struct.pack(">II", 0, 0)
    table = struct.calcsize(f">{form}") * (len(names) + 1)
    places, bodies, at = [], b"", len(head) + table
    for number, name in enumerate(names):
        body = _xcf_layer(name, group=number == 0, inside=number == len(names) - 1)
        places.append(at)
        bodies += body
        at += len(body)
    return head + struct.pack(f">{len(places) + 1}{form}", *places, 0) + bodies


def _xcf_layer(name: str, *, group: bool, inside: bool) -> bytes:
    text = name.encode() + b"\0"
    body = struct.pack(">III", 20, 10, 1) + struct.pack(">I", len(text)) + text
    body += struct.pack(">III", 6, 4, 128) + struct.pack(">III", 8, 4, int(not inside))
    body += struct.pack(">III", 7, 4, 30)
    body += struct.pack(">II", 29, 0) if group else b""
    body += struct.pack(">IIII", 30, 8, 0, 1) if inside else b""
    return body + struct.pack(">II", 0, 0)


ORA_STACK = """<?xml version="1.0" encoding="UTF-8"?>
<image version="0.0.3" w="40" h="30"><stack>
  <layer name="선화" src="data/lines.png" opacity="0.5" composite-op="svg:multiply"/>
  <stack name="Ground" visibility="hidden"><layer name="Sky" src="data/sky.png"/></stack>
</stack></image>"""
KRA_DOC = """<?xml version="1.0" encoding="UTF-8"?>
<DOC xmlns="http://www.calligra.org/DTD/krita"><IMAGE name="sea" width="40" height="30"><layers>
  <layer name="Lines" nodetype="paintlayer" compositeop="multiply" opacity="128" visible="1"><masks/></layer>
  <layer name="Ground" nodetype="grouplayer" compositeop="normal" opacity="255" visible="0"><layers>
    <layer name="Sky" nodetype="paintlayer" compositeop="normal" opacity="255" visible="1"/>
  </layers></layer>
</layers></IMAGE></DOC>"""


def ora(stack: str = ORA_STACK, members: Mapping[str, bytes] | None = None) -> bytes:
    lines, sky = as_file(draw(1, 22, 11)), as_file(draw(2, 40, 30))
    files = {
        "stack.xml": stack.encode(),
        "data/lines.png": lines,
        "data/sky.png": sky,
        "mergedimage.png": sky,
    }
    return zipped("image/openraster", {**files, **(members or {})})


def kra(document: str = KRA_DOC) -> bytes:
    return zipped(
        "application/x-krita", {"maindoc.xml": document.encode(), "preview.png": as_file(draw(4, 40, 30))}
    )


def zipped(mimetype: str, members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", mimetype, zipfile.ZIP_STORED)
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def mp4(seconds: int) -> bytes:
    header = struct.pack(">IIII", 0, 0, 0, 1000) + struct.pack(">I", seconds * 1000)
    mvhd = _box(b"mvhd", header + b"\0" * 80)
    return _box(b"ftyp", b"isom\0\0\2\0isom") + _box(b"free", b"\0" * 9) + _box(b"moov", mvhd)


def _box(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data) + 8) + kind + data
