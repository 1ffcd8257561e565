"""Draw what was measured, as SVG files."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from moderation.detector.evaluation.measure import Part, Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def draw(result: Result, folder: Path) -> list[Path]:
    """Write the plots into ``folder``, made where it is missing; returns their files."""
    import matplotlib as mpl  # noqa: PLC0415 -- slow import

    # Without a fixed salt and date, the same plot would be another file every time.
    mpl.rcParams["svg.hashsalt"] = "vernissage"
    from matplotlib.figure import Figure  # noqa: PLC0415 -- slow import

    folder.mkdir(parents=True, exist_ok=True)
    drawings = {
        "roc": _roc,
        "reliability": _reliability,
        "scores": _scores,
        "generators": _generators,
        "media": _media,
        "alterations": _alterations,
    }
    files = []
    for name, drawing in drawings.items():
        figure: Any = Figure(figsize=(6, 4.5), layout="constrained")
        drawing(result, figure.add_subplot())
        file = folder / f"{name}.svg"
        figure.savefig(file, metadata={"Date": None})
        files.append(file)
    return files


def _roc(result: Result, axes: "Axes") -> None:
    axes.step([false for false, _ in result.curve], [found for _, found in result.curve], where="post")
    axes.set(
        xlim=(0, 1),
        ylim=(0, 1),
        xlabel="human works above the threshold",
        ylabel="generated pictures above the threshold",
        title=f"AUC {result.overall['auc'].value:.3f}",
    )
    # The false accusations that matter are the first few.
    axes.set_xscale("symlog", linthresh=0.01)
    axes.grid(visible=True, alpha=0.3)


def _reliability(result: Result, axes: "Axes") -> None:
    axes.plot([0, 1], [0, 1], color="grey", linewidth=1)
    stated, seen = [one.stated for one in result.reliability], [one.seen for one in result.reliability]
    axes.plot(stated, seen)
    axes.scatter(stated, seen, s=[600 * one.share for one in result.reliability])
    axes.set(
        xlabel="stated probability",
        ylabel="share that is generated",
        title=f"ECE {result.overall['ece'].value:.3f}",
    )


def _scores(result: Result, axes: "Axes") -> None:
    for side, scores in result.scores.items():
        axes.hist(scores, bins=40, range=(0, 1), alpha=0.6, label=side)
    axes.set(yscale="log", xlabel="probability of being generated", ylabel="pictures")
    axes.legend()


def _generators(result: Result, axes: "Axes") -> None:
    parts = [part for part in result.generators if part.pictures >= 5]
    _bars(parts, [part.above for part in parts], axes, "found at 1 % false positives")


def _media(result: Result, axes: "Axes") -> None:
    _bars(result.media, [part.signs.value for part in result.media], axes, "human works held")
    axes.axvline(result.budget / 1000, color="grey", linewidth=1)


def _alterations(result: Result, axes: "Axes") -> None:
    axes.barh([one.name for one in result.alterations], [one.held.value for one in result.alterations])
    axes.invert_yaxis()
    axes.axvline(result.budget / 1000, color="grey", linewidth=1)
    axes.set(xlabel="human works held, altered")


def _bars(parts: list[Part], values: list[float], axes: "Axes", label: str) -> None:
    axes.barh([f"{part.name} ({part.pictures})" for part in parts], values)
    axes.invert_yaxis()
    axes.set(xlabel=label)
