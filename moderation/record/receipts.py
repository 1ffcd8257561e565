"""The receipt: what the record holds of one entry, signed, with the way to a published head.

It shows the entrant what their page tells them and nothing else: of a finding its name only where the
verdict names it as a reason, never a score, a mark, another's work or who decided. What is not shown stands
there as a hash whose key stays here.
"""

import base64
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone, translation

from moderation import seconding
from moderation.models import CheckResult, Decision, Screening, Verdict
from moderation.reasons import pressing
from moderation.record.check_receipt import FORMAT, canonical, read
from moderation.record.keys import signing_key
from moderation.record.kinds import kinds
from moderation.record.verifying import FIRST
from submissions import reasons
from submissions.models import Contest, Entry, Link, PublishedHead, User

# Sealed columns that an entrant may read of every link of a kind.
OPEN = {
    "decision": ("reason",),
    "appeal": ("words",),
    "waiver": ("reason",),
    "claim": ("words",),
    "claim_answer": ("words", "file_sha256"),
}
NAMED = ("lane", "outcome", "code")  # of findings that are a reason
STATED = ("route", "grounds", "reason")  # of an opinion with which the decision agreed


def receipt(entry: Entry, reader: User) -> dict[str, Any]:
    """The receipt as JSON; raises ``KeyUnusable``. Its numbers are kept as they were written."""
    links = list(entry.links.order_by("position"))
    with translation.override(reader.language):
        said = reasons.of(entry, reader)
    signed = {
        "format": FORMAT,
        "site": settings.SITE_URL,
        "made_at": timezone.now().isoformat(timespec="seconds"),
        "contest": {"slug": entry.contest.slug, "title": entry.contest.title},
        "entry": {"id": str(entry.public_id), "title": entry.title, "state": entry.state},
        "files": [
            {"number": number, "sha256": artwork.sha256, "media_type": artwork.media_type}
            for number, artwork in enumerate(entry.artworks.all(), start=1)
        ],
        "screenings": list(_screenings(entry)),
        "reasons": said,
        "links": [_shown(link, told) for link, told in zip(links, _told(entry, links), strict=True)],
        "paths": list(_paths(entry.contest, [link.position for link in links])),
    }
    signature = signing_key().sign(canonical(signed).encode())
    return {"signed": signed, "signature": base64.b64encode(signature).decode()}


def _screenings(entry: Entry) -> Iterator[dict[str, Any]]:
    """Under which rules, by which checks, models and snapshots of the index the entry was looked at."""
    rows: Iterable[Screening] = entry.screenings.select_related("policy").order_by("number")
    for screening in rows:
        used = screening.results.order_by("check_name", "pk").values_list("check_name", "versions")
        checks: list[dict[str, Any]] = []
        for check, versions in used:
            one = {"check": check, "versions": versions}
            if one not in checks:
                checks.append(one)
        verdict = Verdict.objects.filter(screening=screening).first()
        yield {
            "number": screening.number,
            "rules_version": screening.policy.number,
            "policy_engine": verdict.policy_engine if verdict else None,
            "checks": checks,
        }


def _told(entry: Entry, links: Sequence[Link]) -> Iterator[tuple[str, ...]]:
    """For each link the sealed columns that its entrant may read."""
    reasons_ = {
        (verdict.screening_id, code)
        for verdict in Verdict.objects.filter(screening__entry=entry)
        for reason in pressing(verdict)
        for code in reason["codes"]
    }
    findings = CheckResult.objects.filter(screening__entry=entry)
    named = {row.pk for row in findings if (row.screening_id, row.code) in reasons_}
    agreed = {row.pk for row in map(seconding.agreed, Decision.objects.filter(case__entry=entry)) if row}
    for link in links:
        if link.kind == "finding":
            yield NAMED if link.row in named else ()
        elif link.kind == "opinion":
            yield STATED if link.row in agreed else ()
        else:
            yield OPEN.get(link.kind, ())


def _shown(link: Link, told: Sequence[str]) -> dict[str, Any]:
    kind = kinds()[link.kind]
    chained = kind.chained
    with connection.cursor() as cursor:
        cursor.execute(
            f"select ({chained.facts_of('r')})::text, "  # noqa: S608 -- names come from our models
            f"({chained.sealed_of('r')})::text from {kind.table} r where r.id = %s",
            [link.row],
        )
        ((facts, sealed),) = cursor.fetchall()
    values = read(sealed)
    return {
        "contest": link.contest_id,
        "entry": str(link.entry.public_id),
        "position": link.position,
        "kind": link.kind,
        "row": link.row,
        "facts": read(facts),
        "sealed": link.sealed,
        "shown": {
            name: {"key": link.keys[name], "value": read(values[name])} for name in told if name in link.keys
        },
    }


def _paths(contest: Contest, positions: Sequence[int]) -> Iterator[dict[str, Any]]:
    """From the links at ``positions`` to the next heads that were published after them; the last path leads
    to the chain's end where nothing was published since."""
    heads = list(PublishedHead.objects.filter(contest=contest).order_by("position"))
    left = list(positions)
    while left:
        start = left[0]
        head = next((one for one in heads if one.position >= start), None)
        end = head.position if head else left[-1]
        links = contest.links.filter(position__gte=start - 1, position__lte=end).order_by("position")
        rows = list(links.values_list("position", "content", "hash"))
        previous = rows.pop(0)[2] if start > 1 else FIRST
        yield {
            "from": start,
            "previous": previous,
            "contents": [content for _position, content, _hash in rows],
            "head": {
                "position": end,
                "hash": rows[-1][2],
                "published": head.at.isoformat(timespec="seconds") if head else None,
            },
        }
        left = [position for position in left if position > end]
