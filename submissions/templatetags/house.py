"""Small words that templates need."""

from django import template
from django.utils import timezone

from submissions.models import Contest

register = template.Library()


@register.filter
def stage(contest: Contest) -> str:
    """``coming``, ``open`` or ``over``."""
    if timezone.now() >= contest.closes_at:
        return "over"
    return "open" if contest.is_open else "coming"
