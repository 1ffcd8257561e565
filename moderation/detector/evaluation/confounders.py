"""Could the label be guessed without looking at the picture? Then a head would learn that instead."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from matching.engine.images import open_picture
from moderation.detector import folds
from moderation.detector.evaluation import figures
from moderation.detector.features import file_sha256
from moderation.detector.manifest import Labelled
from moderation.detector.views import look

_FOLDS = 5


def guess(rows: Sequence[Labelled], view: str) -> float:
    """AUC, on makers held out, of a forest that knows only the shape of what the encoder is given."""
    from sklearn.ensemble import RandomForestClassifier  # noqa: PLC0415 -- slow import

    facts = np.array([_facts(row, view) for row in rows])
    generated = np.array([row.generated for row in rows])
    fold_of = folds.split(rows, _FOLDS)
    guesses: NDArray[np.float64] = np.zeros(len(rows))
    for fold in set(fold_of.tolist()):
        held = fold_of == fold
        forest = RandomForestClassifier(200, min_samples_leaf=5, random_state=0, n_jobs=1)
        forest.fit(facts[~held], generated[~held])
        guesses[held] = forest.predict_proba(facts[held])[:, 1]
    return figures.auc(guesses, generated)


def _facts(row: Labelled, view: str) -> list[float]:
    height, width = look(open_picture(row.path).pixels, view, file_sha256(row.path)).shape[:2]
    return [width, height, width / height, width * height, max(width, height)]
