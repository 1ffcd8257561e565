"""Why an entry stands where it stands: of all that a verdict says, what a reader should see."""

from collections.abc import Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from moderation import seconding, wording
from moderation.blind import Veil
from moderation.models import Case, CaseKind, Claim, Decision, Verdict, known_settings
from moderation.verdicts import Lane, Outcome, Route
from submissions.models import Entry, User
from submissions.states import State

Stored = dict[str, Any]  # a reason as a verdict keeps it: {"rule", "codes", "data"}


CLAIMED = gettext_lazy("An artist says that the entry uses their work.")
MORE_AFTER_IMPRESSION = gettext_lazy("The desk shows the rest once you have said your first impression.")


def pressing(verdict: Verdict) -> list[Stored]:
    """The reasons that ask for attention. What was merely declared is one only where nothing else is."""
    reasons: list[Stored] = verdict.reasons
    return [reason for reason in reasons if not reason["rule"].startswith("declared.")] or reasons


def rests_on_estimate(rule: str, data: Stored) -> bool:
    """Whether a reason or a finding tells what the detector made of the pixels."""
    return rule.startswith("synthetic.") or Lane.SYNTHETIC in (data.get("evidence") or ())


def for_reviewer(verdict: Verdict, *, veiled: bool = False, veil: Veil | None = None) -> list[str]:
    """Why a case waits, for those who judge.

    ``veiled``: to one who has not said a first impression yet, the same sentence stands for whatever rests on
    the estimate, and stands there where nothing does. ``veil``: to one who reviews blindly.
    """
    reasons = [(reason["rule"], reason["data"]) for reason in pressing(verdict)]
    if veiled:
        reasons = [(rule, data) for rule, data in reasons if not rests_on_estimate(rule, data)]
    if veil is not None:
        reasons = [(rule, veil.data(data)) for rule, data in reasons]
    shown = _once(wording.to_reviewer(rule, data) for rule, data in reasons)
    return [*shown, str(MORE_AFTER_IMPRESSION)] if veiled else shown


def proposal(verdict: Verdict, *, veiled: bool = False) -> str:
    """What the rules would consider, in words; nothing where that would tell of a veiled estimate."""
    rests = any(rests_on_estimate(reason["rule"], reason["data"]) for reason in pressing(verdict))
    return "" if veiled and rests else wording.labels.label(wording.labels.ROUTES, verdict.proposal)


def in_a_row(case: Case, *, veiled: bool = False) -> list[str]:
    """Why ``case`` waits, in a list of many: in short words where a sentence says too much.

    An estimate's number is no reason to open one case before another, and what a file says of its maker is a
    name where reviewers are to see none. ``veiled``: as in ``for_reviewer``.
    """
    if case.kind == CaseKind.CLAIM:
        return [str(CLAIMED)]
    blind = known_settings(case.contest).blind
    told = [
        reason
        for reason in pressing(case.verdict)
        if not (veiled and rests_on_estimate(reason["rule"], reason["data"]))
    ]
    shown = _once(
        wording.title(reason["rule"])
        if blind or reason["rule"].startswith("synthetic.")
        else wording.to_reviewer(reason["rule"], reason["data"])
        for reason in told
    )
    return [*shown, str(MORE_AFTER_IMPRESSION)] if veiled else shown


def for_case(case: Case, *, veiled: bool = False, veil: Veil | None = None) -> list[str]:
    """Why a case waits: a claim, or what its verdict leaves open, as in ``for_reviewer``."""
    if case.kind == CaseKind.CLAIM:
        return [str(CLAIMED)]
    return for_reviewer(case.verdict, veiled=veiled, veil=veil)


def newest_verdict(entry: Entry) -> Verdict | None:
    """The verdict in force: of the last screening that was not broken off."""
    verdicts = Verdict.objects.filter(screening__entry=entry, screening__abandoned_at=None)
    return verdicts.select_related("screening__policy").order_by("-screening__number").first()


def newest_decision(verdict: Verdict) -> Decision | None:
    """What a person last decided about the entry under ``verdict``, and did not take back."""
    decisions = Decision.objects.standing().select_related("case").filter(case__verdict=verdict)
    return decisions.order_by("-pk").first()


def ended_by_the_clock(entry: Entry) -> bool:
    """Whether ``entry`` stands where it does because nobody decided its appeal in time."""
    last = entry.moves.order_by("-pk").first()
    return last is not None and last.because.startswith("appeal ")


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
    if entry.state == State.HELD and Claim.objects.holding(entry).exists():
        why = _("An artist says that it uses their work, so it does not hang until that is decided.")
        return [why, *seen]
    if ended_by_the_clock(entry):
        return [_("Nobody decided your appeal in time, so it ended as you had asked."), *seen]
    decision = newest_decision(verdict)
    if decision is not None:
        return [*_decided(decision), *seen]
    return [*_concluded(verdict), *seen]


def _contradicted(verdict: Verdict) -> list[str]:
    """What spoke against the statement, also where it held nothing: entrant and reviewer read the same."""
    found = verdict.screening.results.filter(lane=Lane.STATEMENT, outcome=Outcome.FLAG)
    return _once(wording.to_entrant(one.code, one.data) for one in found)


def _decided(decision: Decision) -> list[str]:
    stands_on = seconding.said(decision)
    said = {
        Route.HUMAN: _("A person decided that the work hangs in the human category."),
        Route.AI: _("A person decided that the work hangs in the AI category."),
        Route.AI_APART: _(
            "A person decided that the work hangs in the AI category, under the label “training data not "
            "cleared”."
        ),
        Route.REJECT: _("Two people decided, each without knowing of the other, not to accept the work.")
        if stands_on.by_two
        else _("A person decided not to accept the work."),
    }[Route(decision.route)]
    grounds = [f"{ground.label}." for ground in stands_on.grounds]
    once_more = [_("Your appeal was decided by somebody who had no part in the first judgement.")]
    return [*(once_more if decision.case.kind == CaseKind.APPEAL else []), said, *grounds, *stands_on.reasons]


def _concluded(verdict: Verdict) -> list[str]:
    """What the rules did by themselves, said openly; that a person is to decide, the state says already."""
    if verdict.route == Route.REJECT:
        return [_("The contest's rules did not accept the work. This was automatic; no person was involved.")]
    return []


def _once(sentences: Any) -> list[str]:
    return list(dict.fromkeys(sentences))
