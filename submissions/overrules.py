"""Organizers overrule a fact of the catalogue for their contest: openly, with a reason, and not backwards.

What was judged before stays as it was judged; a finding names the last overrule that it knew.
"""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet

from submissions import catalogue
from submissions.catalogue import Catalogue, Fact, PartialDate, Source
from submissions.models import Contest, Overrule, Overruled, User


class UnknownSubject(ValueError):
    """The catalogue has no such model or dataset."""


class NothingOverruled(ValueError):
    """There is no overrule that could be taken back."""


@dataclass(frozen=True)
class InForce:
    """What holds in one contest."""

    rows: tuple[Overrule, ...]
    mark: str
    """The last row that was ever added, or nothing: by it a finding says what it knew."""

    @cached_property
    def catalogue(self) -> Catalogue:
        """The catalogue as it stands in this contest."""
        if not self.rows:
            return catalogue.load()
        of = {kind: {row.subject: _fact(row) for row in self.rows if row.kind == kind} for kind in Overruled}
        return catalogue.overrule(catalogue.load(), of[Overruled.MODEL], of[Overruled.DATASET])


def in_force(contest: Contest) -> InForce:
    last: dict[tuple[str, str], Overrule] = {}
    rows = list(contest.overrules.select_related("by"))  # the latest first
    for row in rows:
        last.setdefault((row.kind, row.subject), row)
    return InForce(tuple(row for row in last.values() if row.licence_class), str(rows[0].pk) if rows else "")


def overrule(
    contest: Contest, *, kind: str, subject: str, licence_class: str, reason: str, by: User
) -> Overrule:
    """Let another class hold for ``subject`` from now on; raises ``UnknownSubject``."""
    known = catalogue.load()
    if subject not in (known.models if kind == Overruled.MODEL else known.datasets):
        raise UnknownSubject(subject)
    return Overrule.objects.create(
        contest=contest,
        kind=kind,
        subject=subject,
        licence_class=licence_class,
        reason=reason.strip(),
        by=by,
    )


def take_back(contest: Contest, *, kind: str, subject: str, reason: str, by: User) -> Overrule:
    """Let the catalogue's fact hold again; raises ``NothingOverruled``."""
    if not any((row.kind, row.subject) == (kind, subject) for row in in_force(contest).rows):
        raise NothingOverruled(subject)
    return overrule(contest, kind=kind, subject=subject, licence_class="", reason=reason, by=by)


def history(contest: Contest) -> QuerySet[Overrule]:
    return contest.overrules.select_related("by")


def name(row: Overrule) -> str:
    """What the row is about, as the catalogue calls it."""
    known = catalogue.load()
    found = (known.models if row.kind == Overruled.MODEL else known.datasets).get(row.subject)
    return found.name if found else row.subject


def _fact(row: Overrule) -> Fact[catalogue.LicenceClass]:
    day = PartialDate(row.at.date().isoformat())
    source = Source(f"overrule-{row.pk}", str(row.contest.organization), day)
    return Fact(catalogue.LicenceClass(row.licence_class), source, note=row.reason)
