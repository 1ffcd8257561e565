"""Opening a case: the one way in which an entry comes to wait for a person."""

from datetime import datetime

from moderation import searching, topics
from moderation.models import Case, CaseKind, Claim, Verdict
from submissions.models import Entry


def open_case(
    entry: Entry,
    verdict: Verdict,
    *,
    due_at: datetime,
    kind: CaseKind = CaseKind.REVIEW,
    claim: Claim | None = None,
    opened_at: datetime | None = None,
) -> Case:
    """A case of ``kind`` about ``entry``, as ``verdict`` left it. ``opened_at``: it has waited since then.

    ``claim``: what a case of that kind is to decide.
    """
    since = {} if opened_at is None else {"opened_at": opened_at}
    return Case.objects.create(
        kind=kind,
        entry=entry,
        contest_id=entry.contest_id,
        verdict=verdict,
        claim=claim,
        topics=topics.topics(verdict.reasons),
        severity=topics.severity(verdict.reasons),
        due_at=due_at,
        **searching.found_by(entry, verdict, claim),
        **since,
    )
