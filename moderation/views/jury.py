"""The jury's room: what hangs, and nothing that tells whose it is."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import CharField, F, Func, Prefetch, Value
from django.db.models.functions import Cast, Concat
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from moderation.views import doors
from submissions.models import Artwork, CategoryKind, Entry
from submissions.people import signed_in
from submissions.states import State

ENTRIES_A_PAGE = 30


class Md5(Func):
    """PostgreSQL's ``md5(text)``; here it shuffles, it keeps no secret."""

    function = "md5"
    output_field = CharField()


@login_required
def jury(request: HttpRequest, slug: str) -> HttpResponse:
    """Hung entries of one category, in an order of chance that stays the same for each juror.

    Another juror sees another order, so that no work is favoured by standing first; the order says nothing of
    when or by whom it was entered.
    """
    contest = doors.contest(request, slug, "moderation.see_jury_room")
    categories = list(contest.categories.order_by("-kind"))
    wanted = request.GET.get("category", CategoryKind.HUMAN)
    chosen = next((one for one in categories if one.kind == wanted), categories[0] if categories else None)
    salt = Value(f" {contest.pk} {signed_in(request).pk}")
    pictures = Artwork.objects.only("public_id", "entry", "width", "height", "display", "position")
    entries = (
        Entry.objects.filter(contest=contest, state=State.HUNG, category=chosen)
        .exclude(entrant=signed_in(request))
        .only("public_id", "title", "shown_apart")
        .annotate(chance=Md5(Concat(Cast(F("public_id"), CharField()), salt)))
        .prefetch_related(Prefetch("artworks", queryset=pictures))
        .order_by("chance")
    )
    page = Paginator(entries, ENTRIES_A_PAGE).get_page(request.GET.get("page"))
    context = {"contest": contest, "categories": categories, "chosen": chosen, "page": page}
    return render(request, "moderation/jury.html", context)
