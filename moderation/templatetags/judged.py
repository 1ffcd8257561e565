"""What an entrant sees of the rules that judged an entry."""

from django import template

from moderation.panel import awaits_somebody
from submissions.models import Entry, PolicyVersion

register = template.Library()


@register.simple_tag
def rules_that_judged(entry: Entry) -> PolicyVersion | None:
    """The version of the rules under which the newest verdict on ``entry`` was given, where visitors may read
    it."""
    if not entry.contest.published:
        return None
    judged = entry.screenings.exclude(verdict=None).select_related("policy").order_by("-number").first()
    return judged.policy if judged else None


register.filter(awaits_somebody)
