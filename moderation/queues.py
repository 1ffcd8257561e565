"""What each queue is. Counts, pages and the next case read the same queryset.

A queue is a row: to add one, say which cases lie in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Q, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from moderation import panel
from moderation.models import Case, CaseKind, CaseQuerySet
from moderation.topics import RULES
from submissions.models import Artwork, Role, User

ORGANIZERS = (Role.OWNER, Role.ORGANIZER)
ORDER = ("due_at", "pk")


def about(topic: str) -> Q:
    return Q(kind__in=[CaseKind.REVIEW, CaseKind.EXERCISE], topics__contains=[topic])


@dataclass(frozen=True)
class Queue:
    """``where`` says which open cases lie in it, ``roles`` who in the contest's organization may work it."""

    name: str  # in addresses
    title: Promise
    about: Promise
    where: Q
    roles: tuple[Role, ...] = ORGANIZERS
    order: tuple[str, ...] = ORDER

    def cases(self, user: User) -> CaseQuerySet:
        """The open cases of this queue that ``user`` may work, in the order in which to work them."""
        return workable(user, self.roles).filter(self.where).order_by(*self.order)


QUEUES: Mapping[str, Queue] = {
    queue.name: queue
    for queue in (
        Queue("all", _("All open cases"), _("Every entry that waits for a person."), Q()),
        Queue(
            "appeals",
            _("Appeals"),
            _("An entrant says that a judgement is wrong. Who judged the entry before has no part in it."),
            Q(kind=CaseKind.APPEAL),
        ),
        Queue(
            "claims",
            _("Claims"),
            _("An artist says that an entry uses their work."),
            Q(kind=CaseKind.CLAIM),
        ),
        Queue(
            "contradictions",
            _("Statement and evidence disagree"),
            _("The form says one thing, the file another."),
            about("contradictions"),
        ),
        Queue(
            "copies",
            _("Copies of protected works"),
            _("A region repeats a registered work, verified point by point."),
            about("copies"),
        ),
        Queue(
            "signs",
            _("Signs of generation"),
            _("An estimate from the pixels, or a cloak that forbids one. No proof."),
            about("signs"),
        ),
        Queue(
            "before",
            _("Entered before"),
            _("The same file or picture was handed in earlier."),
            about("before"),
        ),
        Queue(
            "unchecked",
            _("Could not be checked"),
            _("A check could not look. That says nothing about the work."),
            about("unchecked"),
        ),
        Queue(
            "rules",
            _("The rules ask for a person"),
            _("Nothing is in doubt; the contest wants a person to decide such entries."),
            about(RULES),
        ),
    )
}


def workable(user: User, roles: tuple[Role, ...] = ORGANIZERS) -> CaseQuerySet:
    """Open cases of the contests that ``user`` organizes, except those that something keeps them from."""
    return panel.workable(user, roles)


def own(user: User) -> CaseQuerySet:
    """Open cases about entries of ``user`` in contests they organize: others must decide them."""
    return Case.objects.open().filter(
        entry__entrant=user,
        entry__contest__organization__memberships__user=user,
        entry__contest__organization__memberships__role__in=ORGANIZERS,
    )


def counts(cases: CaseQuerySet) -> dict[str, int]:
    """How many of ``cases`` lie in each queue, in one query."""
    return cases.aggregate(**{name: Count("pk", filter=queue.where) for name, queue in QUEUES.items()})


def for_page(cases: CaseQuerySet) -> CaseQuerySet:
    """``cases`` with what a row of a page shows: entry, contest, verdict and the first picture's address."""
    first = Artwork.objects.filter(entry=OuterRef("entry")).exclude(thumbnail="").order_by("position", "pk")
    return cases.select_related("entry__contest__organization", "verdict").annotate(
        cover=Subquery(first.values("public_id")[:1])
    )


def following(cases: CaseQuerySet, case: Case) -> Case | None:
    """The case after ``case`` in the order of ``ORDER``; at the end, the first that was passed over."""
    later = cases.filter(Q(due_at__gt=case.due_at) | Q(due_at=case.due_at, pk__gt=case.pk)).first()
    return later or cases.exclude(pk=case.pk).first()
