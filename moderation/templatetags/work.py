"""Keys, and what belongs to the one who reads the page, for the desk's templates."""

from typing import Any

from django import template
from django.template.context import RequestContext
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from moderation import keys, undoing
from moderation.models import Decision, DeskView, PendingDecision, desk_view
from submissions.models import User

register = template.Library()
VIEW = "_desk_view"


@register.simple_tag(takes_context=True)
def view_of_desk(context: RequestContext) -> DeskView:
    """How the desk looks to the reader; asked of the database once a page."""
    kept = vars(context["request"])
    if VIEW not in kept:
        kept[VIEW] = desk_view(_reader(context))
    found: DeskView = kept[VIEW]
    return found


@register.simple_tag
def key(name: str) -> SafeString:
    """The attributes that tie an element to its key. Whether keys work at all, the page's dialog says."""
    press = keys.KEYS[name].press
    return format_html('data-key="{}" aria-keyshortcuts="{}"', press, press)


@register.simple_tag
def keys_on(where: str) -> dict[str, keys.Key]:
    return keys.on_lists() if where == keys.LIST else keys.on_cases()


@register.simple_tag(takes_context=True)
def last_decision(context: RequestContext) -> dict[str, Any]:
    """What the reader can take back with one key: the decision, until when, and the minutes left."""
    decision = undoing.last_undoable(_reader(context))
    return left(decision) if decision else {}


def left(decision: Decision | PendingDecision) -> dict[str, Any]:
    until = undoing.undoable_until(decision)
    if until is None:
        return {}
    minutes = int((until - timezone.now()).total_seconds() // 60) + 1
    return {"decision": decision, "until": until, "minutes": minutes}


def _reader(context: RequestContext) -> User:
    reader: User = context["request"].user
    return reader
