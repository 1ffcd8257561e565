"""From bytes to what a reviewer sees."""

import io
import warnings
from dataclasses import replace
from typing import BinaryIO

from PIL import Image

from matching.engine.images import Limits, PictureError, open_picture, shrink, sniff
from submissions.evidence import frames, psd, raw, recordings, xcf
from submissions.evidence.values import DamagedEvidence, Evidence, Kind
from submissions.evidence.zipped import Zipped

SIDE = 960  # pixels of the small picture
COMPOSITE_PIXELS = 60_000_000  # larger finished pictures are not decoded; the layers are listed all the same


def read(file: BinaryIO, limits: Limits) -> Evidence:
    """What ``file`` is. Never raises for bad bytes; errors of reading it (``OSError``) are raised."""
    file.seek(0)
    head = file.read(64)
    try:
        if head[:4] == b"8BPS":
            return _photoshop(file)
        if head.startswith(xcf.MAGIC):
            document = xcf.read(file)
            return _layered(Kind.XCF, document)
        if head[:4] == b"PK\x03\x04":
            return _zipped(file, limits)
    except DamagedEvidence:
        return Evidence(_announced(head), is_damaged=True)
    if raw.is_raw(head):
        return _raw(file, limits)
    if sniff(head):
        return _picture(file, limits)
    if recordings.is_recording(head):
        return _recording(file)
    return Evidence(Kind.OTHER)


def _recording(file: BinaryIO) -> Evidence:
    """Its length by its headers, where no frame can be decoded."""
    seconds = recordings.seconds(file)
    found = frames.sheet(file)
    if found is None:
        return Evidence(Kind.RECORDING, seconds=seconds)
    return Evidence(
        Kind.RECORDING, found.width, found.height, seconds=seconds or found.seconds, picture=found.sheet
    )


def _announced(head: bytes) -> Kind:
    if head[:4] == b"8BPS":
        return Kind.PSD
    if head.startswith(xcf.MAGIC):
        return Kind.XCF
    for kind, mark in ((Kind.ORA, b"image/openraster"), (Kind.KRA, b"application/x-krita")):
        if mark in head:
            return kind
    return Kind.OTHER


def _layered(kind: Kind, document: psd.Document, picture: Image.Image | None = None) -> Evidence:
    return Evidence(
        kind, document.width, document.height, document.layers, document.layer_count, picture=picture
    )


def _photoshop(file: BinaryIO) -> Evidence:
    document = psd.read(file)
    picture = None
    if 0 < document.width * document.height <= COMPOSITE_PIXELS:
        picture = _composite(file)
    return _layered(Kind.PSD, document, picture)


def _composite(file: BinaryIO) -> Image.Image | None:
    """The finished picture that Photoshop saves behind the layers, where Pillow reads its kind."""
    file.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(file, formats=["PSD"]) as image:
                image.load()
                return shrink(image.convert("RGB"), SIDE)
    except Exception:  # decoders raise nearly every built-in exception; the layers speak without a picture
        return None


def _zipped(file: BinaryIO, limits: Limits) -> Evidence:
    opened = Zipped(file)
    document, content = opened.document(), opened.picture()
    return _layered(opened.kind, document, _decoded(content, limits) if content else None)


def _decoded(content: bytes, limits: Limits) -> Image.Image | None:
    try:
        return shrink(open_picture(content, limits=limits).image, SIDE)
    except PictureError:
        return None


def _picture(file: BinaryIO, limits: Limits) -> Evidence:
    exif = raw.tags(file) if _is_tiff(file) else Image.Exif()
    if raw.says_raw(exif):
        return _raw(file, limits, exif)
    file.seek(0)
    try:
        picture = open_picture(file, limits=limits)
    except PictureError:
        return Evidence(Kind.PICTURE, is_damaged=True)
    return Evidence(Kind.PICTURE, picture.width, picture.height, picture=shrink(picture.image, SIDE))


def _is_tiff(file: BinaryIO) -> bool:
    file.seek(0)
    return sniff(file.read(64)) == "image/tiff"


def _raw(file: BinaryIO, limits: Limits, exif: Image.Exif | None = None) -> Evidence:
    file.seek(0)
    data = file.read(limits.bytes + 1)
    found = Evidence(Kind.RAW, camera=raw.camera(exif if exif is not None else raw.tags(io.BytesIO(data))))
    jpeg = raw.largest_jpeg(data)
    if jpeg is None:
        return found
    try:
        picture = open_picture(jpeg, limits=limits)
    except PictureError:
        return found
    return replace(found, width=picture.width, height=picture.height, picture=shrink(picture.image, SIDE))
