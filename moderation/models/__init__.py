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
from moderation.models.claims import (
    AnswerKind,
    Claim,
    ClaimAnswer,
    ClaimEnd,
    ClaimErasure,
    ClaimQuerySet,
    ClaimSuspension,
)
from moderation.models.claims import Outcome as ClaimOutcome
from moderation.models.credentials import NameConsent, SignedCopy, SignedCopyQuerySet, TrustedAuthority
from moderation.models.drafts import DraftEnd, RulesDraft, RulesDraftQuerySet, ShadowVerdict
from moderation.models.estimates import KnownMaking, LaneSilence, Making, MediumCorrection
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
    "REJECTION_LANES",
    "AnswerKind",
    "ArtworkLooks",
    "Case",
    "CaseKind",
    "CaseQuerySet",
    "CheckResult",
    "CheckRun",
    "Claim",
    "ClaimAnswer",
    "ClaimEnd",
    "ClaimErasure",
    "ClaimOutcome",
    "ClaimQuerySet",
    "ClaimSuspension",
    "Decision",
    "DecisionQuerySet",
    "DraftEnd",
    "Ground",
    "KnownMaking",
    "LaneSilence",
    "LedgerLine",
    "Making",
    "MediumCorrection",
    "NameConsent",
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
    "Verdict",
    "review_settings",
]
