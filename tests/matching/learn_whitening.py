"""Learn the copy descriptors' whitening: ``python -m tests.matching.learn_whitening``.

From the labelled pictures of the shared data: all generated ones, and the human ones of the half of the
collections on which bounds are chosen; the other half, on which results are reported, is left out.
"""

import csv
from pathlib import Path

from matching.engine.cache import FeatureCache
from matching.engine.encoder import EncoderSettings, load_encoder
from matching.engine.whitening import SHIPPED, learn
from tests.matching.measure_copies import half_of
from tests.shared_data import ROOT


def main() -> None:
    encoder = load_encoder(EncoderSettings(weights="var/models"))
    with (ROOT / "images" / "labels.csv").open(newline="") as file:
        rows = [
            row
            for row in csv.DictReader(file)
            if row["label"] == "ai" or half_of(row["collection"]) == "tune"
        ]
    files = [ROOT / "images" / "pictures" / row["file"] for row in rows]
    encoded = FeatureCache(Path("var/cache"), encoder).encode_files(files)
    learn(encoder.identity, encoded.patches).save(SHIPPED)


if __name__ == "__main__":
    main()
