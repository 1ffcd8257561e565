"""Organizations, contests, entries and what entrants state about them."""

from submissions.models.append_only import APPEND_ONLY
from submissions.models.chain import (
    ERASED,
    WORDS,
    Chained,
    ErasedBy,
    Erasure,
    Link,
    PublishedHead,
    only_erased,
)
from submissions.models.contests import Category, CategoryKind, Contest, ContestQuerySet, PolicyVersion
from submissions.models.entries import (
    Artwork,
    CredentialLabel,
    Entry,
    HashChange,
    ProcessFile,
    ProcessRole,
    original_path,
    picture_path,
)
from submissions.models.overrules import Overrule, Overruled
from submissions.models.people import Membership, Organization, Role, User, UserManager, validate_time_zone
from submissions.models.previews import EvidenceKind, ProcessPreview
from submissions.models.record import Move, Notice, NoticeKind
from submissions.models.statements import (
    Cloak,
    DisclosedTool,
    Disclosure,
    LicenceClass,
    Medium,
    Purpose,
    TrainingItem,
)
from submissions.models.trials import Answer, DryRun, FileReading, TrialAnswer

__all__ = [
    "APPEND_ONLY",
    "ERASED",
    "WORDS",
    "Answer",
    "Artwork",
    "Category",
    "CategoryKind",
    "Chained",
    "Cloak",
    "Contest",
    "ContestQuerySet",
    "CredentialLabel",
    "DisclosedTool",
    "Disclosure",
    "DryRun",
    "Entry",
    "ErasedBy",
    "Erasure",
    "EvidenceKind",
    "FileReading",
    "HashChange",
    "LicenceClass",
    "Link",
    "Medium",
    "Membership",
    "Move",
    "Notice",
    "NoticeKind",
    "Organization",
    "Overrule",
    "Overruled",
    "PolicyVersion",
    "ProcessFile",
    "ProcessPreview",
    "ProcessRole",
    "PublishedHead",
    "Purpose",
    "Role",
    "TrainingItem",
    "TrialAnswer",
    "User",
    "UserManager",
    "only_erased",
    "original_path",
    "picture_path",
    "validate_time_zone",
]
