"""Does the work resemble an artist's portfolio in style? Information for a reviewer; it can hold nothing.

A check of its own, so that whatever goes wrong here says nothing of copies. It reads the encoder's pass that
``registry`` made. Its findings are ``clear``: a likeness of style asks nobody for an answer.
"""

from django.db import DatabaseError

from matching import styles
from matching.engine.images import PictureError
from matching.engine.style import NoStyleSpace
from matching.engine.weights import WeightsError
from moderation.checks.look import ArtworkLook, Look
from moderation.verdicts import Finding, Lane, Outcome

NAME = "style"
LANE = Lane.STYLE
VERSION = "2"


def run(look: Look) -> list[Finding]:
    return [finding for artwork in look.artworks for finding in _compare(artwork, look)]


def _compare(artwork: ArtworkLook, look: Look) -> list[Finding]:
    try:
        compared = styles.compare(artwork.encoded, exclude_owner=look.entry.entrant)
    except (PictureError, NoStyleSpace, WeightsError, DatabaseError) as error:
        data = {"problem": str(error)}
        return [Finding(NAME, LANE, Outcome.UNKNOWN, "style.not_compared", data, artwork=artwork.pk)]
    if not compared.portfolios:
        return []  # silence: nobody has eight works
    versions = {"check": VERSION, "portfolios": compared.version}
    nearest = compared.nearest
    if nearest is None:
        many = {"portfolios": compared.portfolios}
        return [Finding(NAME, LANE, Outcome.CLEAR, "style.none", many, artwork=artwork.pk, versions=versions)]
    likeness = {
        "artist": nearest.artist.name,
        "works": nearest.works,
        "portfolios": nearest.portfolios,
        "strangers": nearest.strangers,
        "score": nearest.share,
    }
    return [
        Finding(
            NAME,
            LANE,
            Outcome.CLEAR,
            "style.resembles",
            likeness,
            score=nearest.share,
            artwork=artwork.pk,
            versions=versions,
        )
    ]
