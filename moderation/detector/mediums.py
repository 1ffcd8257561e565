"""The kinds of work that the error budget is kept for, one by one."""

from enum import StrEnum
from typing import Final


class Medium(StrEnum):
    """How a work was made or looks; estimated from features at judgement, from labels in training."""

    PHOTOGRAPH = "photograph"
    DIGITAL_PAINTING = "digital_painting"
    LINE_ART = "line_art"  # with vector graphics and clip art
    PIXEL_ART = "pixel_art"
    RENDER_3D = "render_3d"
    TRADITIONAL_SCAN = "traditional_scan"


_BY_STYLE: Final = {
    "photo": Medium.PHOTOGRAPH,
    "digital-painting": Medium.DIGITAL_PAINTING,
    "digital-illustration": Medium.DIGITAL_PAINTING,
    "gameart-painting": Medium.DIGITAL_PAINTING,
    "vector-clipart": Medium.LINE_ART,
    "vector-gameart": Medium.LINE_ART,
    "line-art": Medium.LINE_ART,
    "pixel-art": Medium.PIXEL_ART,
    "3d-render": Medium.RENDER_3D,
    "oil-scan": Medium.TRADITIONAL_SCAN,
}


def medium_of(style: str) -> Medium | None:
    """The medium of a manifest's ``style``; None where the style mixes media (wallpapers) or is not known."""
    return _BY_STYLE.get(style)
