"""What the reader answers with."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from PIL import Image

MOST_LAYERS: Final = 300  # listed; more are counted
LONGEST_NAME: Final = 120  # characters


class Kind(StrEnum):
    PSD = "psd"
    KRA = "kra"
    ORA = "ora"
    XCF = "xcf"
    PICTURE = "picture"
    RAW = "raw"
    RECORDING = "recording"
    OTHER = "other"


class DamagedEvidence(Exception):
    """The file announces a kind that it does not keep to, or asks for more than it gets."""


@dataclass(frozen=True)
class Layer:
    """One layer or group, as its editor lists it. Width and height are 0 where the file names none."""

    name: str
    width: int = 0
    height: int = 0
    mode: str = "normal"
    opacity: int = 100  # percent
    visible: bool = True
    is_group: bool = False
    depth: int = 0  # how many groups it lies in

    def as_json(self) -> dict[str, Any]:
        return {
            "name": readable(self.name),
            "width": self.width,
            "height": self.height,
            "mode": readable(self.mode),
            "opacity": self.opacity,
            "visible": self.visible,
            "is_group": self.is_group,
            "depth": min(self.depth, 12),
        }


@dataclass(frozen=True)
class Evidence:
    """``layers`` from the top down, at most ``MOST_LAYERS`` of ``layer_count``; ``picture`` is small, RGB."""

    kind: Kind
    width: int = 0
    height: int = 0
    layers: tuple[Layer, ...] = ()
    layer_count: int = 0
    seconds: float | None = None
    camera: str = ""
    picture: Image.Image | None = None
    is_damaged: bool = False


def readable(text: str) -> str:
    """A stranger's words as a page and a database can hold them."""
    clean = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(letter for letter in clean if letter.isprintable())[:LONGEST_NAME]
