"""How well portfolios are told apart by style: ``python -m tests.matching.measure_style``.

Artists of the shared data with eight works or more are the registry. Each of their works is looked up as if
it were an entry, against a portfolio from which it is left out. Pictures by nobody in the registry, and works
looked up against the portfolios of others, are what must not be reported. The layer and the bars were chosen
on the ``tune`` half of the collections and generators; figures are told for ``report``, whose pictures took
no part in the shipped numbers either. With ``--known`` the half's other pictures are registered works of
other artists, as a larger registry would have them; those of an entry's own collection never are.
"""

# ruff: noqa: T201 -- it speaks on stdout

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from matching.engine.cache import FeatureCache
from matching.engine.encoder import EncoderSettings, load_encoder
from matching.engine.style import FEWEST, SAMPLE, Gallery, Portrait, StyleSpace, Vectors, load_space, portray
from tests.matching.measure_copies import half_of, labels
from tests.shared_data import ROOT

# Collections that are one artist's, with eight works or more. Projects and archives are many artists'.
ARTISTS: Final = frozenset(
    {
        "naev-M._R._Bokhari",
        "openclipart-AJ_Ashton",
        "openclipart-Architetto_Francesco_Rollandin",
        "openclipart-Benji_Park",
        "openclipart-Enrique_Meza_C",
        "openclipart-Jarno_Vasamaa",
        "openclipart-Jean-Victor_Balin",
        "openclipart-Jonathan_Dietrich",
        "openclipart-Linda_Kim",
        "openclipart-Nicu_Buculei",
        "openclipart-mimooh",
        "painting-Vincent_van_Gogh",
        "photo-Chris_Pickel",
        "photo-Myrabella",
        "photo-harro.eu",
    }
)
SAME = {"openclipart-A.J._Ashton": "openclipart-AJ_Ashton"}


@dataclass(frozen=True)
class Row:
    """One labelled picture."""

    file: str
    group: str
    """The artist, collection or generator: what is kept on one side of the halves."""
    human: bool
    kind: str


Stranger = tuple[Row, Vectors]
"""An unrelated picture, and its style vector."""


@dataclass(frozen=True)
class Lookup:
    """What one work, left out of its artist's portfolio, resembles."""

    artist: str
    rank: int
    """Of its own artist among all, 0 is first."""
    told: str | None
    """The artist whose portfolio is reported, if any."""


def labelled() -> list[Row]:
    return [
        Row(
            row["file"],
            SAME.get(row["collection"], row["collection"]) or row["generator"],
            row["label"] == "human",
            row["style"] or "other",
        )
        for row in labels()
    ]


class Hall:
    """Every artist's vectors, and the portraits made of them."""

    def __init__(self, rows: Sequence[Row], vectors: Vectors, space: StyleSpace) -> None:
        self.space = space
        groups = np.array([row.group for row in rows])
        self.works = {artist: vectors[groups == artist] for artist in sorted(ARTISTS)}
        self.artists = [artist for artist, works in self.works.items() if len(works) >= FEWEST]

    def portrait(self, artist: str, without: int | None = None) -> Portrait:
        """Of ``artist``, ``without`` one of the works."""
        works = self.works[artist]
        portrait = portray(works if without is None else np.delete(works, without, axis=0), self.space)
        assert portrait is not None
        return portrait

    def gallery(self, portraits: dict[str, Portrait], known: Sequence[Stranger], unseen: str = "") -> Gallery:
        """As the registry keeps it, with the works of ``known``; those of ``unseen`` are no strangers."""
        names = [name for name in self.artists if name != unseen]
        sampled = [self.works[name][:: -(-len(self.works[name]) // SAMPLE)] for name in names]
        of = [self.artists.index(name) for name, works in zip(names, sampled, strict=True) for _ in works]
        works = np.concatenate([*sampled, *(vector[None] for _, vector in known)])
        return Gallery(self.space, list(portraits.values()), works, [*of, *[-1] * len(known)])

    def look_up(self, artist: str, known: Sequence[Stranger]) -> Iterator[Lookup]:
        """Every work of ``artist``; none where eight would not be left."""
        if len(self.works[artist]) <= FEWEST:
            return
        others = {name: self.portrait(name) for name in self.artists}
        for at, work in enumerate(self.works[artist]):
            gallery = self.gallery(others | {artist: self.portrait(artist, at)}, known, unseen=artist)
            likeness = gallery.likeness(work[None])[0]
            rank = int((likeness > likeness[self.artists.index(artist)]).sum())
            found = gallery.nearest(work)
            yield Lookup(artist, rank, self.artists[found.at] if found else None)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=["tune", "report"], default="report")
    parser.add_argument("--models", type=Path, default=Path("var/models"))
    parser.add_argument("--known", action="store_true", help="the half's unrelated pictures are registered")
    options = parser.parse_args()
    encoder = load_encoder(EncoderSettings(weights=str(options.models), threads=1))
    space = load_space(encoder.identity)
    rows = labelled()
    files = [ROOT / "images" / "pictures" / row.file for row in rows]
    vectors = space(FeatureCache(Path("var/cache"), encoder).encode_files(files))
    hall = Hall(rows, vectors, space)
    strangers = [(row, vectors[at]) for at, row in enumerate(rows) if is_stranger(row, options.half)]
    known = strangers if options.known else []
    tell_artists(hall, options.half, known)
    tell_strangers(hall, strangers, known)


def is_stranger(row: Row, half: str) -> bool:
    return row.group not in ARTISTS and half_of(row.group) == half


def tell_artists(hall: Hall, half: str, known: Sequence[Stranger]) -> None:
    artists = [artist for artist in hall.artists if half_of(artist) == half]
    found = [lookup for artist in artists for lookup in hall.look_up(artist, known)]
    print(f"| artist ({half} half) | works | first | among five | told | another told |")
    print("|---|---|---|---|---|---|")
    for artist in artists:
        if group := [lookup for lookup in found if lookup.artist == artist]:
            print(f"| {artist} | {len(group)} | {figures(group)} |")
    print(f"| all, against {len(hall.artists)} portfolios | {len(found)} | {figures(found)} |")


def figures(found: Sequence[Lookup]) -> str:
    told = [lookup.told == lookup.artist for lookup in found]
    other = [lookup.told not in (None, lookup.artist) for lookup in found]
    first, five = ([lookup.rank < most for lookup in found] for most in (1, 5))
    return " | ".join(f"{np.mean(share):.2f}" for share in (first, five, told, other))


def tell_strangers(hall: Hall, strangers: Sequence[Stranger], known: Sequence[Stranger]) -> None:
    portraits = {artist: hall.portrait(artist) for artist in hall.artists}
    told: dict[str, bool] = {}
    for group in {row.group for row, _ in strangers}:
        gallery = hall.gallery(portraits, [one for one in known if one[0].group != group])
        told |= {row.file: bool(gallery.nearest(v)) for row, v in strangers if row.group == group}
    print("\n| unrelated pictures | looked up | told to resemble somebody |\n|---|---|---|")
    kinds = sorted({row.kind for row, _ in strangers if row.human})
    groups = {f"by people: {kind}": [r for r, _ in strangers if r.human and r.kind == kind] for kind in kinds}
    groups["by people, all"] = [row for row, _ in strangers if row.human]
    groups["by machines"] = [row for row, _ in strangers if not row.human]
    for name, found in groups.items():
        wrong = sum(told[row.file] for row in found)
        print(f"| {name} | {len(found)} | {wrong} ({wrong / len(found):.1%}) |")


if __name__ == "__main__":
    main()
