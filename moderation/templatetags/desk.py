"""Small words that the desk's templates need."""

from datetime import datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext

from moderation.wording import labels

register = template.Library()


@register.filter
def route_label(route: str) -> str:
    return labels.label(labels.ROUTES, route)


@register.filter
def waited(since: datetime) -> str:
    """How long it has been since ``since``, never “0 minutes”."""
    if timezone.now() - since < timedelta(minutes=1):
        return gettext("less than a minute")
    return timesince(since)
