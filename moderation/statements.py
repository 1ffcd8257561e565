"""What letters tell beside the facts: the rules, the part of machines, how to contest a judgement."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from moderation import seconding
from moderation.appeals import judgements
from moderation.appeals.judgements import Bar
from moderation.appeals.telling import moment
from moderation.models import Decision, Verdict
from moderation.reasons import ended_by_the_clock, newest_decision, newest_verdict, pressing
from moderation.verdicts import Route
from submissions.models import Entry
from submissions.reading import NO_AI, UNCHECKED, Clause, clause
from submissions.reasons import Statement
from submissions.rules import QUESTIONS, Rules
from submissions.states import State

_BY_PATH = {question.path: name for name, question in QUESTIONS.items()}

# The question behind a reason that does not name its line, by the beginning of its name: those of verdicts
# before policy-2, and a cloak's. All else is a check that could not look.
_BY_RULE = {
    "declared.assistive": "assistive",
    "declared.edited": "edited",
    "declared.generated": "generated",
    "data.unpermitted": "unpermitted_data",
    "data.": "unknown_data",
    "copy.verified": "verified_copy",
    "statement.": "statement_doubt",
    "synthetic.cloaked": "synthetic_signs",
    "synthetic.signs": "synthetic_signs",
}


def of_reasons(entry: Entry) -> Statement | None:
    """The provider behind the letters."""
    verdict = newest_verdict(entry)
    if verdict is None or entry.state not in (State.HELD, State.HUNG, State.REJECTED):
        return None
    decision = newest_decision(verdict)
    return Statement(
        rules=list(_rules(entry, verdict, decision)),
        automation=_by_the_clock() if ended_by_the_clock(entry) else _automation(verdict, decision),
        contest=_contest(entry),
    )


def _rules(entry: Entry, verdict: Verdict, decision: Decision | None) -> Iterator[str]:
    policy = verdict.screening.policy
    yield _("Version %(number)s of the rules of %(contest)s.") % {
        "number": policy.number,
        "contest": entry.contest,
    }
    reasons = verdict.reasons if entry.state == State.HUNG else pressing(verdict)
    for line in dict.fromkeys(_line(reason, policy.rules) for reason in reasons):
        yield f"{line.about}: {line.then}"
    for ground in seconding.said(decision).grounds:
        yield f"{ground.label}."


def _line(reason: Mapping[str, Any], rules: Rules) -> Clause:
    rule = reason["rule"]
    if rule == "declared.none":
        return NO_AI
    name = _BY_PATH.get(reason.get("clause") or "") or next(
        (question for start, question in _BY_RULE.items() if rule.startswith(start)), None
    )
    return clause(name, rules) if name else UNCHECKED


def _automation(verdict: Verdict, decision: Decision | None) -> str:
    if seconding.said(decision).by_two:
        return _(
            "Checks by machine were used: they looked at the file and the statement and asked for a person. "
            "Two people looked at the work, one after the other, and decided."
        )
    if decision is not None:
        return _(
            "Checks by machine were used: they looked at the file and the statement and asked for a person. "
            "A person looked at the work and decided."
        )
    if verdict.route == Route.PERSON:
        return _(
            "Checks by machine looked at the file and the statement and left a question open. They decided "
            "nothing; a person will."
        )
    return _(
        "Checks by machine looked at the file and the statement, and the contest's rules concluded by "
        "themselves. No person decided."
    )


def _by_the_clock() -> str:
    return _(
        "Nobody decided the appeal in time, so the clock ended it as you had asked. Before that, checks by "
        "machine had looked at the file and the statement."
    )


def _contest(entry: Entry) -> str:
    if entry.state == State.HELD:
        return _(
            "Nothing is decided yet. On the entry's page you can change your statement and say more; the "
            "person who decides reads it."
        )
    judgement = judgements.in_force(entry)
    bar = judgement.bar if judgement else None
    if judgement is not None and judgement.until is not None and bar is None:
        days = judgement.rules.clocks.appeal_decision
        return ngettext(
            "You can appeal on the entry's page below, until %(last)s: say what was overlooked, and add "
            "files. Somebody who had no part in this judgement decides within %(days)s day; what nobody "
            "decides in time ends as you asked.",
            "You can appeal on the entry's page below, until %(last)s: say what was overlooked, and add "
            "files. Somebody who had no part in this judgement decides within %(days)s days; what nobody "
            "decides in time ends as you asked.",
            days,
        ) % {"last": moment(judgement.until, entry), "days": days}
    if bar == Bar.OPEN:
        return _("Your appeal waits for its decision. The entry's page below says until when.")
    if bar in (Bar.USED, Bar.FINAL):
        return _(
            "Your appeal has ended, and there is no further one here. The entry's page below has the "
            "reasons and a signed receipt to take along. Courts and the bodies that settle disputes out of "
            "court stay open to you."
        )
    return _(
        "Write to %(organization)s, who run the contest, and say what was overlooked; the entry's page below "
        "has the reasons and a signed receipt to send along. Courts and the bodies that settle disputes out "
        "of court stay open to you."
    ) % {"organization": entry.contest.organization}
