"""Claims on pages that are about something else."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.db.models import QuerySet

from moderation.claims import reading
from moderation.claims.forms import SuspendForm
from moderation.claims.neutral import may_suspend
from moderation.models import Case, Claim
from submissions.models import Entry, User

register = template.Library()


@register.inclusion_tag("moderation/partials/claim.html", takes_context=True)
def claim_panel(context: dict[str, Any], case: Case) -> dict[str, Any]:
    """The claim that a case is about; nothing where it is about none."""
    user, veil = context["request"].user, context.get("veil")
    shown = reading.panel(case, user, veil)
    return {
        "panel": shown,
        "case": case,
        "entry": context["entry"],
        "is_veiled": veil is not None,
        "request": context["request"],
        "csrf_token": context.get("csrf_token"),
        "may_suspend": shown is not None and may_suspend(user, shown.claim),
        "suspend_form": SuspendForm(auto_id="suspend_%s"),
    }


@register.inclusion_tag("moderation/partials/claims_before.html")
def claims_before(entry: Entry) -> dict[str, Any]:
    """What earlier claims say about an entry, for those who judge."""
    return {"known": reading.earlier(entry)}


@register.simple_tag
def claims_on(entry: Entry) -> QuerySet[Claim]:
    """Claims on an entry, for its entrant."""
    return entry.claims.select_related("work", "artist", "ending")


@register.simple_tag
def claims_to_answer(person: User) -> Sequence[Claim]:
    return reading.to_answer(person)
