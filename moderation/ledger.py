"""What an entry owes: it hangs, and repeats a work whose owners ask for a share of what it earns.

A line is added when the entry hangs, under the terms of the finding, and another that ends it when it hangs
no more. What the entry earns, and when the share is paid, is between the organizer and the owners.
"""

import csv
from collections.abc import Iterable, Iterator
from typing import Any, Protocol

from django.db import transaction
from django.db.models import QuerySet

from matching.models import Artist
from moderation.models import LedgerLine, Sighting
from submissions.models import Entry, Organization
from submissions.states import State

COLUMNS = (
    "line",
    "at",
    "kind",
    "contest",
    "entry",
    "entry_title",
    "work",
    "work_title",
    "percent",
    "owners",
    "ends",
    "because",
)
MATCHED = ("copy.verified",)  # what merely informs, or is permitted, owes nothing


class Writable(Protocol):
    def write(self, text: str, /) -> Any: ...


@transaction.atomic
def enter(entry: Entry, *, because: str) -> list[LedgerLine]:
    """Add what ``entry`` owes now that it hangs; a line in force for the same work stays."""
    lines = []
    found = Sighting.objects.filter(artwork__entry=entry, code__in=MATCHED).select_related("work__artist")
    in_force = set(open_lines(entry).values_list("work", flat=True))
    for sighting in found.order_by("pk"):
        percent = sighting.data.get("share_percent")
        if not isinstance(percent, int) or sighting.work_id in in_force:
            continue
        in_force.add(sighting.work_id)
        line = LedgerLine.objects.create(entry=entry, work=sighting.work, percent=percent, because=because)
        line.owners.set(Artist.objects.filter(pk__in=sighting.data.get("sharers", [])))
        lines.append(line)
    return lines


@transaction.atomic
def end(entry: Entry, *, because: str) -> list[LedgerLine]:
    """Add a line for each one in force that ends it."""
    ended = []
    for line in open_lines(entry):
        ending = LedgerLine.objects.create(
            entry=entry, work=line.work, percent=line.percent, ends=line, because=because
        )
        ending.owners.set(line.owners.all())
        ended.append(ending)
    return ended


def open_lines(entry: Entry) -> QuerySet[LedgerLine]:
    return entry.ledger_lines.filter(ends=None, ended_by=None)


def follow(entry: Entry, new: State, *, because: str) -> None:
    """Keep the ledger with the entry's moves."""
    if new == State.HUNG:
        enter(entry, because=because)
    else:
        end(entry, because=because)


def of_organization(organization: Organization) -> QuerySet[LedgerLine]:
    lines = LedgerLine.objects.filter(entry__contest__organization=organization)
    return lines.select_related("entry__contest", "work").prefetch_related("owners").order_by("pk")


def as_rows(lines: Iterable[LedgerLine]) -> Iterator[dict[str, Any]]:
    """Plain rows, of ``COLUMNS``."""
    for line in lines:
        yield {
            "line": line.pk,
            "at": line.at.isoformat(timespec="seconds"),
            "kind": "ends" if line.ends_id else "owes",
            "contest": line.entry.contest.slug,
            "entry": str(line.entry.public_id),
            "entry_title": line.entry.title,
            "work": str(line.work.public_id),
            "work_title": line.work.title or f"work {str(line.work.public_id)[:8]}",
            "percent": line.percent,
            "owners": sorted(owner.name for owner in line.owners.all()),
            "ends": line.ends_id,
            "because": line.because,
        }


def write_csv(file: Writable, lines: Iterable[LedgerLine]) -> None:
    rows = csv.DictWriter(file, COLUMNS)
    rows.writeheader()
    for row in as_rows(lines):
        told = row | {"owners": "; ".join(row["owners"])}
        rows.writerow({name: _as_text(value) for name, value in told.items()})


def _as_text(value: Any) -> Any:
    """Titles and names are strangers' words: a spreadsheet must not take one for a formula."""
    risky = isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r"))
    return f"'{value}" if risky else value
