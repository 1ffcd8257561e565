"""IIIF manifests: which pictures one names, and what it says of them. JSON in, plain values out; no network.

Presentation 2 (``sequences/canvases/images``) and 3 (``items/items/items``). Of each canvas the first painted
picture is taken: from its image service in a size we take, or as the manifest itself addresses it.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

MOST_CANVASES = 20_000
LARGEST_SIDE = 4000  # asked of an image service
LONGEST = 500  # letters of a label that are read


class NotAManifest(ValueError):
    """The bytes are no IIIF manifest, or one without pictures; ``str`` names which."""


@dataclass(frozen=True)
class Named:
    """One picture that a manifest names."""

    url: str
    title: str = ""
    year: str = ""
    source: str = ""
    rights: str = ""


def read(data: bytes) -> list[Named]:
    """The pictures of a manifest in their order. Raises ``NotAManifest``."""
    try:
        manifest = json.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise NotAManifest("no_json") from error
    if not isinstance(manifest, dict):
        raise NotAManifest("no_manifest")
    kind = str(manifest.get("type") or manifest.get("@type") or "")
    if kind not in ("Manifest", "sc:Manifest"):
        raise NotAManifest("no_manifest")
    common = _common(manifest)
    canvases = _canvases_2 if kind == "sc:Manifest" else _canvases_3
    found = [named for named in canvases(manifest, common) if named.url]
    if not found:
        raise NotAManifest("no_pictures")
    return found[:MOST_CANVASES]


def _common(manifest: Mapping[str, Any]) -> dict[str, str]:
    """What holds for every picture of the manifest."""
    return {
        "title": _text(manifest.get("label")),
        "year": _year(manifest),
        "source": _address(manifest.get("homepage"))
        or _address(manifest.get("related"))
        or _address(manifest),
        "rights": _address(manifest.get("rights")) or _address(manifest.get("license")),
    }


def _canvases_2(manifest: Mapping[str, Any], common: dict[str, str]) -> Iterator[Named]:
    for sequence in _dicts(manifest.get("sequences")):
        for canvas in _dicts(sequence.get("canvases")):
            resources = (_dict(image.get("resource")) for image in _dicts(canvas.get("images")))
            yield _named(canvas, next(resources, {}), common)


def _canvases_3(manifest: Mapping[str, Any], common: dict[str, str]) -> Iterator[Named]:
    for canvas in _dicts(manifest.get("items")):
        yield _named(canvas, next(_painted(canvas), {}), common)


def _painted(canvas: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for page in _dicts(canvas.get("items")):
        for annotation in _dicts(page.get("items")):
            for body in _dicts(annotation.get("body")):
                if body.get("type") == "Choice":
                    yield from _dicts(body.get("items"))
                elif body.get("type") == "SpecificResource":
                    yield from _dicts(body.get("source"))
                else:
                    yield body


def _named(canvas: Mapping[str, Any], picture: Mapping[str, Any], common: dict[str, str]) -> Named:
    own = _text(canvas.get("label"))
    title = " · ".join(dict.fromkeys(filter(None, (common["title"], own))))
    return Named(
        url=_url(picture),
        title=title[:LONGEST],
        year=_year(canvas) or common["year"],
        source=common["source"],
        rights=_address(canvas.get("rights")) or common["rights"],
    )


def _url(picture: Mapping[str, Any]) -> str:
    """By the image service in a bounded size, else the picture's own address."""
    for service in _dicts(picture.get("service")):
        base = _address(service).rstrip("/")
        kind = f"{service.get('type', '')} {service.get('@context', '')} {service.get('profile', '')}"
        if base and "image" in kind.casefold():
            return f"{base}/full/{_size(service, picture)}/0/default.jpg"
    return _address(picture)


def _size(service: Mapping[str, Any], picture: Mapping[str, Any]) -> str:
    """``!w,h`` fits into a box and never enlarges in version 2; where the picture is small, all of it."""
    version_3 = "3" in str(service.get("type", "")) or "/3/" in str(service.get("@context", ""))
    sides = [side for side in (picture.get("width"), picture.get("height")) if isinstance(side, int)]
    if sides and max(sides) > LARGEST_SIDE:
        return f"!{LARGEST_SIDE},{LARGEST_SIDE}"
    return "max" if version_3 else "full"


def _year(thing: Mapping[str, Any]) -> str:
    date = str(thing.get("navDate") or "")[:4]
    if date.isdigit():
        return date
    for pair in _dicts(thing.get("metadata")):
        if _text(pair.get("label")).casefold() in {
            "date",
            "year",
            "created",
            "date created",
            "연도",
            "제작연도",
        }:
            return _text(pair.get("value"))[:20]
    return ""


def _text(value: object) -> str:
    """A label in any of the ways both versions write one: plain, listed, or by language."""
    if isinstance(value, str):
        return value.strip()[:LONGEST]
    if isinstance(value, list):
        return next(filter(None, map(_text, value)), "")
    if isinstance(value, dict):
        if "@value" in value:
            return _text(value["@value"])
        for language in ("ko", "en", "none"):
            if language in value and (said := _text(value[language])):
                return said
        return next(filter(None, map(_text, value.values())), "")
    return ""


def _address(value: object) -> str:
    """An address, as both versions write one: as it is, or as the identity of what stands there."""
    if isinstance(value, list):
        return next(filter(None, map(_address, value)), "")
    if isinstance(value, dict):
        value = value.get("id") or value.get("@id") or ""
    text = value.strip() if isinstance(value, str) else ""
    return text if text.startswith(("http://", "https://")) else ""


def _dicts(value: object) -> list[dict[str, Any]]:
    """A list of objects, or the one that stands in a list's place."""
    if isinstance(value, dict):
        return [value]
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _dict(value: object) -> dict[str, Any]:
    """The default of a choice, or the thing itself."""
    found = value if isinstance(value, dict) else {}
    if str(found.get("@type", "")) == "oa:Choice":
        return _dict(found.get("default"))
    return found
