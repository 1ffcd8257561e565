"""What the manifests claim about the picture's origin, after the C2PA Asset Signals Rubric of 2026-08-06."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from moderation.provenance import generators
from moderation.provenance.lineage import INCEPTION, Lineage
from moderation.provenance.source_types import (
    ALGORITHMIC,
    BLANK,
    CAPTURED,
    GENERATED,
    GENERATIVE,
    HUMAN_CREATED,
    HUMAN_EDITED,
    MAY_HIDE_GENERATED,
    PART_GENERATED,
    SCANNED,
    concept,
)
from moderation.provenance.store import Manifest, mapping
from moderation.provenance.values import Evidence, Origin

# The rubric's list, and turning a picture upright.
NON_EDITORIAL = frozenset(
    "c2pa." + name
    for name in (
        "converted", "published", "repackaged", "transcoded", "resized.proportional", "enhanced",
        "edited.metadata", "watermarked", "watermarked.bound", "watermarked.unbound", "redacted",
        "orientation",
    )
)  # fmt: skip
_LEGACY_GENERATIVE = "com.adobe.generative-ai"
_METADATA = ("c2pa.metadata", "stds.iptc", "stds.exif", "stds.xmp", "cawg.metadata")
_ORIGINS: tuple[tuple[frozenset[str], Origin], ...] = (
    (CAPTURED, Origin.CAPTURED),
    (SCANNED, Origin.SCANNED),
    (HUMAN_CREATED, Origin.HUMAN_CREATED),
    (HUMAN_EDITED, Origin.HUMAN_EDITED),
    (ALGORITHMIC, Origin.ALGORITHMIC),
    (BLANK, Origin.BLANK_CANVAS),
)


@dataclass
class Judged:
    origin: Origin
    evidence: list[Evidence] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)


def judge_origin(lineage: Lineage) -> Judged:
    """The origin that the lineage and its components claim, with the evidence for it and flags about it."""
    judged = _generated(lineage) or _part_generated(lineage) or _may_hide(lineage) or _first_claim(lineage)
    judged.flags += _flags(lineage, judged)
    return judged


@dataclass(frozen=True)
class _Claim:
    """One statement about where pixels come from."""

    source_type: str
    manifest: Manifest
    action: str | None
    note: str | None = None

    def supports(self, origin: Origin) -> Evidence:
        return Evidence(str(origin), self.manifest.label, self.action, self.source_type, note=self.note)


def _inception(line: Iterable[Manifest]) -> Iterator[_Claim]:
    """Statements about the origin itself: created, opened, and metadata assertions; active manifest first."""
    for manifest in line:
        for action in manifest.actions:
            if action.name in INCEPTION and (name := concept(action.source_type)):
                yield _Claim(name, manifest, action.name)
        yield from _metadata(manifest)


def _metadata(manifest: Manifest) -> Iterator[_Claim]:
    for label, data in manifest.data(*_METADATA):
        for key, value in mapping(data).items():
            if key.rpartition(":")[2].lower() not in {"digitalsourcetype", "digitalsourcefiletype"}:
                continue
            spelled = mapping(value).get("@id") if isinstance(value, dict) else value
            if name := concept(spelled):
                yield _Claim(name, manifest, None, note=label)


def _steps(line: Iterable[Manifest]) -> Iterator[_Claim]:
    """Statements of later actions, and of templates that actions refer to."""
    for manifest in line:
        for action in manifest.actions:
            if action.name not in INCEPTION and (name := concept(action.source_type)):
                yield _Claim(name, manifest, action.name)
        for spelled in manifest.template_source_types:
            if name := concept(spelled):
                yield _Claim(name, manifest, None, note="action template")


def _legacy(group: Iterable[Manifest]) -> Iterator[_Claim]:
    for manifest in group:
        if any(True for _ in manifest.data(_LEGACY_GENERATIVE)):
            yield _Claim("trainedAlgorithmicMedia", manifest, None, note=_LEGACY_GENERATIVE)


def _generated(lineage: Lineage) -> Judged | None:
    claims = [claim for claim in _inception(lineage.line) if claim.source_type in GENERATED]
    claims += _legacy(lineage.line)
    if claims:
        return Judged(Origin.AI_GENERATED, [claim.supports(Origin.AI_GENERATED) for claim in claims])
    if any(True for _ in _inception(lineage.line)) or any(True for _ in _steps(lineage.line)):
        return None
    root = lineage.line[-1]
    begun = [action for action in root.actions if action.name in INCEPTION]
    names = [action.agent for action in begun] + ([root.generator] if begun or not root.actions else [])
    for name in names:
        if generators.named_in(name):
            proof = Evidence(str(Origin.AI_GENERATED), root.label, note=f"no source type; made by {name}")
            return Judged(Origin.AI_GENERATED, [proof])
    return None


def _part_generated(lineage: Lineage) -> Judged | None:
    claims = [claim for claim in _inception(lineage.line) if claim.source_type in PART_GENERATED]
    claims += [claim for claim in _steps(lineage.line) if claim.source_type in GENERATIVE]
    claims += [
        claim
        for claim in (*_inception(lineage.components), *_steps(lineage.components))
        if claim.source_type in GENERATIVE
    ]
    claims += _legacy(lineage.components)
    if not claims:
        return None
    return Judged(Origin.AI_COMPOSITE, [claim.supports(Origin.AI_COMPOSITE) for claim in claims])


def _may_hide(lineage: Lineage) -> Judged | None:
    claims = [
        claim
        for claim in (*_inception(lineage.line), *_steps(lineage.line))
        if claim.source_type in MAY_HIDE_GENERATED
    ]
    if not claims:
        return None
    return Judged(Origin.AI_POSSIBLE, [claim.supports(Origin.AI_POSSIBLE) for claim in claims])


def _first_claim(lineage: Lineage) -> Judged:
    """Nothing speaks of generation: what does the oldest manifest of the lineage say?"""
    claims = list(_inception(lineage.line))
    meaningful = [claim for claim in claims if claim.source_type not in BLANK] or claims
    if not meaningful:
        acted = next((manifest for manifest in lineage.line if manifest.actions), None)
        if acted is None:
            return Judged(Origin.NO_CLAIM)
        proof = Evidence(str(Origin.EDITED_UNKNOWN_ORIGIN), acted.label, acted.actions[0].name)
        return Judged(Origin.EDITED_UNKNOWN_ORIGIN, [proof])
    claim = meaningful[-1]
    origin = next((word for group, word in _ORIGINS if claim.source_type in group), None)
    if origin is None:
        known = claim.source_type == "algorithmicallyEnhanced"
        origin = Origin.EDITED_UNKNOWN_ORIGIN if known else Origin.OTHER_DST
    evidence = [claim.supports(origin)]
    if origin is Origin.CAPTURED and (edit := _editorial_action(lineage.line)):
        return Judged(Origin.CAPTURED_EDITED, [claim.supports(Origin.CAPTURED_EDITED), edit])
    return Judged(origin, evidence)


def _editorial_action(line: Iterable[Manifest]) -> Evidence | None:
    for manifest in line:
        for action in manifest.actions:
            if action.name not in INCEPTION and action.name not in NON_EDITORIAL:
                return Evidence(
                    str(Origin.CAPTURED_EDITED), manifest.label, action.name, concept(action.source_type)
                )
    return None


def _flags(lineage: Lineage, judged: Judged) -> list[str]:
    flags = []
    for manifest in lineage.line:
        for action in manifest.actions:
            # Adobe's older files put its own steps beside the standard ones: just as unclear to a reader.
            if action.name == "c2pa.unknown" or not action.name.startswith("c2pa."):
                flags.append("ambiguous_action")
                judged.evidence.append(Evidence("ambiguous_action", manifest.label, action.name))
                break
        if manifest.leaves_steps_out:
            flags.append("incomplete_history")
    for manifest, ingredient in lineage.loose:
        flag = "unknown_parent" if ingredient.relationship == "parentOf" else "unknown_component"
        flags.append(flag)
        judged.evidence.append(Evidence(flag, manifest.label, note=ingredient.relationship))
    if any(claim.source_type in GENERATIVE for claim in _inception(lineage.references)):
        flags.append("ai_reference")
    if contradiction := _contradiction(lineage, judged.origin):
        flags.append("contradiction")
        judged.evidence.append(contradiction)
    return flags


def _contradiction(lineage: Lineage, origin: Origin) -> Evidence | None:
    """A manifest that claims a camera or a hand, and names a generator as the tool."""
    made_by_people = CAPTURED | SCANNED | HUMAN_CREATED | HUMAN_EDITED
    claims = [claim for claim in _inception(lineage.line) if claim.source_type in made_by_people]
    for claim in claims:
        names = [claim.manifest.generator, *(action.agent for action in claim.manifest.actions)]
        if name := next((name for name in names if generators.named_in(name)), None):
            return Evidence(
                "contradiction", claim.manifest.label, claim.action, claim.source_type, note=f"made by {name}"
            )
        others = [each for each in _inception([claim.manifest]) if each.source_type in GENERATED]
        if others and origin is Origin.AI_GENERATED:
            return Evidence(
                "contradiction", claim.manifest.label, claim.action, claim.source_type, note="and generated"
            )
    return None
