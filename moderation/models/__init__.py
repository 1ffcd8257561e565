"""What the desk saw, concluded and decided about entries, and where registered works were seen."""

from moderation.models.appeals import Appeal, AppealEnd, AppealOutcome, AppealQuerySet
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
from moderation.models.closings import CategoryClosing, Waiver
from moderation.models.credentials import NameConsent, SignedCopy, SignedCopyQuerySet, TrustedAuthority
from moderation.models.drafts import DraftEnd, RulesDraft, RulesDraftQuerySet, ShadowVerdict
from moderation.models.estimates import KnownMaking, LaneSilence, Making, MediumCorrection
from moderation.models.exercises import Exercise, GoldenCase, Reading
from moderation.models.filters import SavedFilter
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
from moderation.models.working import (
    CannedReason,
    CaseLock,
    CaseNote,
    DeskView,
    Guess,
    Impression,
    Mention,
    NoteKind,
    desk_view,
)

__all__ = [
    "NAMED",
    "REJECTION_LANES",
    "Absence",
    "Acquaintance",
    "AnswerKind",
    "Appeal",
    "AppealEnd",
    "AppealOutcome",
    "AppealQuerySet",
    "ArtworkLooks",
    "CannedReason",
    "Case",
    "CaseKind",
    "CaseLock",
    "CaseNote",
    "CaseQuerySet",
    "CategoryClosing",
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
    "DeskView",
    "Dismissal",
    "DraftEnd",
    "Exercise",
    "GoldenCase",
    "Ground",
    "Guess",
    "Impression",
    "Interest",
    "InterestSource",
    "KnownMaking",
    "LaneSilence",
    "LedgerLine",
    "Making",
    "MediumCorrection",
    "Mention",
    "NameConsent",
    "NoteKind",
    "Opinion",
    "Reading",
    "Recheck",
    "ReviewSettings",
    "RulesDraft",
    "RulesDraftQuerySet",
    "SavedFilter",
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
    "Waiver",
    "desk_view",
    "review_settings",
]
