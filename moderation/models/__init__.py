"""What the desk saw, concluded and decided about entries, and where registered works were seen."""

from moderation.models.cases import (
    Case,
    CaseKind,
    CaseQuerySet,
    Decision,
    DecisionQuerySet,
    Ground,
    Undoing,
)
from moderation.models.credentials import NameConsent, SignedCopy, SignedCopyQuerySet, TrustedAuthority
from moderation.models.drafts import DraftEnd, RulesDraft, RulesDraftQuerySet, ShadowVerdict
from moderation.models.estimates import KnownMaking, LaneSilence, Making, MediumCorrection
from moderation.models.exercises import Exercise, GoldenCase, Reading
from moderation.models.panel import (
    NAMED,
    Absence,
    Acquaintance,
    Dismissal,
    Interest,
    InterestSource,
    Opinion,
    Unveiling,
)
from moderation.models.reviewing import ReviewSettings, review_settings
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
    "NAMED",
    "REJECTION_LANES",
    "Absence",
    "Acquaintance",
    "ArtworkLooks",
    "Case",
    "CaseKind",
    "CaseQuerySet",
    "CheckResult",
    "CheckRun",
    "Decision",
    "DecisionQuerySet",
    "Dismissal",
    "DraftEnd",
    "Exercise",
    "GoldenCase",
    "Ground",
    "Interest",
    "InterestSource",
    "KnownMaking",
    "LaneSilence",
    "LedgerLine",
    "Making",
    "MediumCorrection",
    "NameConsent",
    "Opinion",
    "Reading",
    "Recheck",
    "ReviewSettings",
    "RulesDraft",
    "RulesDraftQuerySet",
    "Screening",
    "ScreeningQuerySet",
    "ShadowVerdict",
    "Sighting",
    "SignedCopy",
    "SignedCopyQuerySet",
    "TrustedAuthority",
    "Undoing",
    "Unveiling",
    "Verdict",
    "review_settings",
]
