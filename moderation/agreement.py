"""How far two readers agree, and how that changes over time. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from moderation.detector.evaluation.figures import Interval, share_interval

TIMES = 1000
Pair = tuple[str, str]


def kappa(pairs: Sequence[Pair]) -> float | None:
    """Cohen's kappa: agreement beyond that of chance, 1 at most. None without pairs, and where both always
    gave one and the same answer: chance alone explains that."""
    if not pairs:
        return None
    names = sorted({one for pair in pairs for one in pair})
    at = {name: index for index, name in enumerate(names)}
    table = np.zeros((len(names), len(names)))
    for first, second in pairs:
        table[at[first], at[second]] += 1
    table /= len(pairs)
    by_chance = float(table.sum(axis=1) @ table.sum(axis=0))
    return None if by_chance >= 1 - 1e-12 else (float(np.trace(table)) - by_chance) / (1 - by_chance)


def kappa_interval(pairs: Sequence[Pair]) -> Interval | None:
    """Kappa and the middle 95 % of what resampling the pairs gives for it.

    None too where one side gave one answer throughout: kappa is 0 then whatever the other says, and every
    resampling would agree with a certainty that is none.
    """
    value = kappa(pairs)
    if value is None or min(len(set(side)) for side in zip(*pairs, strict=True)) < 2:
        return None
    draw = np.random.default_rng(0)
    rows = draw.integers(0, len(pairs), (TIMES, len(pairs)))
    found = [one for some in rows if (one := kappa([pairs[at] for at in some])) is not None]
    low, high = np.quantile(found, [0.025, 0.975])
    return Interval(value, float(low), float(high))


@dataclass(frozen=True)
class Share:
    """So many of so many answers were as expected."""

    right: int
    total: int

    @property
    def interval(self) -> Interval:
        return share_interval(self.right, self.total)


@dataclass(frozen=True)
class Month:
    month: date
    share: Share


def by_month(answers: Iterable[tuple[date, bool]]) -> list[Month]:
    """Agreement by month of the answer, earliest first; months without answers are left out."""
    found: dict[date, list[bool]] = defaultdict(list)
    for day, agrees in answers:
        found[day.replace(day=1)].append(agrees)
    return [Month(month, Share(sum(all_), len(all_))) for month, all_ in sorted(found.items())]
