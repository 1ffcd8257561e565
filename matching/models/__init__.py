"""The registry: artists, the works they want protected, and what proves that they are theirs."""

from matching.models.artists import ApiToken, Artist, ArtistQuerySet, Keeps
from matching.models.conflicts import Answer, Conflict, ConflictOutcome
from matching.models.imports import Import, ImportKind, ImportState, import_path
from matching.models.proofs import Grade, Proof, ProofKind, ProofState, Quarantine, QuarantineReason
from matching.models.styles import PortfolioStyle, StyleFollowed
from matching.models.terms import OnMatch, Terms
from matching.models.works import (
    Change,
    CoOwner,
    Failure,
    Work,
    WorkQuerySet,
    WorkState,
    WorkVector,
    folder_of,
    original_path,
    picture_path,
)

__all__ = [
    "Answer",
    "ApiToken",
    "Artist",
    "ArtistQuerySet",
    "Change",
    "CoOwner",
    "Conflict",
    "ConflictOutcome",
    "Failure",
    "Grade",
    "Import",
    "ImportKind",
    "ImportState",
    "Keeps",
    "OnMatch",
    "PortfolioStyle",
    "Proof",
    "ProofKind",
    "ProofState",
    "Quarantine",
    "QuarantineReason",
    "StyleFollowed",
    "Terms",
    "Work",
    "WorkQuerySet",
    "WorkState",
    "WorkVector",
    "folder_of",
    "import_path",  # where files go; migrations name it
    "original_path",
    "picture_path",
]
