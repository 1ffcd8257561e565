"""What in the manifests would unmask an entrant before a blind jury. Named, never repeated."""

from collections.abc import Iterator

from moderation.provenance.store import Manifest, Manifests, mapping, sequence, text
from moderation.provenance.values import Evidence

_IDENTITY = ("cawg.identity", "adobe.crypto.addresses")
_AUTHORSHIP = ("stds.schema-org.CreativeWork", "schema.org")
_METADATA = ("c2pa.metadata", "stds.exif", "stds.iptc", "stds.xmp", "cawg.metadata")
_NAMES = frozenset({"creator", "artist", "author", "byline", "cameraownername", "ownername"})
_MAX_VALUES = 20_000  # looked at in one assertion


def leaks(manifests: Manifests) -> Iterator[Evidence]:
    """Evidence for the flags ``identity``, ``author_name``, ``gps`` and ``redacted``, over all manifests."""
    for manifest in manifests.by_label.values():
        yield from _leaks_of(manifest)


def _leaks_of(manifest: Manifest) -> Iterator[Evidence]:
    if manifest.redacts:
        yield Evidence("redacted", manifest.label)
    for label, _ in manifest.data(*_IDENTITY):
        yield Evidence("identity", manifest.label, note=label)
    for label, data in manifest.data(*_AUTHORSHIP):
        authors = mapping(data).get("author")
        listed = sequence(authors) or [authors]
        if any(text(mapping(each).get(key)) for each in listed for key in ("name", "@id", "identifier")):
            yield Evidence("author_name", manifest.label, note=label)
    for label, data in manifest.data(*_METADATA):
        keys = {key.rpartition(":")[2].lower() for key in _keys_with_values(data)}
        if any(key.startswith("gps") and key not in {"gpsversionid", "gpstag"} for key in keys):
            yield Evidence("gps", manifest.label, note=label)
        if keys & _NAMES:
            yield Evidence("author_name", manifest.label, note=label)


def _keys_with_values(data: object) -> Iterator[str]:
    """Every key at any depth that holds something; iterative, since depth is the file's choice."""
    waiting: list[object] = [data]
    for _ in range(_MAX_VALUES):
        if not waiting:
            return
        value = waiting.pop()
        if isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, dict):
            for key, inner in value.items():
                if inner not in (None, "", [], {}):
                    yield str(key)
                waiting.append(inner)
