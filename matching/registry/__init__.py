"""The verbs of the registry: take a work in, read it, take it out, find it again."""

from matching.live import RegistryUnavailable
from matching.registry.embedding import embed, embed_all, limits
from matching.registry.keeping import Refused, amend, nudge, register, retry, send, too_large, withdraw
from matching.registry.lookup import Match, Matches, match

__all__ = [
    "Match",
    "Matches",
    "Refused",
    "RegistryUnavailable",
    "amend",
    "embed",
    "embed_all",
    "limits",
    "match",
    "nudge",
    "register",
    "retry",
    "send",
    "too_large",
    "withdraw",
]
