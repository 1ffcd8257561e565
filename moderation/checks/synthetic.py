"""Does the picture bear signs of generation? An estimate, shown with its band; it can only bring a person."""

from matching.encoding import encoder
from matching.engine.images import PictureError
from matching.engine.weights import WeightsError
from moderation import detector
from moderation.checks.look import ArtworkLook, Look
from moderation.detector import Band
from moderation.verdicts import Finding, Lane, Outcome

NAME = "synthetic"
LANE = Lane.SYNTHETIC
VERSION = "1"

OUTCOMES = {Band.NO_SIGN: Outcome.CLEAR, Band.CANNOT_TELL: Outcome.CLEAR, Band.SIGNS: Outcome.FLAG}


def run(look: Look) -> list[Finding]:
    return [_judge(artwork) for artwork in look.artworks]


def _judge(look: ArtworkLook) -> Finding:
    try:
        encoded = look.encoded
    except (PictureError, WeightsError) as error:
        data = {"problem": str(error)}
        return Finding(NAME, LANE, Outcome.UNKNOWN, "synthetic.not_looked", data, artwork=look.pk)
    judged = detector.judge_features(
        encoded.class_tokens[0], encoded.embedding[0], encoder=encoder().identity
    )
    if judged.score is None:  # another encoder than the head was trained on: it did not look
        return Finding(NAME, LANE, Outcome.UNKNOWN, "synthetic.not_looked", judged.as_json(), artwork=look.pk)
    return Finding(
        NAME,
        LANE,
        OUTCOMES[judged.band],
        f"synthetic.{judged.band}",
        judged.as_json(),
        score=judged.score,
        artwork=look.pk,
        versions={"check": VERSION, "model": judged.model},
    )
