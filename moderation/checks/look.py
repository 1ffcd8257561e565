"""What the checks of one screening look at. Each costly thing is read once and shared by all of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import BinaryIO, cast

from matching.encoding import encoder
from matching.engine.encoder import Encoded
from matching.engine.images import Damaged, Picture, open_picture
from matching.registry import limits
from moderation.verdicts import Finding
from submissions.models import Artwork, Disclosure, Entry
from submissions.rules import Rules


class ArtworkLook:
    """One picture of the entry, from its original bytes on."""

    def __init__(self, artwork: Artwork, look: "Look") -> None:
        self.artwork = artwork
        self.pk = artwork.pk
        self._look = look

    @contextmanager
    def original(self) -> Iterator[BinaryIO]:
        with self.artwork.original.open("rb") as file:
            yield cast("BinaryIO", file)

    @cached_property
    def picture(self) -> Picture:
        """The decoded picture; raises ``matching.engine.images.PictureError``."""
        if self._look.decoding_was_given_up:
            raise Damaged("decoding this file ended the process that tried, twice")
        with self.original() as file:
            return open_picture(file, limits=limits())

    @cached_property
    def encoded(self) -> Encoded:
        """One pass of the encoder over the picture: ``n`` is 1."""
        return encoder().encode([self.picture])


class Look:
    """The entry under one screening: its pictures, its statement, and what was found so far."""

    def __init__(
        self,
        entry: Entry,
        disclosure: Disclosure,
        findings: tuple[Finding, ...] = (),
        rules: Rules | None = None,
    ) -> None:
        self.entry = entry
        self.disclosure = disclosure
        self.findings = findings
        self.rules = rules or Rules()
        self.artworks = [ArtworkLook(artwork, self) for artwork in entry.artworks.all()]

    @property
    def decoding_was_given_up(self) -> bool:
        """Whether a file of this entry killed its reader: no other check tries it then."""
        return any(finding.check == "file" and finding.code == "check.gave_up" for finding in self.findings)
