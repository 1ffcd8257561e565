"""What the desk saw, concluded and decided about entries, and where registered works were seen."""

from moderation.models.cases import Case, CaseQuerySet, Decision, Ground
from moderation.models.credentials import NameConsent, SignedCopy, SignedCopyQuerySet, TrustedAuthority
from moderation.models.drafts import DraftEnd, RulesDraft, RulesDraftQuerySet, ShadowVerdict
from moderation.models.estimates import KnownMaking, LaneSilence, Making, MediumCorrection
from moderation.models.screenings import (
    REJECTION_LANES,
    CheckResult,
    CheckRun,
    Screening,
    ScreeningQuerySet,
    Verdict,
)
from moderation.models.sightings import ArtworkLooks, LedgerLine, Recheck, Sighting

__all__ = [
    "REJECTION_LANES",
    "ArtworkLooks",
    "Case",
    "CaseQuerySet",
    "CheckResult",
    "CheckRun",
    "Decision",
    "DraftEnd",
    "Ground",
    "KnownMaking",
    "LaneSilence",
    "LedgerLine",
    "Making",
    "MediumCorrection",
    "NameConsent",
    "Recheck",
    "RulesDraft",
    "RulesDraftQuerySet",
    "Screening",
    "ScreeningQuerySet",
    "ShadowVerdict",
    "Sighting",
    "SignedCopy",
    "SignedCopyQuerySet",
    "TrustedAuthority",
    "Verdict",
]
