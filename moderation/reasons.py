"""Why an entry stands where it stands: of all that a verdict says, what a reader should see."""

from collections.abc import Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from moderation import wording
from moderation.blind import Veil
from moderation.models import Decision, Ground, Verdict
from moderation.verdicts import Lane, Outcome, Route
from submissions.models import Entry, User
from submissions.states import State

Stored = dict[str, Any]  # a reason as a verdict keeps it: {"rule", "codes", "data"}


def pressing(verdict: Verdict) -> list[Stored]:
    """The reasons that ask for attention. What was merely declared is one only where nothing else is."""
    reasons: list[Stored] = verdict.reasons
    return [reason for reason in reasons if not reason["rule"].startswith("declared.")] or reasons


def for_reviewer(verdict: Verdict, veil: Veil | None = None) -> list[str]:
    """``veil``: they review blindly."""
    told = [(reason["rule"], reason["data"]) for reason in pressing(verdict)]
    if veil is not None:
        told = [(rule, veil.data(data)) for rule, data in told]
    return _once(wording.to_reviewer(rule, data) for rule, data in told)


def newest_verdict(entry: Entry) -> Verdict | None:
    """The verdict in force: of the last screening that was not broken off."""
    verdicts = Verdict.objects.filter(screening__entry=entry, screening__abandoned_at=None)
    return verdicts.select_related("screening__policy").order_by("-screening__number").first()


def newest_decision(verdict: Verdict) -> Decision | None:
    """What a person last decided about the entry under ``verdict``, and did not take back."""
    return Decision.objects.standing().filter(case__verdict=verdict).order_by("-pk").first()


def for_entrant(entry: Entry, _reader: User) -> Sequence[str | Promise]:
    """The provider behind the entrant's page: who decided, in what words, and what the checks had seen."""
    if entry.state not in (State.HELD, State.HUNG, State.REJECTED):
        return []
    verdict = newest_verdict(entry)
    if verdict is None:
        return []
    # What was merely declared explains why a work hangs, and nothing else.
    reasons = verdict.reasons if entry.state == State.HUNG else pressing(verdict)
    seen = _once(wording.to_entrant(reason["rule"], reason["data"]) for reason in reasons)
    seen = list(dict.fromkeys([*seen, *_contradicted(verdict)]))
    decision = newest_decision(verdict)
    if decision is not None:
        return [*_decided(decision), *seen]
    return [*_concluded(verdict), *seen]


def _contradicted(verdict: Verdict) -> list[str]:
    """What spoke against the statement, also where it held nothing: entrant and reviewer read the same."""
    found = verdict.screening.results.filter(lane=Lane.STATEMENT, outcome=Outcome.FLAG)
    return _once(wording.to_entrant(one.code, one.data) for one in found)


def _decided(decision: Decision) -> list[str]:
    said = {
        Route.HUMAN: _("A person decided that the work hangs in the human category."),
        Route.AI: _("A person decided that the work hangs in the AI category."),
        Route.AI_APART: _(
            "A person decided that the work hangs in the AI category, under the label “training data not "
            "cleared”."
        ),
        Route.REJECT: _("A person decided not to accept the work."),
    }[Route(decision.route)]
    grounds = [f"{Ground(ground).label}." for ground in decision.grounds]
    return [said, *grounds, decision.reason]


def _concluded(verdict: Verdict) -> list[str]:
    """What the rules did by themselves, said openly; that a person is to decide, the state says already."""
    if verdict.route == Route.REJECT:
        return [_("The contest's rules did not accept the work. This was automatic; no person was involved.")]
    return []


def _once(sentences: Any) -> list[str]:
    return list(dict.fromkeys(sentences))
