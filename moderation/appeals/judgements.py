"""The judgement in force on an entry, and whether it may be appealed: what for, since when, until when."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils import timezone

from moderation.appeals import ladder
from moderation.hanging import standing
from moderation.models import Appeal, Case, CaseKind, Decision, Verdict
from moderation.verdicts import Route
from submissions.models import Entry, Erasure, Move, Notice
from submissions.notices import MOST_FAILURES
from submissions.rules import AILevel, Rules
from submissions.states import State

BECAUSE = re.compile(r"^(verdict|decision|appeal) (\d+)$")


class Bar(StrEnum):
    """Why a judgement cannot be appealed now."""

    NOT_YET = "not_yet"  # whoever decided may still take it back
    OPEN = "open"  # something about the entry waits for a decision
    USED = "used"  # it was appealed once
    FINAL = "final"  # it ended an appeal
    OVER = "over"  # the time has run out
    AS_STATED = "as_stated"  # it hangs where the statement says
    ERASED = "erased"


@dataclass(frozen=True)
class Judgement:
    """What brought an entry to where it stands."""

    verdict: Verdict
    decision: Decision | None
    """A person's, where one judged; else the rules did by themselves."""
    stood: Route
    reached_at: datetime | None
    """When the entrant was told; None while it can still be taken back."""
    until: datetime | None
    """The last moment for an appeal."""
    asks: tuple[Route, ...]
    bar: Bar | None

    @property
    def rules(self) -> Rules:
        return self.verdict.screening.policy.rules


def in_force(entry: Entry) -> Judgement | None:
    """The judgement that last moved ``entry``; None while it waits for one, or where it left."""
    stood = standing(entry)
    last = _last_judging(entry) if stood else None
    named = BECAUSE.match(last.because) if last else None
    if stood is None or named is None:
        return None
    kind, number = named[1], int(named[2])
    verdict, decision = _judged(kind, number)
    now = timezone.now()
    letter = Notice.objects.filter(entry=entry, move=last).first()
    reached = _reached(letter, decision.at if decision else verdict.at, now)
    level = AILevel(verdict.screening.disclosure.level)
    rules = verdict.screening.policy.rules
    asks = ladder.asks(stood, level, has_ai_category=rules.has_ai_category)
    until = reached + timedelta(days=rules.clocks.appeal) if reached else None
    is_final = kind == "appeal" or (decision is not None and decision.case.kind == CaseKind.APPEAL)
    bars = {
        Bar.ERASED: Erasure.objects.filter(entry=entry).exists(),
        Bar.FINAL: is_final,
        Bar.OPEN: Case.objects.open().filter(entry=entry).exclude(kind=CaseKind.CLAIM).exists(),
        Bar.USED: _was_appealed(verdict, decision),
        Bar.AS_STATED: not asks,
        Bar.NOT_YET: until is None,
        Bar.OVER: until is not None and now > until,
    }
    bar = next((bar for bar, holds in bars.items() if holds), None)
    return Judgement(verdict, decision, stood, reached, until, asks, bar)


def _last_judging(entry: Entry) -> Move | None:
    """The last move but for those of claims that came and went: they let the entry hang as it was judged."""
    moves = entry.moves.exclude(because__startswith="claim ").order_by("-pk")
    return next((move for move in moves if not _is_let_go(move)), None)


def _is_let_go(move: Move) -> bool:
    named = BECAUSE.match(move.because)
    if move.new != State.HUNG or named is None or named[1] != "decision":
        return False
    return Decision.objects.filter(pk=named[2], case__kind=CaseKind.CLAIM).exists()


def _judged(kind: str, number: int) -> tuple[Verdict, Decision | None]:
    verdicts = Verdict.objects.select_related("screening__policy", "screening__disclosure")
    if kind == "decision":
        decision = Decision.objects.select_related("case").get(pk=number)
        return verdicts.get(pk=decision.case.verdict_id), decision
    if kind == "appeal":
        appeal = Appeal.objects.select_related("decision__case").get(pk=number)
        return verdicts.get(pk=appeal.verdict_id), appeal.decision
    return verdicts.get(pk=number), None


def _was_appealed(verdict: Verdict, decision: Decision | None) -> bool:
    found = Appeal.objects.filter(decision=decision) if decision else verdict.appeals.filter(decision=None)
    return found.exists()


def _reached(letter: Notice | None, judged_at: datetime, now: datetime) -> datetime | None:
    """When the letter left. Before it has, no clock runs; a letter of its own kind tells at once."""
    if letter is None:
        return judged_at
    if letter.not_before > now:
        return None
    told = letter.sent_at or letter.claimed_at
    if told is None and letter.failures >= MOST_FAILURES:
        return letter.not_before  # it was given up; the page has told it since then
    return told or now
