"""Camera RAW: which camera, and the JPEG that cameras put beside the sensor's data. Nothing is developed."""

import io
from typing import BinaryIO

from PIL import Image

MOST_CANDIDATES = 24
MAKE, MODEL, TIME, SUB_IFDS, DNG_VERSION = 0x010F, 0x0110, 0x0132, 0x014A, 0xC612
OWN_MARKS = (b"FUJIFILMCCD-RAW", b"IIRO", b"IIRS", b"MMOR", b"IIU\0")  # Fujifilm, Olympus, Panasonic


def is_raw(head: bytes) -> bool:
    """By the first 16 bytes, where a maker has a mark of its own; TIFF-based ones are told by their tags."""
    return head.startswith(OWN_MARKS) or head[8:11] == b"CR\x02" or head[4:12] == b"ftypcrx "


def tags(file: BinaryIO) -> Image.Exif:
    """EXIF of a TIFF-based file; empty where there is none."""
    file.seek(0)
    exif = Image.Exif()
    try:
        exif.load_from_fp(file)
    except Exception:  # a stranger's directory may break in any way; it only costs the camera's name
        return Image.Exif()
    return exif


def says_raw(exif: Image.Exif) -> bool:
    return MAKE in exif and (DNG_VERSION in exif or SUB_IFDS in exif)


def camera(exif: Image.Exif) -> str:
    """Maker, model and time, as the camera wrote them."""
    words = [str(exif.get(tag, "")).strip("\0 ") for tag in (MAKE, MODEL, TIME)]
    return " · ".join(word for word in words if word)


def largest_jpeg(data: bytes) -> bytes | None:
    """The largest JPEG inside ``data``, by the sizes that their headers announce."""
    best: tuple[int, int] = (0, -1)
    at = data.find(b"\xff\xd8\xff")
    for _number in range(MOST_CANDIDATES):
        if at < 0:
            break
        best = max(best, (_pixels(data, at), -at))
        at = data.find(b"\xff\xd8\xff", at + 3)
    return data[-best[1] :] if best[0] else None


def _pixels(data: bytes, at: int) -> int:
    try:
        with Image.open(io.BytesIO(data[at : at + (1 << 20)]), formats=["JPEG"]) as image:
            return image.width * image.height
    except Exception:  # three bytes that only look like a beginning
        return 0
