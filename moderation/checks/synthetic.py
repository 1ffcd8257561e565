"""Does the picture bear signs of generation? An estimate, shown with its band; it can only bring a person."""

from dataclasses import replace
from typing import Any

from matching.encoding import encoder
from matching.engine.images import PictureError
from matching.engine.weights import WeightsError
from moderation import detector
from moderation.checks.look import ArtworkLook, Look
from moderation.detector import Band, Judgement, Medium, Silence, opinions
from moderation.detector.explain import explain
from moderation.estimates import knowing, silences
from moderation.verdicts import Finding, Lane, Outcome
from submissions.rules import OnFlag

NAME = "synthetic"
LANE = Lane.SYNTHETIC
VERSION = "2"

OUTCOMES = {Band.NO_SIGN: Outcome.CLEAR, Band.CANNOT_TELL: Outcome.CLEAR, Band.SIGNS: Outcome.FLAG}


def run(look: Look) -> list[Finding]:
    corrected = knowing.corrected(artwork.pk for artwork in look.artworks)
    silent = silences.in_force(look.entry.contest)
    findings = []
    for artwork in look.artworks:
        findings.append(_judge(look, artwork, corrected.get(artwork.pk), set(silent)))
        findings.extend(_second_opinions(artwork))
    return findings


def _judge(look: Look, artwork: ArtworkLook, medium: Medium | None, silent: set[str]) -> Finding:
    try:
        encoded = artwork.encoded
    except (PictureError, WeightsError) as error:
        data = {"problem": str(error)}
        return Finding(NAME, LANE, Outcome.UNKNOWN, "synthetic.not_looked", data, artwork=artwork.pk)
    judged = detector.judge_encoded(
        artwork.picture,
        encoded,
        encoder(),
        budget=look.rules.budget,
        medium=medium,
    )
    if judged.score is None:  # another encoder than the head was trained on: it did not look
        return Finding(
            NAME, LANE, Outcome.UNKNOWN, "synthetic.not_looked", judged.as_json(), artwork=artwork.pk
        )
    if judged.band == Band.SIGNS:
        judged = _kept_silent(look, judged, silent)
    told: dict[str, Any] = judged.as_json()
    told |= {"medium_by": "reviewer" if medium else "estimate", "device": encoder().device}
    if judged.band == Band.SIGNS and look.rules.synthetic_signs != OnFlag.NOTE:
        # Only for works that a person will look at: it costs several passes of the encoder.
        found = explain(artwork.picture.pixels, encoder())
        told["map"] = found.as_json() if found else None
    return Finding(
        NAME,
        LANE,
        OUTCOMES[judged.band],
        f"synthetic.{judged.band}",
        told,
        score=judged.score,
        artwork=artwork.pk,
        versions={"check": VERSION, "model": judged.model},
    )


def _kept_silent(look: Look, judged: Judgement, silent: set[str]) -> Judgement:
    """Signs that must not be spoken of, for a reason that lies outside the picture."""
    if look.disclosure.cloaks:
        return replace(judged, band=Band.CANNOT_TELL, reason=Silence.CLOAKED)
    if silent & {"", judged.medium}:
        return replace(judged, band=Band.CANNOT_TELL, reason=Silence.DRIFT)
    return judged


def _second_opinions(artwork: ArtworkLook) -> list[Finding]:
    """What other detectors say, each for itself. None of them holds a work or makes it wait."""
    try:
        pixels = artwork.picture.pixels
    except PictureError:
        return []  # the estimate says so already
    return [
        Finding(
            NAME,
            LANE,
            Outcome.CLEAR,
            "synthetic.second_opinion",
            {"plugin": one.by} | ({"problem": one.problem} if one.problem else {"score": one.score}),
            score=one.score,
            artwork=artwork.pk,
            versions={"opinion": one.version} if one.version else {},
        )
        for one in opinions.ask(pixels)
    ]
