"""Learn the style space: ``python -m tests.matching.learn_style``.

From the labelled pictures of the shared data, the half of the collections and generators on which choices are
made; the other half, on which results are reported, is left out. The background that ships with it are the
style vectors of these pictures but for those of the artists whose portfolios are measured: numbers only.
"""

from pathlib import Path

import numpy as np

from matching.engine.cache import FeatureCache
from matching.engine.encoder import EncoderSettings, load_encoder
from matching.engine.style import SHIPPED, learn
from tests.matching.measure_copies import half_of
from tests.matching.measure_style import ARTISTS, labelled
from tests.shared_data import ROOT


def main() -> None:
    encoder = load_encoder(EncoderSettings(weights="var/models", threads=1))
    rows = [row for row in labelled() if half_of(row.group) == "tune"]
    files = [ROOT / "images" / "pictures" / row.file for row in rows]
    encoded = FeatureCache(Path("var/cache"), encoder).encode_files(files)
    background = np.array([row.group not in ARTISTS for row in rows])
    learn(encoder.identity, encoded, background).save(SHIPPED)


if __name__ == "__main__":
    main()
