"""The stated kind of work against what cameras write and what the picture looks like."""

from collections.abc import Iterator

from moderation.checks.statement.rule import Category, Said, Severity, rule
from moderation.checks.statement.seen import CAMERA_ORIGINS, Seen
from moderation.provenance import Origin
from moderation.verdicts import Lane, Outcome
from submissions.models import Medium
from submissions.rules import AILevel, OnFlag

DRAWN_ORIGINS = {Origin.BLANK_CANVAS, Origin.HUMAN_CREATED, Origin.ALGORITHMIC}
PAINTED = {Medium.DIGITAL_PAINTING, Medium.LINE_ART, Medium.PIXEL_ART, Medium.RENDER_3D}


@rule(Severity.DOUBT, Lane.SYNTHETIC, Lane.PROVENANCE, speaks_for=Category.AI)
def photograph_without_a_camera(seen: Seen) -> Iterator[Said]:
    """Says a photograph without AI; no camera wrote anything into the file, and it bears signs of generation.

    Neither alone says anything: messengers strip what cameras write, and an estimate is no proof. Where the
    contest lets signs hold nothing, or a cloak makes them silent, this rule is silent too.
    """
    stated = seen.says_not_generated and seen.disclosure.medium == Medium.PHOTOGRAPH
    if not stated or seen.disclosure.cloaks or seen.look.rules.synthetic_signs == OnFlag.NOTE:
        return
    for artwork in seen.look.artworks:
        signs = any(
            finding.outcome == Outcome.FLAG for finding in seen.findings("synthetic", artwork=artwork.pk)
        )
        captured = any(
            finding.data.get("origin") in CAMERA_ORIGINS | {Origin.SCANNED}
            for finding in seen.findings("provenance", artwork=artwork.pk)
        )
        if signs and not captured and not seen.capture(artwork).is_any:
            yield Said(artwork.pk)


@rule(Severity.DOUBT, Lane.PROVENANCE, speaks_for=Category.HUMAN)
def camera_work_declared_ai(seen: Seen) -> Iterator[Said]:
    """Says generated; a recognised camera signed the file as its own capture, and no generator left a trace.

    Mislabelling works both ways. Anybody can sign "a camera" themselves, so only a vouched one counts.
    """
    if seen.level != AILevel.GENERATED:
        return
    for finding in seen.findings("provenance"):
        captured = finding.data.get("origin") in CAMERA_ORIGINS and finding.data.get("vouched")
        if captured and not seen.speaks_of_ai(finding.artwork):
            yield Said(finding.artwork, {"generator": finding.data.get("generator")})


@rule(Severity.NOTE, speaks_for=Category.HUMAN)
def camera_data_declared_ai(seen: Seen) -> Iterator[Said]:
    """Says generated; the file has all that a camera writes, unsigned, and no trace of a generator."""
    if seen.level != AILevel.GENERATED:
        return
    for artwork in seen.look.artworks:
        signed = any(
            finding.data.get("origin") in CAMERA_ORIGINS and finding.data.get("vouched")
            for finding in seen.findings("provenance", artwork=artwork.pk)
        )
        if not signed and not seen.speaks_of_ai(artwork.pk) and seen.capture(artwork).is_whole:
            yield Said(artwork.pk, {"device": seen.capture(artwork).device})


@rule(Severity.NOTE, Lane.SYNTHETIC)
def another_kind_of_work(seen: Seen) -> Iterator[Said]:
    """The stated kind of work is another than the estimated one, and a photograph is one of the two.

    Kinds of drawing are too near each other for the estimate to be held against anybody.
    """
    stated = seen.disclosure.medium
    for finding in seen.findings("synthetic"):
        estimated = finding.data.get("medium") if finding.data.get("medium_by") == "estimate" else None
        if stated and estimated and stated != estimated and Medium.PHOTOGRAPH in (stated, estimated):
            if Medium.TRADITIONAL_SCAN in (stated, estimated):
                continue  # a photograph of a painting is both
            yield Said(finding.artwork, {"medium": estimated, "stated_medium": stated})


@rule(Severity.NOTE, Lane.PROVENANCE)
def drawn_but_captured(seen: Seen) -> Iterator[Said]:
    """Says drawn or rendered; a recognised camera signed the file as its own capture."""
    if seen.disclosure.medium not in PAINTED:
        return
    for finding in seen.findings("provenance"):
        if finding.data.get("origin") in CAMERA_ORIGINS and finding.data.get("vouched"):
            yield Said(finding.artwork, {"stated_medium": seen.disclosure.medium})


@rule(Severity.NOTE, Lane.PROVENANCE)
def photograph_but_drawn(seen: Seen) -> Iterator[Said]:
    """Says a photograph; the credentials say it was begun on a blank canvas, by hand or by an algorithm."""
    if seen.disclosure.medium != Medium.PHOTOGRAPH:
        return
    for finding in seen.findings("provenance"):
        if finding.data.get("origin") in DRAWN_ORIGINS:
            yield Said(finding.artwork, {"origin": finding.data["origin"]})
