"""A person's artist profiles, and the portfolio of each."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, Q, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.vary import vary_on_headers

from matching.forms.works import ArtistForm
from matching.models import Artist, ImportState, ProofState, Work, WorkState
from matching.registry import conflicts, sharing
from matching.views.doors import kept_artist, wants_part

WORKS_A_PAGE = 48
IMPORTS_SHOWN = 3


def home(request: HttpRequest) -> HttpResponse:
    """What the registry is, to a visitor; their profiles, to a person who is signed in."""
    if not request.user.is_authenticated:
        return render(request, "matching/welcome.html")
    pictured = Work.objects.kept().filter(artist=OuterRef("pk")).exclude(thumbnail="")
    artists = (
        Artist.objects.filter(owner=request.user)
        .annotate(
            kept=Count("works", filter=~Q(works__state=WorkState.WITHDRAWN)),
            matchable=Count("works", filter=Q(works__state=WorkState.MATCHABLE)),
            cover=Subquery(pictured.values("public_id")[:1]),
        )
        .order_by("name", "pk")
    )
    context = {"artists": artists, "asked": sharing.asked_of(request.user)}
    return render(request, "matching/home.html", context)


@login_required
def create(request: HttpRequest) -> HttpResponse:
    form = ArtistForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.instance.owner = request.user
        artist = form.save()
        messages.success(request, _("The profile is there. Now register the works you want protected."))
        return redirect("matching:portfolio", artist.public_id)
    return render(request, "matching/artist_form.html", {"form": form})


@login_required
def edit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    artist = kept_artist(request, public_id)
    form = ArtistForm(request.POST or None, instance=artist)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("matching:portfolio", public_id)
    # The form has written into its instance already, right or wrong; the heading keeps the name that stands.
    return render(request, "matching/artist_form.html", {"form": form, "artist_name": form.initial["name"]})


@login_required
@vary_on_headers("HX-Request")
def portfolio(request: HttpRequest, public_id: UUID) -> HttpResponse:
    artist = kept_artist(request, public_id)
    counts = _counts(artist)
    state = request.GET.get("state", "")
    works = artist.works.defer("features")
    works = works.filter(state=state) if state in WorkState.values else works.kept()
    page = Paginator(works, WORKS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "artist": artist,
        "page": page,
        "state": state if state in WorkState.values else "",
        "tabs": [(one.value, one.label, counts.get(one, 0)) for one in WorkState],
        "kept": sum(count for name, count in counts.items() if name != WorkState.WITHDRAWN),
        "pending": counts.get(WorkState.PENDING, 0),
        "open_conflicts": conflicts.of_artist(artist).filter(closed_at=None).count(),
        "is_proved": artist.proofs.filter(state=ProofState.ACCEPTED, work=None).exists(),
        "under_way": artist.imports.filter(state=ImportState.RUNNING)[:IMPORTS_SHOWN],
        "imports": artist.imports.exclude(state=ImportState.RUNNING)[:IMPORTS_SHOWN],
    }
    template = "matching/portfolio.html#works" if wants_part(request) else "matching/portfolio.html"
    return render(request, template, context)


def _counts(artist: Artist) -> dict[str, int]:
    rows = artist.works.order_by().values_list("state").annotate(Count("pk"))
    return dict(rows)
