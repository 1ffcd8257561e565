"""Does the file decode within bounds? Also makes the pictures that people see, free of metadata."""

from django.core.files.base import ContentFile

from matching.engine.descriptors import pdq
from matching.engine.images import Damaged, NotAPicture, PictureError, TooLarge, to_webp
from moderation.checks.look import ArtworkLook, Look
from moderation.verdicts import Finding, Lane, Outcome
from submissions.models import Artwork

NAME = "file"
LANE = Lane.FILE
VERSION = "1"

DISPLAY_SIDE, THUMBNAIL_SIDE = 1600, 480
FAILURES: dict[type[PictureError], str] = {
    NotAPicture: "file.not_a_picture",
    TooLarge: "file.too_large",
    Damaged: "file.damaged",
}


def run(look: Look) -> list[Finding]:
    return [_decode(artwork) for artwork in look.artworks]


def _decode(look: ArtworkLook) -> Finding:
    try:
        picture = look.picture
    except PictureError as error:
        return Finding(
            NAME, LANE, Outcome.UNKNOWN, FAILURES[type(error)], {"problem": str(error)}, artwork=look.pk
        )
    _keep_derived(look)
    facts = {"width": picture.width, "height": picture.height, "media_type": picture.media_type}
    return Finding(
        NAME, LANE, Outcome.CLEAR, "file.readable", facts | {"frames": picture.frames}, artwork=look.pk
    )


def _keep_derived(look: ArtworkLook) -> None:
    """Store what pages show and what ``duplicate`` compares; a second run comes to the same end."""
    picture, artwork = look.picture, look.artwork
    fields = {"width": picture.width, "height": picture.height, "pdq": pdq(picture).upright.tobytes()}
    for name, side in (("display", DISPLAY_SIDE), ("thumbnail", THUMBNAIL_SIDE)):
        stored = getattr(artwork, name)
        if not stored:
            stored.save(f"{name}.webp", ContentFile(to_webp(picture, max_side=side)), save=False)
        fields[name] = stored.name
    Artwork.objects.filter(pk=artwork.pk).update(**fields)
