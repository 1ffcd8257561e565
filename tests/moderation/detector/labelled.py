"""Labelled pictures for tests: lists of drawn pictures, features drawn from bells."""

import csv
from pathlib import Path

import numpy as np

from moderation.detector import training
from moderation.detector.features import Features
from moderation.detector.manifest import Labelled, Manifest
from moderation.detector.training import Seen
from tests import pictures

STYLES = ("photo", "digital-painting", "vector-clipart")


def row(
    name: str, *, generated: bool = False, generator: str = "", collection: str = "", **more: str
) -> Labelled:
    return Labelled(
        path=Path(name),
        generated=generated,
        family=more.get("family", ""),
        generator=generator,
        collection=collection,
        style=more.get("style", ""),
        source=more.get("source", ""),
    )


def drawn_features(count: int = 240, *, apart: float = 4.0) -> Seen:
    """Pictures of eight makers a class; the classes differ along one direction of block 9 by ``apart``."""
    draw = np.random.default_rng(3)
    rows = []
    for at in range(count):
        generated = at % 2 == 1
        maker = f"{'model' if generated else 'artist'}-{at // 2 % 8}"
        style = "" if generated else STYLES[at // 2 % 3]
        rows.append(
            row(
                f"{at}.png",
                generated=generated,
                generator=maker if generated else "",
                collection="" if generated else maker,
                style=style,
            )
        )
    tokens = draw.normal(0, 1, (count, 12, 16)).astype(np.float32)
    tokens[1::2, 9, :4] += apart
    final = draw.normal(0, 0.1, (count, 8)).astype(np.float32)
    for at, one in enumerate(rows):
        if one.style:
            final[at, STYLES.index(one.style)] += 1
    features = Features(tokens, final)
    manifest = Manifest(tuple(rows), "0" * 64)
    sizes = draw.integers(200, 600, (count, 2))
    human = Features(tokens[::2], final[::2])
    through = dict.fromkeys(training.RECIPE.views, features)
    return Seen(manifest, through, features, (human,), sizes, "tower:1:p1")


def drawn_list(folder: Path, count: int = 8) -> Path:
    """A list of ``count`` drawn pictures in ``folder``; the "generated" half is grey."""
    file = folder / "labels.csv"
    with file.open("w", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(["file", "label", "family", "generator", "collection", "style"])
        for at in range(count):
            generated = at % 2 == 1
            pixels = pictures.draw(at, 160, 120)
            if generated:
                pixels = np.repeat(pixels.mean(axis=2, keepdims=True), 3, axis=2).astype(np.uint8)
            pictures.save(pixels, folder / "pictures" / f"{at}.png")
            maker = f"maker-{at // 2 % 3}"
            kind = ["ai", "drawn", maker, "", ""] if generated else ["human", "", "", maker, STYLES[at % 3]]
            writer.writerow([f"{at}.png", *kind])
    return file
