"""Words of an entrant on pages that a jury can open too."""

from django import template

from moderation.blind import Veil, is_over
from submissions.models import Entry

register = template.Library()


@register.filter
def nameless(text: str, entry: Entry) -> str:
    """``text`` with the entrant's own names masked while somebody may still have to judge the work."""
    return text if not text or is_over(entry.contest) else Veil(entry).over(text)
