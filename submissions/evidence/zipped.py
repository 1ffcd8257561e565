"""Layers of the two formats that are a zip: OpenRaster and Krita's.

Of a zip nothing is unpacked but three small members by name, each within a bound; its directory is measured
before it is read.

https://www.openraster.org/baseline/layer-stack-spec.html, https://docs.krita.org/en/general_concepts/file_formats/file_kra.html
"""

import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO
from xml.etree.ElementTree import Element

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from submissions.evidence.psd import Document
from submissions.evidence.values import MOST_LAYERS, DamagedEvidence, Kind, Layer

MOST_DIRECTORY = 2 << 20  # bytes of a zip's list of members
MOST_XML = 8 << 20
MOST_PICTURE = 40 << 20
TAIL = 65_557  # bytes: an end record and the longest comment
END_RECORD, END_LOCATOR_64 = b"PK\x05\x06", b"PK\x06\x07"
PICTURES = ("mergedimage.png", "preview.png", "Thumbnails/thumbnail.png")


class Zipped:
    """An opened document of one of the two kinds; raises ``DamagedEvidence`` where it is neither."""

    def __init__(self, file: BinaryIO) -> None:
        _measure_directory(file)
        with _zip_errors():
            self._zip = zipfile.ZipFile(file)
        said = self._member("mimetype", 64).decode("ascii", "replace").strip()
        kinds = {"image/openraster": Kind.ORA, "application/x-krita": Kind.KRA}
        if said not in kinds:
            raise DamagedEvidence("a zip of another kind")
        self.kind = kinds[said]

    def document(self) -> Document:
        if self.kind == Kind.ORA:
            root, read = self._xml("stack.xml"), self._ora_layer
            stack = root.find("stack")
            at, name, group = root, "layer", "stack"
        else:
            root, read = self._xml("maindoc.xml"), _kra_layer
            at = _first(root, "IMAGE")
            stack, name, group = _first(at, "layers"), "layer", "layers"
        found = list(_walk(stack, name, group)) if stack is not None else []
        layers = tuple(read(element, depth) for element, depth in found[:MOST_LAYERS])
        return Document(
            _int(at.get("w") or at.get("width")), _int(at.get("h") or at.get("height")), layers, len(found)
        )

    def picture(self) -> bytes | None:
        """The finished picture that the editor saved beside the layers, or a smaller one."""
        for name in PICTURES:
            try:
                return self._member(name, MOST_PICTURE)
            except DamagedEvidence:
                continue
        return None

    def _member(self, name: str, most: int) -> bytes:
        with _zip_errors(), self._zip.open(name) as member:
            data = member.read(most + 1)
        if len(data) > most:
            raise DamagedEvidence(f"{name} unpacks to too much")
        return data

    def _xml(self, name: str) -> Element:
        try:
            root: Element = fromstring(self._member(name, MOST_XML))
        except (ParseError, DefusedXmlException, ValueError, RecursionError) as error:
            raise DamagedEvidence(f"{name} is no list of layers") from error
        for element in root.iter():  # with or without a namespace
            element.tag = str(element.tag).rpartition("}")[2]
        return root

    def _ora_layer(self, element: Element, depth: int) -> Layer:
        width, height = self._png_size(element.get("src", ""))
        return Layer(
            name=element.get("name", ""),
            width=width,
            height=height,
            mode=element.get("composite-op", "svg:src-over")
            .removeprefix("svg:")
            .replace("src-over", "normal"),
            opacity=_percent(element.get("opacity"), 1.0),
            visible=element.get("visibility", "visible") == "visible",
            is_group=element.tag == "stack",
            depth=depth,
        )

    def _png_size(self, name: str) -> tuple[int, int]:
        """From the member's first bytes; nothing where it is no PNG."""
        try:
            with _zip_errors(), self._zip.open(name) as member:
                head = member.read(24)
        except DamagedEvidence:
            return 0, 0
        return struct.unpack(">II", head[16:24]) if head[:4] == b"\x89PNG" and len(head) == 24 else (0, 0)


def _kra_layer(element: Element, depth: int) -> Layer:
    return Layer(
        name=element.get("name", ""),
        mode=element.get("compositeop", "normal"),
        opacity=_percent(element.get("opacity"), 255.0),
        visible=element.get("visible", "1") == "1",
        is_group=element.get("nodetype") == "grouplayer",
        depth=depth,
    )


def _walk(stack: Element, layer: str, group: str) -> Iterator[tuple[Element, int]]:
    """Every layer and group below ``stack`` with its depth, without a call for each step down.

    OpenRaster's groups are stacks within stacks; Krita's are layers that hold a list of layers.
    """
    waiting = [(child, 0) for child in reversed(stack)]
    while waiting:
        element, depth = waiting.pop()
        if element.tag == layer or element.tag == group == "stack":
            yield element, depth
            depth += 1
        elif element.tag != group:
            continue  # masks and the like
        waiting.extend((child, depth) for child in reversed(element))


def _first(root: Element, name: str) -> Element:
    found = next(root.iter(name), None)
    if found is None:
        raise DamagedEvidence(f"there is no {name}")
    return found


def _int(text: str | None) -> int:
    return min(int(text), 2**31 - 1) if text and text.isascii() and text.isdigit() and len(text) < 12 else 0


def _percent(text: str | None, whole: float) -> int:
    try:
        return min(100, max(0, round(float(text) / whole * 100))) if text else 100
    except (ValueError, OverflowError):
        return 100


def _measure_directory(file: BinaryIO) -> None:
    """Refuse a directory too large to read: every place that may be its end record is asked for its size."""
    size = file.seek(0, 2)
    file.seek(max(0, size - TAIL))
    tail = file.read(TAIL)
    if END_LOCATOR_64 in tail:
        raise DamagedEvidence("a zip of the large format")
    at = tail.find(END_RECORD)
    if at < 0:
        raise DamagedEvidence("a zip without an end")
    while at >= 0:
        record = tail[at : at + 22]
        if len(record) == 22 and struct.unpack("<I", record[12:16])[0] > MOST_DIRECTORY:
            raise DamagedEvidence("a zip with too many members")
        at = tail.find(END_RECORD, at + 1)
    file.seek(0)


@contextmanager
def _zip_errors() -> Iterator[None]:
    """Whatever ``zipfile`` raises over hostile bytes, as one named exception."""
    try:
        yield
    except DamagedEvidence:
        raise
    except Exception as error:  # BadZipFile, zlib's, KeyError, NotImplementedError, RuntimeError, …
        raise DamagedEvidence(f"the zip cannot be read: {error}") from error
