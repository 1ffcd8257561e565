"""What was measured, as tables that read well on a terminal and in Markdown."""

from collections.abc import Iterable, Sequence

from moderation.detector.evaluation.ablation import Row
from moderation.detector.evaluation.beside import Beside
from moderation.detector.evaluation.figures import Interval
from moderation.detector.evaluation.measure import Part, Result

_WORDS = {
    "accuracy": "accuracy at probability 0.5",
    "auc": "AUC",
    "found_at_0.5%": "found at 0.5 % false positives",
    "found_at_1.0%": "found at 1 % false positives",
    "found_at_5.0%": "found at 5 % false positives",
    "ece": "calibration error (ECE)",
}


def tables(result: Result) -> str:
    """All tables of a measurement, with headings."""
    whose = (
        "a list of its own, judged by the installed head"
        if result.strangers
        else "the training list, every picture judged by a head and thresholds made without its maker"
    )
    parts = [
        f"{result.human} human and {result.generated} generated pictures: {whose}.",
        f"Head {result.head[:12]}, calibration {result.calibration[:12]}, encoder {result.encoder},"
        f" list {result.manifest[:12]}, on {result.device}.",
        _heading("Overall", _overall(result)),
        _heading(f"Bands, {result.budget} of 1,000 human works to be held at most", _bands(result)),
        _heading("Human works by estimated medium", _parts(result.media, "medium")),
        _heading("Human works by labelled medium", _parts(result.media_labelled, "medium")),
        f"Silent at this budget: {', '.join(result.silent) or 'none'}.",
        _heading("Generators", _parts(result.generators, "generator")),
        _heading("Human collections", _parts(result.collections, "collection")),
        _heading("Alterations", _alterations(result)),
        _heading(
            "What the shape of files gives away",
            _table(["", "AUC"], ([name, f"{auc:.3f}"] for name, auc in result.confounders.items())),
        ),
    ]
    if result.beside:
        parts.append(_heading(f"Beside {result.beside.name}", _beside(result.beside)))
    return "\n\n".join(parts)


def ablation(rows: Sequence[Row]) -> str:
    """The table of what was tried."""
    heads = ["variant", "AUC (95 %)", "found at 1 % / 5 %", "AUC, re-saved", "passes"]
    cells = (
        [
            row.name,
            f"{row.auc.value:.3f} ({_span(row.auc, 3)})",
            f"{row.found_one:.2f} / {row.found_five:.2f}",
            "" if row.altered is None else f"{row.altered:.3f}",
            str(row.passes),
        ]
        for row in rows
    )
    return _table(heads, cells)


def _heading(title: str, body: str) -> str:
    return f"### {title}\n\n{body}"


def _overall(result: Result) -> str:
    rows = ([_WORDS[name], f"{one.value:.3f}", _span(one, 3)] for name, one in result.overall.items())
    return _table(["figure", "value", "95 % interval"], rows)


def _bands(result: Result) -> str:
    names = list(result.bands["human"])
    rows = ([side, *(_percent(bands[name]) for name in names)] for side, bands in result.bands.items())
    return _table(["pictures", *names], rows)


def _parts(parts: Sequence[Part], what: str) -> str:
    rows = (
        [
            part.name,
            str(part.pictures),
            f"{part.score:.2f}",
            f"{_percent(part.signs.value)} ({_span(part.signs, 2)})",
            _percent(part.no_sign.value),
            _percent(part.above),
        ]
        for part in parts
    )
    return _table([what, "pictures", "mean score", "signs (95 %)", "no sign", "above the 1 % score"], rows)


def _alterations(result: Result) -> str:
    rows = (
        [
            one.name,
            f"{one.human} + {one.generated}",
            f"{one.auc:.3f}",
            _percent(one.found),
            f"{_percent(one.false.value)} ({_span(one.false, 3)})",
            f"{_percent(one.held.value)} ({_span(one.held, 3)})",
        ]
        for one in result.alterations
    )
    heads = ["view", "human + generated", "AUC", "found", "false", "human works held"]
    return (
        _table(heads, rows) + "\n\nFound and false: above the score that 1 % of unaltered human works exceed."
    )


def _beside(both: Beside) -> str:
    def row(name: str, measured: dict[str, Interval], called: Interval | None) -> list[str]:
        said = f"{_percent(called.value)} ({_span(called, 3)})" if called else ""
        return [name, *(f"{one.value:.3f} ({_span(one, 3)})" for one in measured.values()), said]

    heads = ["detector", *(_WORDS[name] for name in both.ours), "human works called generated"]
    rows = [
        row("this one", both.ours, both.ours_called),
        row(both.name, both.theirs, both.theirs_called),
    ]
    return f"{both.human} human and {both.generated} generated pictures.\n\n{_table(heads, rows)}"


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _span(one: Interval, digits: int) -> str:
    return f"{one.low:.{digits}f}–{one.high:.{digits}f}"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
