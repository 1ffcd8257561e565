"""Score labelled pictures as strangers to the head, and sum up by maker, medium and alteration."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from moderation.detector import folds, shapes, training
from moderation.detector.calibration import Calibration
from moderation.detector.evaluation import alterations, beside, confounders, figures, judges
from moderation.detector.evaluation.alterations import Altered
from moderation.detector.evaluation.beside import Beside, Others
from moderation.detector.evaluation.figures import Bin, Interval
from moderation.detector.evaluation.judges import Judge
from moderation.detector.features import FeatureStore, Progress, silent
from moderation.detector.head import Head
from moderation.detector.judgement import Band
from moderation.detector.manifest import Manifest
from moderation.detector.mediums import Medium

FALSE_POSITIVES: Final = (0.005, 0.01, 0.05)


@dataclass(frozen=True)
class Part:
    """Some of the pictures, all human or all generated."""

    name: str
    pictures: int
    score: float
    """Mean probability."""
    signs: Interval
    """The share in the band ``signs_of_generation``."""
    no_sign: Interval
    above: float
    """The share above the score that 1 % of all human works exceed."""


@dataclass(frozen=True)
class Scored:
    """Every picture's score by a judge that had not seen its maker, so that the budget can be checked anew;
    ``n`` entries each, in the order of the list."""

    judges: list[int]
    """Which head and calibration judged it: its fold."""
    generated: list[bool]
    estimated: list[str]
    labelled: list[str]
    """Media; empty where none is known."""
    logits: list[float]
    highest: list[float]
    """Of human works at their highest, as they are or re-saved, by which marks are drawn."""


@dataclass(frozen=True)
class Result:
    """All that was measured."""

    head: str
    calibration: str
    manifest: str
    encoder: str
    strangers: bool
    """Whether the pictures are a list of their own, judged by the installed head. Otherwise they are the
    training list, each picture scored by a head and by thresholds made without its maker."""
    budget: int
    human: int
    generated: int
    overall: dict[str, Interval]
    bands: dict[str, dict[str, float]]
    generators: list[Part]
    collections: list[Part]
    media: list[Part]
    """Human works by the medium they are taken for."""
    media_labelled: list[Part]
    silent: list[str]
    """Media in which the lane says nothing at this budget."""
    alterations: list[Altered]
    confounders: dict[str, float]
    """AUCs that tell how much the shape of files gives away."""
    reliability: list[Bin]
    curve: list[tuple[float, float]]
    """ROC: false and true positive rates."""
    scores: dict[str, list[float]]
    """Probabilities of the human and the generated pictures, ascending."""
    device: str
    """Where features were made that were not on disk yet."""
    scored: Scored
    beside: Beside | None = None

    def as_json(self) -> dict[str, Any]:
        """Numbers to four decimals, which is more than any of them is worth."""
        return {name: _rounded(value) for name, value in asdict(self).items()}


def measure(
    pictures: Manifest,
    store: FeatureStore,
    head: Head,
    calibration: Calibration,
    *,
    budget: int,
    perturbations: Sequence[str] = (),
    perturbed: int = 0,
    others: Others | None = None,
    progress: Progress = silent,
) -> Result:
    """Measure on ``pictures``; alterations on ``perturbed`` of them, and another detector's scores beside.

    Raises ``ManifestError``.
    """
    strangers = head.manifest != pictures.sha256
    rows, generated = pictures.rows, pictures.generated
    whole = store.judged("whole", pictures.files, calibration.crops, progress)
    judge, guarded = (
        (Judge([head], [calibration], np.zeros(len(rows), np.int64)), None)
        if strangers
        else judges.without_makers(pictures, store, calibration.crops, progress)
    )
    everyone = np.arange(len(rows))
    logits = judge.logits(everyone, whole)
    probabilities = judge.probabilities(everyone, logits)
    bands = judge.bands(everyone, whole, budget)
    one_percent = figures.threshold_at(probabilities, generated, 0.01)

    def parts(name_of: Callable[[int], str], among: NDArray[np.bool_]) -> list[Part]:
        names = [name_of(at) if among[at] else "" for at in everyone.tolist()]
        return [
            _part(name, np.flatnonzero(np.array(names) == name), probabilities, bands, one_percent)
            for name, _ in Counter(name for name in names if name).most_common()
        ]

    def altered_by(view: str, among: NDArray[np.int64]) -> Altered:
        return alterations.measure(
            view, among, pictures, store, judge, one_percent=one_percent, budget=budget, progress=progress
        )

    altered = []
    if perturbations:
        chosen = alterations.some(rows, perturbed)
        altered = [altered_by(view, chosen) for view in ("whole", *perturbations)]
        # Of the list that it was trained on, these are on disk for all pictures.
        altered += [] if strangers else [altered_by(view, everyone) for view in training.RECIPE.guards]
    groups = folds.groups_of(rows)
    estimated = [medium for _, medium in bands]
    return Result(
        head=head.sha256,
        calibration=calibration.sha256,
        manifest=pictures.sha256,
        encoder=head.encoder,
        strangers=strangers,
        budget=budget,
        human=int((~generated).sum()),
        generated=int(generated.sum()),
        overall=_overall(probabilities, generated, groups),
        bands={
            side: {
                band.value: float(
                    np.mean([bands[at][0] == band for at in np.flatnonzero(generated == is_it)])
                )
                for band in Band
            }
            for side, is_it in (("human", False), ("generated", True))
        },
        generators=parts(lambda at: rows[at].generator, generated),
        collections=parts(lambda at: rows[at].collection, ~generated),
        media=parts(lambda at: estimated[at], ~generated),
        media_labelled=parts(lambda at: str(rows[at].medium or ""), ~generated),
        silent=[medium.value for medium in Medium if calibration.upper(medium, budget=budget) is None],
        alterations=altered,
        confounders=confounders.measure(
            shapes.sizes(pictures.files),
            shapes.encodings(pictures.files),
            generated,
            folds.split(rows, training.RECIPE.folds),
            probabilities,
        ),
        reliability=figures.reliability(probabilities, generated),
        curve=_curve(probabilities, generated),
        scores={
            "human": sorted(probabilities[~generated].tolist()),
            "generated": sorted(probabilities[generated].tolist()),
        },
        device=store.device,
        scored=Scored(
            judges=judge.of.tolist(),
            generated=generated.tolist(),
            estimated=estimated,
            labelled=[str(row.medium or "") for row in rows],
            logits=logits.tolist(),
            highest=(logits if guarded is None else guarded).tolist(),
        ),
        beside=beside.measure(
            others,
            pictures.files,
            generated,
            groups,
            probabilities,
            np.array([band == Band.SIGNS for band, _medium in bands]),
        )
        if others
        else None,
    )


def _overall(
    probabilities: NDArray[np.float64], generated: NDArray[np.bool_], groups: Sequence[str]
) -> dict[str, Interval]:
    wanted: dict[str, figures.Figure] = {
        "accuracy": figures.accuracy,
        "auc": figures.auc,
        **{f"found_at_{share:.1%}": figures.found_at(share) for share in FALSE_POSITIVES},
        "ece": figures.calibration_error,
    }
    return {
        name: figures.interval(figure, probabilities, generated, groups) for name, figure in wanted.items()
    }


def _part(
    name: str,
    rows: NDArray[np.int64],
    probabilities: NDArray[np.float64],
    bands: list[tuple[Band, str]],
    one_percent: float,
) -> Part:
    counts = Counter(bands[at][0] for at in rows)
    return Part(
        name=name,
        pictures=len(rows),
        score=float(probabilities[rows].mean()),
        signs=figures.share_interval(counts[Band.SIGNS], len(rows)),
        no_sign=figures.share_interval(counts[Band.NO_SIGN], len(rows)),
        above=float((probabilities[rows] > one_percent).mean()),
    )


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {name: _rounded(one) for name, one in value.items()}
    return [_rounded(one) for one in value] if isinstance(value, list | tuple) else value


def _curve(probabilities: NDArray[np.float64], generated: NDArray[np.bool_]) -> list[tuple[float, float]]:
    human = np.sort(probabilities[~generated])
    marks = np.concatenate([[1.0], human[::-1], [-1.0]])
    return [(float((human > mark).mean()), float((probabilities[generated] > mark).mean())) for mark in marks]
