"""Judged entries that may be appealed, and appeals."""

from datetime import datetime, timedelta
from typing import Any

import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from moderation import decisions
from moderation.appeals import filing
from moderation.models import Appeal, Decision
from moderation.verdicts import Route
from submissions import notices
from submissions.models import Contest, Entry, LicenceClass, Notice, User
from submissions.rules import PRESETS, AILevel
from submissions.uploads import Taken, take_process_file
from tests.factories import make_contest, make_member
from tests.moderation.rows import CONTRADICTION, NO_CREDENTIALS, make_judged

REASON = "The statement does not fit the file."
WORDS = "I drew it by hand; the layers show it."
SCRAPED = {"licence_class": LicenceClass.SCRAPED}


def rejected(*, by: User | None = None, **fields: Any) -> Entry:
    """An entry for the human category that a person rejected, and whose letter has left."""
    return decided(Route.REJECT, by=by, **fields)


def decided(route: Route, *, by: User | None = None, **fields: Any) -> Entry:
    entry = make_judged(CONTRADICTION, **fields)
    grounds = ["statement"] if route == Route.REJECT else []
    by = by or make_member(entry.contest.organization)
    decisions.decide(entry.cases.get(), by=by, route=route, reason=REASON, grounds=grounds)
    notices.post_waiting()
    entry.refresh_from_db()
    return entry


def apart(**fields: Any) -> Entry:
    """An entry that the rules hung under the label by themselves."""
    fields.setdefault("contest", make_contest(rules=PRESETS["open"]))
    entry = make_judged(NO_CREDENTIALS, level=AILevel.GENERATED, tools=[SCRAPED], **fields)
    notices.post_waiting()
    return entry


def appealed(entry: Entry | None = None, *, asks: Route = Route.HUMAN, **fields: Any) -> Appeal:
    entry = entry or rejected()
    return filing.file(entry, by=entry.entrant, **{"asks": asks, "words": WORDS, **fields})


def evidence(content: bytes = b"8BPS layers", name: str = "layers.psd") -> Taken:
    return take_process_file(SimpleUploadedFile(name, content))


def answered(appeal: Appeal, route: Route, *, by: User | None = None) -> Decision:
    """Somebody who had no part decides."""
    grounds = ["statement"] if route == Route.REJECT else []
    by = by or make_member(appeal.entry.contest.organization)
    return decisions.decide(appeal.case, by=by, route=route, reason="Seen the layers.", grounds=grounds)


def later(days: float) -> time_machine.travel:
    return time_machine.travel(timezone.now() + timedelta(days=days))


def close_contest(contest: Contest) -> datetime:
    """The contest's deadline has passed."""
    now = timezone.now()
    Contest.objects.filter(pk=contest.pk).update(
        opens_at=now - timedelta(days=9), closes_at=now - timedelta(minutes=1)
    )
    contest.refresh_from_db()
    return contest.closes_at


def letters(entry: Entry, kind: str) -> int:
    return Notice.objects.filter(entry=entry, kind=kind, reader=entry.entrant).count()
