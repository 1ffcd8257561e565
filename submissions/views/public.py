"""What anyone may see: the house, its contests, their rules and what hangs."""

from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
)
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from submissions import overrules, wording
from submissions.models import Artwork, CategoryKind, Contest, Disclosure, Entry, Move, PolicyVersion
from submissions.reading import RUNNING_CLOCKS, reading
from submissions.rules import AILevel
from submissions.states import State

CONTESTS_A_PAGE = 20
ENTRIES_A_PAGE = 48


def home(request: HttpRequest) -> HttpResponse:
    contests = _with_rules(Contest.objects.open()).order_by("closes_at")[:6]
    hung = _hung().filter(Exists(_covers()), contest__published=True)
    latest = hung.select_related("contest").order_by("-submitted_at")[:4]
    return render(request, "submissions/home.html", {"contests": contests, "hung": latest})


def contests(request: HttpRequest) -> HttpResponse:
    listed = _with_rules(Contest.objects.public()).order_by("-closes_at")
    page = Paginator(listed, CONTESTS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "submissions/contests.html", {"page": page})


def contest(request: HttpRequest, slug: str) -> HttpResponse:
    found = _public_contest(slug)
    policy = found.policy
    context = {
        "contest": found,
        "policy": policy,
        "chapters": reading(policy.rules, clocks=RUNNING_CLOCKS),
        "always": wording.ALWAYS,
        "overruled": [(row, overrules.name(row)) for row in overrules.in_force(found).rows],
        "categories": found.categories.order_by("-kind"),
        "hung": _hung().filter(contest=found)[:4],
    }
    return render(request, "submissions/contest.html", context)


def rules_version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One version of a contest's rules, as it stands for those whom it judged."""
    found = _public_contest(slug)
    version = get_object_or_404(PolicyVersion, contest=found, number=number)
    context = {
        "contest": found,
        "version": version,
        "is_in_force": version == found.policy,
        "chapters": reading(version.rules, clocks=RUNNING_CLOCKS),
    }
    return render(request, "submissions/rules_version.html", context)


def gallery(request: HttpRequest, slug: str) -> HttpResponse:
    """What hangs, one category at a time; the AI category shows apart what was made without permission."""
    found = _public_contest(slug)
    categories = list(found.categories.order_by("-kind"))
    chosen = next((one for one in categories if one.kind == request.GET.get("category")), None)
    chosen = chosen or next(iter(categories), None)
    moves = Move.objects.filter(entry=OuterRef("pk"), new=State.HUNG).order_by("-pk")
    hung = _hung().filter(contest=found, category=chosen).annotate(hung_at=Subquery(moves.values("at")[:1]))
    hung = hung.order_by("shown_apart", "submitted_at", "pk")
    page = Paginator(hung, ENTRIES_A_PAGE).get_page(request.GET.get("page"))
    context = {"contest": found, "categories": categories, "chosen": chosen, "page": page}
    return render(request, "submissions/gallery.html", context)


def shown(request: HttpRequest, slug: str, public_id: UUID) -> HttpResponse:
    """A hung entry, with what its entrant said of how it was made."""
    entries = Entry.objects.filter(state=State.HUNG).select_related("contest__organization", "category")
    statements = Disclosure.objects.filter(attested_at__isnull=False).order_by("-version")
    entry = get_object_or_404(
        entries.prefetch_related("artworks", Prefetch("disclosures", statements.prefetch_related("tools"))),
        public_id=public_id,
        contest__slug=slug,
        contest__published=True,
    )
    disclosure = next(iter(entry.disclosures.all()), None)
    context = {"entry": entry, "contest": entry.contest, "disclosure": disclosure}
    return render(request, "submissions/shown.html", context)


def _public_contest(slug: str) -> Contest:
    return get_object_or_404(_with_rules(Contest.objects.public()), slug=slug)


def _with_rules(contests: QuerySet[Contest]) -> QuerySet[Contest]:
    """A contest that has no rules yet can't say what will judge an entry: it is nowhere to be seen."""
    rules = PolicyVersion.objects.filter(contest=OuterRef("pk"))
    return contests.filter(Exists(rules)).select_related("organization")


def _hung() -> QuerySet[Entry]:
    """What hangs anywhere, with its ``cover``, the ``level`` of AI use that was stated, and whether it was
    ``placed`` in another category than the statement says."""
    said = Disclosure.objects.filter(entry=OuterRef("pk"), attested_at__isnull=False).order_by("-version")
    return Entry.objects.filter(state=State.HUNG).annotate(
        cover=Subquery(_covers().values("public_id")[:1]),
        level=Subquery(said.values("level")[:1]),
        placed=ExpressionWrapper(
            Q(category__kind=CategoryKind.AI, level=AILevel.NONE)
            | Q(category__kind=CategoryKind.HUMAN, level=AILevel.GENERATED),
            output_field=BooleanField(),
        ),
    )


def _covers() -> QuerySet[Artwork]:
    """Of the entry that is asked for: its pictures that can be shown, the first first."""
    return Artwork.objects.filter(entry=OuterRef("pk")).exclude(thumbnail="").order_by("position", "pk")
