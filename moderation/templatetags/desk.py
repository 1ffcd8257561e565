"""Small words that the desk's templates need."""

from datetime import datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.timesince import timesince
from django.utils.translation import gettext

from moderation import wording
from moderation.flips import Outcome
from moderation.models import Ground
from moderation.wording import labels

register = template.Library()


@register.filter
def route_label(route: str) -> str:
    return labels.label(labels.ROUTES, route)


@register.filter
def lane_label(lane: str) -> str:
    return labels.label(labels.LANES, lane)


@register.filter
def ground_label(ground: str) -> str:
    return str(Ground(ground).label)


@register.filter
def code_title(code: str) -> str:
    """The short name of a finding or a reason."""
    return wording.title(code)


@register.filter
def outcome(one: Outcome) -> str:
    """Where rules bring an entry, and what they ask a person to consider."""
    where = labels.label(labels.ROUTES, one.route)
    if one.proposal is None:
        return where
    proposal = labels.label(labels.ROUTES, one.proposal)
    return gettext("%(where)s, asked to consider: %(proposal)s") % {"where": where, "proposal": proposal}


@register.filter
def waited(since: datetime) -> str:
    """How long it has been since ``since``, never “0 minutes”."""
    if timezone.now() - since < timedelta(minutes=1):
        return gettext("less than a minute")
    return timesince(since)


@register.filter
def medium_label(medium: str) -> str:
    """The medium's name; the empty one stands for all of them."""
    return labels.label(labels.MEDIUMS, medium) if medium else gettext("all media")


@register.filter
def percent(share: float) -> str:
    """A share in [0, 1] with one decimal, as the reader's language writes it."""
    return gettext("%(number)s %%") % {"number": number_format(share * 100, decimal_pos=1)}
