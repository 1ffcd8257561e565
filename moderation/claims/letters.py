"""What letters about claims tell: facts, rules, the part of machines, how to contest, until when."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from moderation import seconding
from moderation.claims import trust, words
from moderation.models import Claim, ClaimAnswer, ClaimEnd, ClaimOutcome, ClaimSuspension
from moderation.statements import of_reasons
from submissions import notices
from submissions.models import Entry, Notice
from submissions.reading import CLOCK_WORDS
from submissions.reasons import Statement

Told = Mapping[str, Any]


def _key(notice: Notice) -> int:
    """Of the row that a letter about claims is about; all of them have one."""
    assert notice.about is not None
    return notice.about


def _page(name: str, claim: Claim) -> str:
    return f"{settings.SITE_URL}{reverse(f'moderation:{name}', args=[claim.public_id])}"


def _rules(entry: Entry) -> list[str]:
    """The version in force, and the clocks that claims run by."""
    policy = entry.contest.policy
    version = _("Version %(number)s of the rules of %(contest)s.") % {
        "number": policy.number,
        "contest": entry.contest,
    }
    days = [
        _("%(what)s within %(days)s days.")
        % {"what": CLOCK_WORDS[name], "days": getattr(policy.rules.clocks, name)}
        for name in ("claim", "answer", "claim_decision")
    ]
    return [version, *days]


def _elsewhere(entry: Entry) -> str:
    return _(
        "Write to %(organization)s, who run the contest, and say what was overlooked. Courts and the bodies "
        "that settle disputes out of court stay open to you."
    ) % {"organization": entry.contest.organization}


def filed(notice: Notice) -> Told:
    claim = Claim.objects.select_related("work", "artist", "case").get(pk=_key(notice))
    answer_until = words.when(claim.answer_until, notice.reader)
    decided_by = words.when(claim.case.due_at, notice.reader)
    automation = (
        _("A comparison by machine had found the region, and a person, the artist, filed the claim.")
        if claim.sighting_id
        else _("None: a person, the artist, filed the claim.")
    )
    return {
        "claim": claim,
        "answer_until": answer_until,
        "decided_by": decided_by,
        "reasons": [claim.words],
        "statement": Statement(
            rules=_rules(notice.entry),
            automation=automation + " " + _("No machine decides it."),
            contest=_(
                "Answer on the page below until %(answer)s. Somebody who has not judged your entry decides "
                "by %(decision)s, and reads your answer. If nobody decides by then, it ends in your favour."
            )
            % {"answer": answer_until, "decision": decided_by},
        ),
        "link": _page("claim_answer", claim),
    }


def answered(notice: Notice) -> Told:
    answer = ClaimAnswer.objects.select_related("claim__work", "claim__case").get(claim=_key(notice))
    return {
        "claim": answer.claim,
        "reasons": [f"{answer.get_kind_display()}.", answer.words],
        "decided_by": words.when(answer.claim.case.due_at, notice.reader),
        "link": _page("claim", answer.claim),
    }


def _ended(end: ClaimEnd, *, contest: str) -> Statement:
    """The facts of an end beside its sentence."""
    grounds = seconding.said(end.decision).grounds
    automation = (
        _("No machine decided it: a person looked at both pictures and decided.")
        if end.decision
        else _("It ended without a decision; no machine and no person judged it.")
    )
    rules = [*_rules(end.claim.entry), *(f"{ground.label}." for ground in grounds)]
    return Statement(rules=rules, automation=automation, contest=contest)


def _end(notice: Notice) -> ClaimEnd:
    ends = ClaimEnd.objects.select_related(
        "claim__work",
        "claim__artist",
        "claim__entry__category",
        "claim__entry__contest__organization",
        "decision",
    )
    return ends.get(pk=_key(notice))


def closed(notice: Notice) -> Told:
    """To the artist. What they did themselves needs no way to contest it."""
    end = _end(notice)
    own_act = end.outcome == ClaimOutcome.WITHDRAWN
    return {
        "claim": end.claim,
        "said": words.to_artist(end),
        "reasons": seconding.said(end.decision).reasons,
        "statement": None if own_act else _ended(end, contest=_elsewhere(notice.entry)),
        "link": _page("claim", end.claim),
    }


def over(notice: Notice) -> Told:
    """To the entrant; how a rejection is contested, the desk's other letters say too."""
    end = _end(notice)
    general = of_reasons(end.claim.entry)
    contest = general.contest if general else _elsewhere(notice.entry)
    return {
        "claim": end.claim,
        "said": words.to_entrant(end),
        "reasons": seconding.said(end.decision).reasons,
        "statement": _ended(end, contest=contest),
        "link": _page("claim_answer", end.claim),
    }


def suspended(notice: Notice) -> Told:
    row = ClaimSuspension.objects.select_related("claim__work").get(pk=_key(notice))
    record = trust.record_of(row.person)
    return {
        "claim": row.claim,
        "until": words.when(row.until, notice.reader),
        "reasons": [row.reason],
        "statement": Statement(
            rules=[
                _("Claims that are plainly unfounded, or many that are, may suspend the right to file them."),
                _("Of your claims %(decided)s were decided, and %(upheld)s upheld.")
                % {"decided": record.decided, "upheld": record.upheld},
            ],
            automation=_("None: a person decided it."),
            contest=_elsewhere(notice.entry),
        ),
        "link": _page("claim", row.claim),
    }


def unsuspended(notice: Notice) -> Told:
    row = ClaimSuspension.objects.select_related("claim__work").get(pk=_key(notice))
    return {"claim": row.claim, "reasons": [row.lifted_because], "link": _page("claim", row.claim)}


TELLERS = {
    "claim_filed": filed,
    "claim_answered": answered,
    "claim_closed": closed,
    "claim_over": over,
    "claim_suspended": suspended,
    "claim_unsuspended": unsuspended,
}


def register() -> None:
    notices.tellers.update(TELLERS)
