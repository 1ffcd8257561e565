"""What a case is about: which questions its verdict leaves open, and how heavy the heaviest is."""

from collections.abc import Iterable, Mapping

from moderation.wording import codes_under

# The reasons of a verdict by the topic they belong to, each in one. Whatever changes here changes the rows of
# cases that are open: a migration says so.
REASONS: Mapping[str, tuple[str, ...]] = {
    "contradictions": (
        *codes_under("statement."),
        "provenance.tampered",
        "provenance.tampered_ingredient",
        "provenance.laundered",
    ),
    "copies": ("copy.verified",),
    "signs": ("synthetic.signs_of_generation", "synthetic.cloaked"),
    "before": ("duplicate.same_file", "duplicate.same_picture"),
    "unchecked": (
        *codes_under("check."),
        "file.not_a_picture",
        "file.too_large",
        "file.damaged",
        "provenance.malformed",
        "provenance.unreadable",
        "duplicate.not_compared",
        "copy.not_compared",
        "copy.registry_unavailable",
        "synthetic.not_looked",
    ),
}
RULES = "rules"
"""The topic of a verdict that names none of these: the contest wants a person to decide such entries."""

HEAVIEST = 3
_OF_RULE = {rule: topic for topic, rules in REASONS.items() for rule in rules}
_WEIGHTS = {"copies": HEAVIEST, "contradictions": 2, "before": 2, "signs": 1, "unchecked": 1, RULES: 0}


def topics(reasons: Iterable[Mapping[str, object]]) -> list[str]:
    """The topics of a verdict's stored ``reasons``, in the order of ``REASONS``."""
    spoken = {_OF_RULE.get(str(reason["rule"])) for reason in reasons}
    return [topic for topic in REASONS if topic in spoken] or [RULES]


def severity(reasons: Iterable[Mapping[str, object]]) -> int:
    """0 to ``HEAVIEST``: of the heaviest topic. A plain contradiction weighs as much as a copy."""
    reasons = list(reasons)
    data = [reason.get("data") for reason in reasons]
    grave = any(isinstance(told, Mapping) and told.get("severity") == "grave" for told in data)
    return HEAVIEST if grave else max(_WEIGHTS[topic] for topic in topics(reasons))
