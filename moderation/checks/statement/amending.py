"""What was stated before: amendments, and protection that no file bears out."""

from collections.abc import Iterator
from datetime import datetime

from moderation.checks.statement.rule import Said, Severity, rule
from moderation.checks.statement.seen import Seen
from moderation.models import Verdict
from moderation.verdicts import Lane, Outcome, Route
from submissions.models import Artwork, Disclosure
from submissions.rules import AILevel
from submissions.states import State

FROM_LITTLE_TO_MUCH = tuple(AILevel)
TELLING = (Lane.STATEMENT, Lane.PROVENANCE, Lane.SYNTHETIC)


def _told_before(seen: Seen) -> tuple[Disclosure, datetime] | None:
    """The last statement that a finding against it was shown for, before the present one was made."""
    verdict = (
        Verdict.objects.filter(
            screening__entry=seen.look.entry,
            screening__disclosure__version__lt=seen.disclosure.version,
            at__lt=seen.disclosure.created,
            route=Route.PERSON,
            screening__results__outcome=Outcome.FLAG,
            screening__results__lane__in=TELLING,
        )
        .select_related("screening__disclosure")
        .order_by("-screening__number")
        .first()
    )
    return (verdict.screening.disclosure, verdict.at) if verdict else None


def _lowered(seen: Seen, before: Disclosure) -> bool:
    return FROM_LITTLE_TO_MUCH.index(seen.level) < FROM_LITTLE_TO_MUCH.index(AILevel(before.level))


@rule(Severity.NOTE)
def amended_after_finding(seen: Seen) -> Iterator[Said]:
    """The statement was changed after a finding was shown. That is what amending is for; it is only noted."""
    if (told := _told_before(seen)) and not _lowered(seen, told[0]):
        yield Said(data={"version": seen.disclosure.version, "at": told[1].date().isoformat()})


@rule(Severity.DOUBT)
def lowered_after_finding(seen: Seen) -> Iterator[Said]:
    """After a finding was shown, the statement tells of less AI than before."""
    if (told := _told_before(seen)) and _lowered(seen, told[0]):
        before, now = told[0].get_level_display(), seen.disclosure.get_level_display()
        yield Said(data={"before": str(before), "now": str(now), "at": told[1].date().isoformat()})


@rule(Severity.NOTE)
def cloak_without_a_change(seen: Seen) -> Iterator[Said]:
    """A cloak is declared of a file that was handed in before without one, byte for byte the same.

    A cloak changes the bytes. Never against its maker: the first form may have left it out.
    """
    if not seen.disclosure.cloaks:
        return
    own = Disclosure.objects.filter(entry=seen.look.entry, version__lt=seen.disclosure.version)
    if own.filter(cloaks=[], attested_at__isnull=False).exists():
        yield Said()
        return
    for artwork in seen.look.artworks:
        earlier = (
            Artwork.objects.filter(
                sha256=artwork.artwork.sha256,
                entry__entrant=seen.look.entry.entrant,
                entry__submitted_at__lt=seen.look.entry.submitted_at,
            )
            .exclude(entry=seen.look.entry)
            .exclude(entry__state=State.DRAFT)
            .first()
            if seen.look.entry.submitted_at
            else None
        )
        stated = earlier.entry.disclosure if earlier else None
        if stated and not stated.cloaks:
            yield Said(artwork.pk)
