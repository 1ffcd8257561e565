"""What a page shows of a screening: findings by lane, each with the evidence a person can look at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import groupby
from typing import Any

from django.utils.text import capfirst

from moderation import wording
from moderation.blind import Veil
from moderation.credentials.copies import latest_reading
from moderation.detector import Medium
from moderation.estimates.knowing import corrected
from moderation.estimates.shown import Estimate
from moderation.models import CheckResult, Screening
from moderation.models.sightings import MATCH_CODES
from moderation.provenance import label_of
from moderation.reasons import rests_on_estimate
from moderation.verdicts import Lane, Outcome
from moderation.wording import labels, proving
from moderation.wording.facts import tool
from submissions.models import Artwork, CredentialLabel, Entry, User

# The order in which a person reads: what weighs most comes first.
READING_ORDER = (Lane.STATEMENT, Lane.PROVENANCE, Lane.COPY, Lane.SYNTHETIC, Lane.STYLE, Lane.FILE)
DRAWN = 1000  # outlines are drawn on a canvas of this side, stretched over the picture


@dataclass(frozen=True)
class Shown:
    """One finding on a page."""

    result: CheckResult
    artwork: Artwork | None
    other: Entry | None = None  # an earlier entry with the same picture, where the reader may see it
    named: Medium | None = None  # the picture's medium, where a reviewer has corrected it

    @property
    def check(self) -> str:
        return self.result.check_name

    @property
    def data(self) -> Mapping[str, Any]:
        data: Mapping[str, Any] = self.result.data
        return data

    @property
    def title(self) -> str:
        return wording.title(self.result.code)

    @property
    def sentence(self) -> str:
        return wording.to_reviewer(self.result.code, self.data)

    @property
    def sentence_to_entrant(self) -> str:
        return wording.to_entrant(self.result.code, self.data)

    @property
    def outcome(self) -> str:
        return labels.label(labels.OUTCOMES, self.result.outcome)

    @property
    def speaks(self) -> bool:
        return self.result.outcome != Outcome.CLEAR

    @property
    def versions(self) -> Mapping[str, str]:
        versions: Mapping[str, str] = self.result.versions
        return versions

    @property
    def severity(self) -> str:
        """How much a contradiction weighs. One of an earlier version says nothing of it: a doubt."""
        return str(self.data.get("severity") or "doubt")

    @property
    def rests_on(self) -> list[tuple[str, str]]:
        """The lanes in which a reviewer finds what a contradiction rests on."""
        return [(lane, labels.label(labels.LANES, lane)) for lane in _listed(self.data.get("evidence"))]

    # Copies

    @property
    def is_match(self) -> bool:
        return self.result.code in MATCH_CODES

    @property
    def outline(self) -> str:
        return "" if self._by_hash else _points(self.data.get("region"))

    @property
    def work_outline(self) -> str:
        return "" if self._by_hash else _points(self.data.get("work_region"))

    @property
    def _by_hash(self) -> bool:
        """Whether the whole picture's hash proved it: what geometry tried and failed is not drawn."""
        return self.way == proving.Way.HASH

    @property
    def way(self) -> proving.Way:
        return proving.way(self.data)

    @property
    def how(self) -> str:
        return proving.how(self.data)

    @property
    def can_be_laid(self) -> bool:
        """Whether the work can be drawn over the entry. Findings of earlier versions do not know how."""
        known = self._by_hash or self.data.get("view")
        return bool(self.result.pk and self.is_match and self.artwork and known)

    @property
    def wish(self) -> str:
        if self.data.get("exempt"):
            return labels.label(labels.EXEMPTIONS, self.data["exempt"])
        wish = labels.label(labels.WISHES, self.data.get("on_match", ""))
        percent = self.data.get("share_percent")
        return f"{wish} ({percent} %)" if percent else wish

    @property
    def proof(self) -> str:
        return labels.label(labels.GRADES, self.data["grade"]) if self.data.get("grade") else ""

    @property
    def doubts(self) -> list[str]:
        return [labels.label(labels.DOUBTS, doubt) for doubt in _listed(self.data.get("doubts"))]

    # Style

    @property
    def is_resemblance(self) -> bool:
        return self.result.code == "style.resembles"

    # Content Credentials

    @cached_property
    def answers(self) -> list[tuple[str, str]]:
        """Integrity, origin and signer in words: three answers that say nothing of each other."""
        return [
            (name, capfirst(labels.label(words, self.data[name])))
            for name, words in (
                ("integrity", labels.INTEGRITY),
                ("origin", labels.ORIGIN),
                ("signer", labels.SIGNER),
            )
            if self.data.get(name)
        ]

    @property
    def flags(self) -> list[str]:
        return [
            str(labels.FLAGS[flag])
            for flag in map(str, _listed(self.data.get("flags")))
            if flag in labels.FLAGS
        ]

    @property
    def label(self) -> str:
        """The one neutral word (level 1), or nothing. Findings of earlier versions have none of their own."""
        data = self.data
        origin, integrity = str(data.get("origin")), str(data.get("integrity"))
        found = label_of(integrity, origin, vouched=bool(data.get("vouched")))
        return str(CredentialLabel(found).label) if found else ""

    @property
    def tool(self) -> str:
        return tool(str(self.data.get("generator") or ""))

    @property
    def signed_at(self) -> datetime | None:
        try:
            return datetime.fromisoformat(str(self.data.get("signed_at")))
        except ValueError:
            return None

    @cached_property
    def tree(self) -> "Node | None":
        return _node(self.data.get("manifests"))

    # Traces

    @cached_property
    def traces(self) -> list[dict[str, str]]:
        found = self.data.get("traces")
        return (
            [_trace(trace) for trace in found if isinstance(trace, dict)] if isinstance(found, list) else []
        )

    # Signs of generation

    @property
    def is_estimate(self) -> bool:
        says = self.result.code not in ("synthetic.second_opinion", "synthetic.not_looked")
        return self.check == "synthetic" and says and self.result.score is not None

    @cached_property
    def estimate(self) -> Estimate:
        return Estimate(self.result, self.named)

    @property
    def percent(self) -> str:
        return wording.share(self.result.score)

    @property
    def band(self) -> str:
        return labels.label(labels.BANDS, self.data.get("band", ""))

    @property
    def medium(self) -> str:
        return labels.label(labels.MEDIUMS, self.data.get("medium", ""))

    @property
    def scale(self) -> "Scale":
        return Scale(self.result.score or 0, self.data.get("no_sign_below"), self.data.get("signs_above"))


@dataclass(frozen=True)
class Scale:
    """The estimate on a line from 0 to 1 with the two marks; x in hundredths of the line."""

    score: float
    lower: float | None
    upper: float | None

    @property
    def at(self) -> str:
        return _hundredths(self.score)

    @property
    def lower_at(self) -> str:
        return _hundredths(self.lower)

    @property
    def upper_at(self) -> str:
        return _hundredths(self.upper)


def _hundredths(share: object) -> str:
    return f"{min(max(share, 0), 1) * 100:.1f}" if isinstance(share, int | float) else ""


@dataclass(frozen=True)
class Node:
    """A manifest of the provenance tree, in words."""

    title: str
    relationship: str
    generator: str
    signer: str
    signed_at: str
    steps: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()
    picture: str = ""  # key of the ingredient's thumbnail, as we encoded it
    children: tuple["Node", ...] = ()

    @property
    def opens_children(self) -> bool:
        """Whether what lies below is unfolded at once: what was taken in directly, and few of them."""
        return not self.relationship and len(self.children) <= 6


@dataclass
class LaneShown:
    """A lane's findings, those that say something first."""

    lane: Lane
    findings: list[Shown] = field(default_factory=list)

    @property
    def title(self) -> str:
        return labels.label(labels.LANES, self.lane)

    @property
    def speaks(self) -> bool:
        return any(shown.speaks for shown in self.findings)

    @property
    def leads(self) -> bool:
        """Whether it is shown before anything else: two pictures side by side settle most copies."""
        return self.lane == Lane.COPY and self.speaks


@dataclass(frozen=True)
class Contradictions:
    """The contradictions of one weight."""

    severity: str
    findings: tuple[Shown, ...]

    @property
    def title(self) -> str:
        return labels.label(labels.SEVERITIES, self.severity)


def contradictions(shown: Sequence[LaneShown]) -> list[Contradictions]:
    """What the check of the statement found, the heaviest first."""
    found = [one for lane in shown if lane.lane == Lane.STATEMENT for one in lane.findings if one.speaks]
    weights = [
        (weight, tuple(one for one in found if one.severity == weight)) for weight in labels.SEVERITIES
    ]
    return [Contradictions(weight, of_it) for weight, of_it in weights if of_it]


def lanes(
    screening: Screening, artworks: Sequence[Artwork], reader: User, veil: Veil | None = None
) -> list[LaneShown]:
    """Every finding of ``screening`` by lane, in reading order; empty lanes are left out.

    ``veil``: the reader reviews blindly, and is led to no other entry of perhaps the same person.
    """
    by_pk = {artwork.pk: artwork for artwork in artworks}
    results = list(screening.results.all())
    if veil is not None:
        results = [veil.result(result) for result in results]
    others = _earlier_entries(results, reader) if veil is None else {}
    media = corrected(by_pk)
    found = {lane: LaneShown(lane) for lane in READING_ORDER}
    for result in sorted(results, key=lambda result: result.outcome == Outcome.CLEAR):
        other = others.get(result.data.get("entry", 0)) if result.check_name == "duplicate" else None
        shown = Shown(result, by_pk.get(result.artwork_id or 0), other, media.get(result.artwork_id or 0))
        found[Lane(result.lane)].findings.append(shown)
    return [lane for lane in found.values() if lane.findings]


def without_estimate(lanes: Sequence[LaneShown]) -> list[LaneShown]:
    """``lanes`` for somebody who has said no first impression yet: nothing that the estimate told."""
    kept = [
        LaneShown(
            lane.lane,
            [one for one in lane.findings if not rests_on_estimate(one.result.code, one.result.data)],
        )
        for lane in lanes
        if lane.lane != Lane.SYNTHETIC
    ]
    return [lane for lane in kept if lane.findings]


def _earlier_entries(results: Sequence[CheckResult], reader: User) -> dict[int, Entry]:
    """The entries that ``duplicate`` names, as far as the reader may look at them."""
    named = {
        result.data["entry"]
        for result in results
        if result.check_name == "duplicate" and "entry" in result.data
    }
    entries = Entry.objects.filter(pk__in=named).select_related("contest__organization") if named else ()
    return {entry.pk: entry for entry in entries if reader.has_perm("moderation.review", entry)}


def credentials_of(artwork: Artwork) -> Shown | None:
    """What was last found in the picture's Content Credentials; None before anybody has looked."""
    reading = latest_reading(artwork)
    return Shown(reading, artwork) if reading else None


def _points(region: object) -> str:
    """Corners in [0, 1] as an SVG polygon's points; empty where there is no region."""
    if not isinstance(region, list) or len(region) < 3:
        return ""
    try:
        return " ".join(f"{float(x) * DRAWN:.1f},{float(y) * DRAWN:.1f}" for x, y in region)
    except (TypeError, ValueError):
        return ""


def _node(manifest: object) -> Node | None:
    if not isinstance(manifest, dict):
        return None
    return Node(
        title=str(manifest.get("title") or ""),
        relationship=labels.label(labels.RELATIONSHIPS, manifest.get("relationship") or ""),
        generator=tool(str(manifest.get("generator") or "")),
        signer=str(manifest.get("signer_name") or ""),
        signed_at=str(manifest.get("signed_at") or ""),
        steps=_steps(_listed(manifest.get("actions"))),
        failures=tuple(str(code) for code in _listed(manifest.get("failures"))),
        picture=str(manifest.get("picture") or ""),
        children=tuple(filter(None, (_node(child) for child in _listed(manifest.get("children"))))),
    )


def _steps(actions: Sequence[Any]) -> tuple[str, ...]:
    """Each step in words; one that repeats is said once, with how often."""
    said = [
        (step, len(list(same))) for step, same in groupby(_step(a) for a in actions if isinstance(a, dict))
    ]
    return tuple(f"{step} × {times}" if times > 1 else step for step, times in said)


def _step(action: Mapping[str, Any]) -> str:
    code = str(action.get("name") or "")
    name = str(labels.ACTIONS.get(code) or code.removeprefix("c2pa.").replace("_", " "))
    source = str(action.get("source_type") or "").rsplit("/", 1)[-1]
    details = [labels.label(labels.SOURCE_TYPES, source) if source else "", str(action.get("agent") or "")]
    said = ", ".join(filter(None, details))
    return f"{name} ({said})" if said else name


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _trace(trace: Mapping[str, Any]) -> dict[str, str]:
    return {
        "key": str(trace.get("key") or ""),
        "generator": str(trace.get("generator") or ""),
        "where": str(trace.get("where") or ""),
        "meaning": labels.label(labels.MEANINGS, trace.get("meaning") or ""),
        "weak": "yes" if trace.get("weak") else "",
    }
