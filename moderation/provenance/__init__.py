"""What a file says about where it comes from: Content Credentials (C2PA) and traces that generators leave.

Bytes in, values out: no Django, no network, bounded memory. Words are explained in docs/provenance.md.
"""

from moderation.provenance.captures import Capture, read_capture
from moderation.provenance.judging import read, read_with_pictures
from moderation.provenance.library import sdk_version
from moderation.provenance.sniffing import media_type
from moderation.provenance.traces import read_traces
from moderation.provenance.trust import TrustList, TrustListError, TrustLists
from moderation.provenance.values import (
    Action,
    Evidence,
    Integrity,
    Label,
    ManifestNode,
    Meaning,
    Origin,
    Provenance,
    Reading,
    Signer,
    Trace,
    Training,
    Use,
    label_of,
)

VERSION = f"1 c2pa {sdk_version()}"  # judging version, then the library's: a finding names both

__all__ = [
    "VERSION",
    "Action",
    "Capture",
    "Evidence",
    "Integrity",
    "Label",
    "ManifestNode",
    "Meaning",
    "Origin",
    "Provenance",
    "Reading",
    "Signer",
    "Trace",
    "Training",
    "TrustList",
    "TrustListError",
    "TrustLists",
    "Use",
    "label_of",
    "media_type",
    "read",
    "read_capture",
    "read_traces",
    "read_with_pictures",
]
