"""Small words that the desk's templates need."""

from django import template

from moderation.wording import labels

register = template.Library()


@register.filter
def route_label(route: str) -> str:
    return labels.label(labels.ROUTES, route)
