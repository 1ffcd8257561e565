"""Organizations, contests, entries and what entrants state about them."""

from submissions.models.append_only import APPEND_ONLY
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
from submissions.models.record import Move, Notice, NoticeKind
from submissions.models.statements import (
    Cloak,
    DisclosedTool,
    Disclosure,
    LicenceClass,
    Medium,
    Purpose,
)

__all__ = [
    "APPEND_ONLY",
    "Artwork",
    "Category",
    "CategoryKind",
    "Cloak",
    "Contest",
    "ContestQuerySet",
    "CredentialLabel",
    "DisclosedTool",
    "Disclosure",
    "Entry",
    "HashChange",
    "LicenceClass",
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
    "ProcessRole",
    "Purpose",
    "Role",
    "User",
    "UserManager",
    "original_path",
    "picture_path",
    "validate_time_zone",
]
