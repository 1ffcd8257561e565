"""How a copy was proved, in words: by points within an outline, as a whole, or, long ago, by hash alone."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from moderation.wording.facts import share


class Way(StrEnum):
    """What speaks for it that one picture is in the other."""

    POINTS = "points"
    WHOLE = "whole"
    """Tones or outlines of the whole pictures: drawn over or flattened, they have few points in common."""
    HASH = "hash"
    """Findings of earlier versions only: no geometry was found, and nothing is outlined."""


def way(data: Mapping[str, Any]) -> Way:
    if data.get("by") == Way.HASH:
        return Way.HASH
    inliers = data.get("inliers")
    return Way.WHOLE if inliers == 0 and not isinstance(inliers, bool) else Way.POINTS


def how(data: Mapping[str, Any]) -> str:
    """What a reviewer is told of the proof; data may lack the points or the regions."""
    said = _SAID[way(data)](data)
    mirrored = data.get("mirrored") is True and way(data) != Way.HASH
    return _("%(proof)s, mirrored") % {"proof": said} if mirrored else said


def _by_points(data: Mapping[str, Any]) -> str:
    inliers = data.get("inliers")
    if not isinstance(inliers, int) or isinstance(inliers, bool):
        return _("point by point, within the outline")
    entry, work = _area(data.get("region")), _area(data.get("work_region"))
    if not entry or not work:
        return ngettext("at %(points)d point", "at %(points)d points", inliers) % {"points": inliers}
    return ngettext(
        "at %(points)d point within the outline: %(entry)s of the entry, %(work)s of the work",
        "at %(points)d points within the outline: %(entry)s of the entry, %(work)s of the work",
        inliers,
    ) % {"points": inliers, "entry": share(entry), "work": share(work)}


def _as_a_whole(data: Mapping[str, Any]) -> str:
    return _("by tones or outlines of the whole, laid over each other")


def _by_hash(data: Mapping[str, Any]) -> str:
    return _("by the hash of the whole picture")


_SAID = {Way.POINTS: _by_points, Way.WHOLE: _as_a_whole, Way.HASH: _by_hash}


def _area(region: object) -> float:
    """The share of a picture that an outline encloses; 0 where there is none, or none that can be read."""
    if not isinstance(region, Sequence) or isinstance(region, str) or len(region) < 3:
        return 0.0
    try:
        corners = [(float(x), float(y)) for x, y in region]
    except (TypeError, ValueError):
        return 0.0
    twice = sum(x * next_y - next_x * y for (x, y), (next_x, next_y) in pairwise([*corners, corners[0]]))
    return min(abs(twice) / 2, 1.0)
