"""What a file of process evidence is, by its own bytes: its layers, a small picture, how long it runs.

Bytes in, values out: no Django, no network, bounded memory. For workers: the bytes are a stranger's.
"""

from submissions.evidence.reading import read
from submissions.evidence.values import DamagedEvidence, Evidence, Kind, Layer, readable

__all__ = ["DamagedEvidence", "Evidence", "Kind", "Layer", "read", "readable"]
