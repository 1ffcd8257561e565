"""What pages of the lower floor tell of the record."""

from django import template

from moderation.people.erasing import may_erase
from moderation.record import heads
from submissions.models import Contest, Entry, PublishedHead

register = template.Library()


@register.simple_tag
def published_head(contest: Contest) -> PublishedHead | None:
    """How far the contest's record had come when it was published last."""
    return heads.published(contest)


@register.filter
def erasable(entry: Entry) -> bool:
    """Whether its entrant may have it erased now."""
    return may_erase(entry)
