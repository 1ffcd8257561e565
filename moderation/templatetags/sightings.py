"""What an entrant sees of a match: the part of their own picture, never the work."""

from django import template

from moderation.models import Sighting
from submissions.models import Entry

register = template.Library()


@register.simple_tag
def matched_parts(entry: Entry) -> list[Sighting]:
    """What speaks in the verdict on ``entry``; notes and later sightings are not the entrant's to answer."""
    found = Sighting.objects.filter(artwork__entry=entry, code="copy.verified", later=False)
    return list(found.exclude(artwork__display="").order_by("pk"))
