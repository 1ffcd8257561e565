"""What each queue is. Counts, pages and the next case read the same queryset.

A queue is a row: to add one, say which cases lie in it, and where it differs, who works it, in what order,
and how its cases are due.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Case as Either
from django.db.models import Count, IntegerField, OuterRef, Q, Subquery, Value, When
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from moderation import impressions, panel
from moderation.due import ANSWERED, PUT_ASIDE, REVIEWED, DueRule
from moderation.models import Case, CaseKind, CaseQuerySet, PendingDecision
from moderation.panel import FILED, ORGANIZERS, contests_of
from moderation.topics import RULES
from submissions.models import Artwork, Entry, Membership, Role, User

OWNERS = (Role.OWNER,)
# What was escalated, then by the closing date of the contest, with which its categories close; the heaviest
# first, and of these the oldest.
ORDER = ("turn", "contest__closes_at", "-severity", "opened_at", "pk")
TURN = Either(When(escalated_at=None, then=Value(1)), default=Value(0), output_field=IntegerField())


def about(topic: str) -> Q:
    return Q(topics__contains=[topic]) & ~Q(kind__in=FILED)


@dataclass(frozen=True)
class Queue:
    """``where`` says which open cases lie in it, ``roles`` who in the contest's organization may work it."""

    name: str  # in addresses
    title: Promise
    about: Promise
    where: Q
    roles: tuple[Role, ...] = ORGANIZERS
    order: tuple[str, ...] = ORDER
    due: DueRule = REVIEWED
    mine: bool = False  # only what is assigned to whoever asks
    estimates: bool = False  # what an estimate says, so only what the reader has said an impression of
    aside: bool = False  # what is put aside, which every other queue leaves out

    def cases(self, user: User) -> CaseQuerySet:
        """The open cases of this queue that ``user`` may work, in the order in which to work them."""
        return self.among(user, workable(user))

    def among(self, user: User, cases: CaseQuerySet) -> CaseQuerySet:
        """Those of ``cases``, which ``user`` may work, that lie in this queue, in its order."""
        return cases.filter(self.lies(user)).alias(turn=TURN).order_by(*self.order)

    def lies(self, user: User) -> Q:
        """What is true of a case that ``user`` may work when it lies in this queue."""
        now = timezone.now()
        back = Q(on_hold_until=None) | Q(on_hold_until__lte=now)
        where = self.where & (Q(on_hold_until__gt=now) if self.aside else back)
        if self.mine:
            where &= Q(assigned_to=user)
        if self.estimates:
            where &= impressions.unveiled(user)
        if self.roles != ORGANIZERS:
            where &= Q(contest__in=contests_of(user, self.roles))
        return where


QUEUES: Mapping[str, Queue] = {
    queue.name: queue
    for queue in (
        Queue(
            "escalated",
            _("Escalated"),
            _("A reviewer asks those who own the organization to decide."),
            Q(escalated_at__isnull=False),
            roles=OWNERS,
        ),
        Queue("all", _("All open cases"), _("Every entry that waits for a person."), Q()),
        Queue("mine", _("Mine"), _("What is assigned to you."), Q(), mine=True),
        Queue(
            "appeals",
            _("Appeals"),
            _(
                "An entrant says that a judgement is wrong. Who judged the entry before has no part in it. "
                "What nobody decides by its day ends as the entrant asks."
            ),
            Q(kind=CaseKind.APPEAL),
            due=ANSWERED,
        ),
        Queue(
            "claims",
            _("Claims"),
            _("An artist says that the entry uses their work."),
            Q(kind=CaseKind.CLAIM),
            due=ANSWERED,
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
            _(
                "An estimate from the pixels, or a cloak that forbids one. No proof. Where a contest hides "
                "it first, a case lies here once you have said what you take the work for."
            ),
            about("signs"),
            estimates=True,
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
        Queue(
            "aside",
            _("Put aside"),
            _("A reviewer waits for something. Each comes back by itself on its day."),
            ~Q(pk__in=PendingDecision.objects.values("case")),  # decided: these wait for nobody
            order=("on_hold_until", "pk"),
            due=PUT_ASIDE,
            aside=True,
        ),
    )
}


def open_to(user: User) -> list[Queue]:
    """The queues that ``user`` has a role for anywhere: none for whoever organizes nothing."""
    roles = set(Membership.objects.filter(user=user).values_list("role", flat=True).distinct())
    return [queue for queue in QUEUES.values() if roles.intersection(queue.roles)]


def workable(user: User) -> CaseQuerySet:
    """Open cases of the contests that ``user`` organizes, except those that others must decide.

    These are what something keeps them from, and what was escalated to the owners.
    """
    escalated = Q(escalated_at=None) | Q(contest__in=contests_of(user, OWNERS))
    return panel.workable(user).filter(escalated)


def for_others(user: User) -> CaseQuerySet:
    """Open appeals and claims in contests that ``user`` organizes but may not decide."""
    mine = Case.objects.open().filter(panel.decided_before(user), contest__in=contests_of(user))
    return mine.exclude(entry__in=Entry.objects.filter(entrant=user))


def own(user: User) -> CaseQuerySet:
    """Open cases about entries of ``user`` in contests they organize: others must decide them."""
    return Case.objects.open().filter(
        entry__in=Entry.objects.filter(entrant=user), contest__in=contests_of(user)
    )


def counts(user: User, cases: CaseQuerySet) -> list[tuple[Queue, int]]:
    """How many of ``cases``, which ``user`` may work, lie in each queue open to them, in one query."""
    queues = open_to(user)
    counted = cases.aggregate(**{queue.name: Count("pk", filter=queue.lies(user)) for queue in queues})
    return [(queue, counted[queue.name]) for queue in queues]


def shown(keys: Iterable[int]) -> list[Case]:
    """The cases with ``keys``, in their order, with what a row of a page shows."""
    first = Artwork.objects.filter(entry=OuterRef("entry")).exclude(thumbnail="").order_by("position", "pk")
    found = (
        Case.objects.filter(pk__in=list(keys))
        .select_related("entry", "contest__review_settings", "verdict", "assigned_to")
        .annotate(cover=Subquery(first.values("public_id")[:1]))
        .in_bulk()
    )
    return [found[key] for key in keys if key in found]


def following(cases: CaseQuerySet, case: Case) -> Case | None:
    """The case after ``case`` in the order that ``cases`` have; at the end, the first that was passed over.

    ``case`` itself need not be among them any more: where it stood is asked of its row.
    """
    return _behind(cases, case, _place(cases, case))


def neighbours(cases: CaseQuerySet, case: Case) -> tuple[Case | None, Case | None]:
    """The case before ``case`` in the order that ``cases`` have, None at the beginning; and the following."""
    turned = [name.removeprefix("-") if name.startswith("-") else f"-{name}" for name in _columns(cases)]
    place = _place(cases, case)
    return _beyond(cases.order_by(*turned), place), _behind(cases, case, place)


def _columns(cases: CaseQuerySet) -> list[str]:
    return [str(name) for name in cases.query.order_by]


def _place(cases: CaseQuerySet, case: Case) -> tuple[Any, ...]:
    """What the columns by which ``cases`` are ordered say of ``case``."""
    names = [column.removeprefix("-") for column in _columns(cases)]
    place: tuple[Any, ...] = Case.objects.filter(pk=case.pk).annotate(turn=TURN).values_list(*names).get()
    return place


def _behind(cases: CaseQuerySet, case: Case, place: tuple[Any, ...]) -> Case | None:
    return _beyond(cases, place) or cases.exclude(pk=case.pk).first()


def _beyond(cases: CaseQuerySet, place: tuple[Any, ...]) -> Case | None:
    return None if None in place else cases.filter(_after(_columns(cases), place)).first()


def _after(columns: Iterable[str], place: Iterable[Any]) -> Q:
    """What is true of a row behind ``place``: some column lies further on, and those before it are equal."""
    behind, level = Q(pk__in=[]), Q()
    for column, value in zip(columns, place, strict=True):
        name, further = column.removeprefix("-"), "lt" if column.startswith("-") else "gt"
        behind |= level & Q(**{f"{name}__{further}": value})
        level &= Q(**{name: value})
    return behind
