"""Signs test pictures with a throwaway authority: real C2PA files of any history, made on the spot."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from moderation.provenance import TrustList, TrustLists
from moderation.provenance import signing as credentials
from moderation.provenance.signing import (
    C2PA_CLAIM_SIGNING,
    DAY,
    IPTC,
    Ingredient,
    Leaf,
    Manifest,
    created,
    make_authority,
    make_leaf,
    write,
)
from tests.pictures import as_file, draw

__all__ = [
    "C2PA_CLAIM_SIGNING",
    "DOCUMENT_SIGNING",
    "IPTC",
    "Authority",
    "Leaf",
    "Made",
    "authority",
    "created",
    "leaf",
    "picture",
    "sign",
]
DOCUMENT_SIGNING = "1.3.6.1.5.5.7.3.36"


@dataclass
class Made:
    """What a manifest says; ``parents`` and ``parts`` are files taken in as ingredients."""

    actions: Sequence[dict[str, Any]] = ()
    generator: str = "Test Camera"
    assertions: Sequence[dict[str, Any]] = ()
    parents: Sequence[bytes] = ()
    parts: Sequence[bytes] = ()
    references: Sequence[bytes] = ()
    remote_url: str | None = None
    embed: bool = True
    settings: dict[str, Any] = field(default_factory=dict)
    title: str | None = None


class Authority(credentials.Authority):
    @property
    def trusted(self) -> TrustLists:
        """Trust lists that hold this authority alone."""
        return TrustLists((TrustList("test", "urn:x-list:test", self.pem),))


def authority(name: str = "Test Root") -> Authority:
    made = make_authority(name, f"{name} Organization")
    return Authority(made.certificate, made.key)


def leaf(
    issuer: Authority,
    name: str = "Test Signer",
    *,
    key_use: str = C2PA_CLAIM_SIGNING,
    lasts: timedelta = 365 * DAY,
) -> Leaf:
    return make_leaf(issuer, name, f"{name} Organization", key_use=key_use, lasts=lasts)


def picture(seed: int = 1, kind: str = "JPEG", **options: Any) -> bytes:
    return as_file(draw(seed, 160, 120), kind, **options)


def sign(data: bytes, by: Leaf, made: Made, *, media: str = "image/jpeg") -> bytes:
    """``data`` with a manifest that says what ``made`` says."""
    definition = {
        "claim_generator_info": [{"name": made.generator, "version": "1"}],
        "assertions": [
            *([{"label": "c2pa.actions", "data": {"actions": list(made.actions)}}] if made.actions else []),
            *made.assertions,
        ],
    } | ({"title": made.title} if made.title else {})
    taken_in = [
        Ingredient(file, media, {"title": f"{relationship} {number}", "relationship": relationship})
        for relationship, files in (
            ("parentOf", made.parents),
            ("componentOf", made.parts),
            ("inputTo", made.references),
        )
        for number, file in enumerate(files)
    ]
    manifest = Manifest(
        definition,
        taken_in,
        edits=bool(made.parents),  # adds c2pa.opened for the parent
        remote_url=made.remote_url,
        embed=made.embed,
        settings=made.settings,
    )
    return write(data, media, manifest, by.signatory)
