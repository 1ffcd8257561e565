"""Split labelled pictures so that nothing of one maker lies on both sides."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from moderation.detector.manifest import Labelled


def groups_of(rows: Sequence[Labelled]) -> list[str]:
    """A name for each row; rows that share a generator or its source, or an artist, have the same.

    Pictures of one source share prompts and treatment, even those of two generators.
    """
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while parent.setdefault(name, name) != name:
            name = parent[name]
        return name

    names = []
    for row in rows:
        if row.generated:
            name = f"generator {_plain(row.generator)}"
            if row.source:
                parent[root(f"source {row.source}")] = root(name)
        else:
            name = f"collection {_plain(row.collection)}"
        names.append(name)
    return [root(name) for name in names]


def split(rows: Sequence[Labelled], count: int, seed: int = 0) -> NDArray[np.int64]:
    """``[n]``: the fold, from 0 to ``count - 1``, of each row; groups stay whole.

    Large groups are dealt first, each to the fold that has least of its class and kind.
    """
    groups = groups_of(rows)
    members = Counter(groups)
    kinds = {
        group: (row.generated, row.family if row.generated else row.style)
        for group, row in zip(groups, rows, strict=True)
    }
    draw = np.random.default_rng(seed)
    order = sorted(members, key=lambda group: (-members[group], group))
    of_class: dict[bool, NDArray[np.float64]] = defaultdict(lambda: np.zeros(count))
    of_kind: dict[tuple[bool, str], NDArray[np.float64]] = defaultdict(lambda: np.zeros(count))
    fold_of: dict[str, int] = {}
    for group in order:
        kind = kinds[group]
        burden = of_class[kind[0]] + 3 * of_kind[kind] + draw.random(count) * 1e-3
        fold = int(burden.argmin())
        fold_of[group] = fold
        of_class[kind[0]][fold] += members[group]
        of_kind[kind][fold] += members[group]
    return np.array([fold_of[group] for group in groups], dtype=np.int64)


def _plain(name: str) -> str:
    """One artist is spelled in several ways: ``AJ_Ashton``, ``A.J._Ashton``."""
    return re.sub(r"[\W_]", "", name).lower()
