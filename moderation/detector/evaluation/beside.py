"""Another detector's scores of the same pictures, measured in the same run as ours."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from moderation.detector.evaluation import figures
from moderation.detector.evaluation.figures import Interval, Labels, Scores
from moderation.detector.manifest import ManifestError

FIGURES: Mapping[str, figures.Figure] = {
    "auc": figures.auc,
    "found_at_1.0%": figures.found_at(0.01),
    "found_at_5.0%": figures.found_at(0.05),
}


@dataclass(frozen=True)
class Others:
    """What another detector said, by file name: a score that rises with the chance of a machine, and
    whether it calls the picture generated where it says so."""

    name: str
    scores: Mapping[str, float]
    called: Mapping[str, bool]


@dataclass(frozen=True)
class Beside:
    """Both detectors on the pictures that both have seen."""

    name: str
    human: int
    generated: int
    ours: dict[str, Interval]
    theirs: dict[str, Interval]
    ours_called: Interval
    """The share of human works in our band ``signs_of_generation``."""
    theirs_called: Interval | None
    """The share that the other calls generated; None where it does not say."""


def read(path: Path) -> Others:
    """Read ``file,score`` and, where it is there, ``called`` (0 or 1); raises ``ManifestError``."""
    try:
        rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
        scores = {row["file"]: float(row["score"]) for row in rows}
        called = {row["file"]: bool(int(row["called"])) for row in rows if row.get("called")}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ManifestError(f"{path} cannot be read as a CSV file: {error}.") from error
    except (KeyError, TypeError, ValueError) as error:
        raise ManifestError(f"{path} needs the columns file and score, called as 0 or 1: {error}.") from error
    return Others(path.stem, scores, called)


def measure(
    others: Others,
    files: Sequence[Path],
    generated: Labels,
    groups: Sequence[str],
    ours: Scores,
    held: NDArray[np.bool_],
) -> Beside:
    """Ours and theirs on the pictures among ``files`` that they have scored; raises ``ManifestError``.

    ``ours``: our probability of each; ``held``: whether we call it generated. Intervals resample ``groups``.
    """
    rows = np.array([at for at, file in enumerate(files) if file.name in others.scores], dtype=np.int64)
    labels = generated[rows]
    if len(set(labels.tolist())) < 2:
        raise ManifestError(f"{others.name} scores no human or no generated picture of the list.")
    names = [files[at].name for at in rows]
    theirs = np.array([others.scores[name] for name in names])
    makers = [groups[at] for at in rows]

    def figures_of(scores: Scores) -> dict[str, Interval]:
        return {name: figures.interval(one, scores, labels, makers) for name, one in FIGURES.items()}

    human = [name for name, is_generated in zip(names, labels, strict=True) if not is_generated]
    said = [others.called[name] for name in human if name in others.called]
    return Beside(
        name=others.name,
        human=len(human),
        generated=int(labels.sum()),
        ours=figures_of(ours[rows]),
        theirs=figures_of(theirs),
        ours_called=figures.share_interval(int(held[rows][~labels].sum()), len(human)),
        theirs_called=figures.share_interval(sum(said), len(said)) if said else None,
    )
