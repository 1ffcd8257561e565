"""The verbs of the registry: take a work in, read it, take it out, find it again."""

from matching.live import RegistryUnavailable
from matching.registry.embedding import embed, embed_all, limits
from matching.registry.examining import examine
from matching.registry.keeping import (
    Refused,
    amend,
    erase,
    nudge,
    register,
    retry,
    send,
    too_large,
    withdraw,
)
from matching.registry.lookup import Match, Matches, compare, match
from matching.registry.standing import Standing, standing

__all__ = [
    "Match",
    "Matches",
    "Refused",
    "RegistryUnavailable",
    "Standing",
    "amend",
    "compare",
    "embed",
    "embed_all",
    "erase",
    "examine",
    "limits",
    "match",
    "nudge",
    "register",
    "retry",
    "send",
    "standing",
    "too_large",
    "withdraw",
]
