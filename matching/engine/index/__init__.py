"""Nearest vectors by cosine and nearest hashes by bits, fresh with every insert and withdrawal.

Three layers, from the small to the large:

- ``Index`` is what a process asks: an immutable base, what changed since, and what is gone.
- ``Snapshot`` is the usual base: checksummed files, memory-mapped, shared by all processes of a machine.
  ``MilvusBase`` is another one, for more than a machine holds.
- ``fold`` and ``Builder`` make the next snapshot: of the last one and its changes, or of everything.

Vectors of different encoders are never compared: a base names its encoder.
"""

from matching.engine.index.build import Builder, Source
from matching.engine.index.index import Base, Hit, Index, Near
from matching.engine.index.parts import EXACT_BELOW
from matching.engine.index.rows import Rows, unit_rows
from matching.engine.index.snapshot import (
    SNAPSHOT,
    Snapshot,
    SnapshotError,
    SnapshotMissing,
    SnapshotTorn,
    SnapshotWrongModel,
    fold,
    read_manifest,
)

__all__ = [
    "EXACT_BELOW",
    "SNAPSHOT",
    "Base",
    "Builder",
    "Hit",
    "Index",
    "Near",
    "Rows",
    "Snapshot",
    "SnapshotError",
    "SnapshotMissing",
    "SnapshotTorn",
    "SnapshotWrongModel",
    "Source",
    "fold",
    "read_manifest",
    "unit_rows",
]
