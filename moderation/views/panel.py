"""Who decides in a contest: its settings, conflicts of interest, people who are away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from matching.views.doors import kept_artist
from moderation import interests, panel
from moderation.blind import lift, veil_of
from moderation.forms.panel import (
    AbstainForm,
    AcquaintanceForm,
    AwayForm,
    NameForm,
    RecogniseForm,
    ReviewSettingsForm,
    WhyForm,
)
from moderation.interests import CLEARABLE, Tie
from moderation.models import (
    NAMED,
    Absence,
    Acquaintance,
    Case,
    Dismissal,
    Interest,
    InterestSource,
    Recognition,
    Sighting,
    review_settings,
)
from moderation.views import doors
from moderation.wording.panel import TIES
from submissions.models import Contest, Entry, Role, User
from submissions.people import signed_in

A_PAGE = 30


@login_required
def settings(request: HttpRequest, slug: str) -> HttpResponse:
    """How the contest's cases are reviewed, and by whom."""
    contest = doors.contest(request, slug)
    form = ReviewSettingsForm(request.POST or None, instance=review_settings(contest))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved. It holds for every case that is open now and for those to come."))
        return redirect("moderation:review", slug)
    context = {
        "contest": contest,
        "form": form,
        "people": _people(contest),
        "may_see": _owns(request, contest),
    }
    return render(request, "moderation/review.html", context)


def _owns(request: HttpRequest, contest: Contest) -> bool:
    return signed_in(request).has_perm("moderation.own_contest", contest)


@dataclass(frozen=True)
class Colleague:
    person: User
    holds: int
    """Open cases of this contest that were given to them."""
    may: int
    """Open cases of this contest that they may decide."""
    is_away: bool


def _people(contest: Contest) -> list[Colleague]:
    people = list(panel.organizers(contest))
    absent = set(Absence.objects.filter(panel.away(), person__in=people).values_list("person", flat=True))
    here = Case.objects.open().filter(contest=contest).order_by()
    held = dict(here.values_list("assigned_to").annotate(Count("pk")))
    return [
        Colleague(
            person,
            held.get(person.pk, 0),
            panel.workable(person).filter(pk__in=here.values("pk")).count(),
            person.pk in absent,
        )
        for person in people
    ]


@dataclass(frozen=True)
class Said:
    """One conflict of interest, as its contest's owners read it."""

    row: Interest
    entry: str
    reason: str
    person: User | None
    """Of whom it is said: who bears the name, or whom an owner recognised."""
    recognised: Recognition | None
    may_dismiss: bool
    form: RecogniseForm | None
    """Where a side named somebody whom nobody has recognised yet."""


@dataclass(frozen=True)
class Kept:
    """What keeps one organizer from a case that nobody else may decide."""

    person: User
    why: list[str]
    may_clear: bool


@dataclass(frozen=True)
class Waiting:
    case: Case
    entry: str
    only_away: bool
    kept: list[Kept]


@login_required
def conflicts(request: HttpRequest, slug: str) -> HttpResponse:
    """Conflicts of interest in a contest, for its owners; and what waits for somebody who may decide it."""
    contest = doors.contest(request, slug, "moderation.own_contest")
    user = signed_in(request)
    page = Paginator(interests.in_contest(contest.pk), A_PAGE).get_page(request.GET.get("page"))
    people = list(panel.organizers(contest))
    context = {
        "contest": contest,
        "page": page,
        "said": [_said(row, user, people) for row in page],
        "dismissals": _dismissals(contest),
        "waiting": [_waiting(one, user) for one in panel.stuck(contest)],
    }
    return render(request, "moderation/interests.html", context)


def _said(row: Interest, user: User, people: Sequence[User]) -> Said:
    veil = veil_of(row.entry)
    recognised: Recognition | None = getattr(row, "recognition", None)
    person = row.reviewer or (recognised.reviewer if recognised else None)
    may = row.source in NAMED and person not in (None, user) and not getattr(row, "is_dismissed", False)
    title, reason = row.entry.title, row.reason
    if person == user and row.source in NAMED:
        reason = _("It is about you: another owner reads it and answers.")
    return Said(
        row,
        veil.over(title) if veil else title,
        veil.over(reason) if veil else reason,
        person,
        recognised,
        may,
        RecogniseForm(auto_id=f"meant-{row.pk}_%s", people=people) if not (person or recognised) else None,
    )


def _dismissals(contest: Contest) -> list[tuple[Dismissal, str, str]]:
    rows = Dismissal.objects.filter(entry__contest=contest).select_related("entry", "reviewer", "by")
    told = []
    for row in rows.order_by("-pk")[:A_PAGE]:
        veil = veil_of(row.entry)
        over = veil.over if veil else str
        told.append((row, over(row.entry.title), over(row.reason)))
    return told


def _waiting(one: panel.Stuck, user: User) -> Waiting:
    entry = one.case.entry
    veil = veil_of(entry)
    kept = [
        _kept(person, one.case, user, veiled=veil is not None)
        for person in panel.organizers(one.case.contest)
    ]
    title = veil.over(entry.title) if veil else entry.title
    return Waiting(one.case, title, one.left == panel.Left.ONLY_AWAY, kept)


def _kept(person: User, case: Case, user: User, *, veiled: bool) -> Kept:
    ties = interests.ties(person, case.entry)
    why = [str(TIES[Tie.HOUSE if veiled and tie in CLEARABLE else tie]) for tie in ties]
    if veiled and set(ties) & {*CLEARABLE, Tie.OWN, Tie.KNOWN}:
        why = [_("something keeps them from it; what, would tell whose work it is")]
    if not why:
        why = [_("they are away")] if panel.is_away(person) else [_("they have had their say in it")]
    may_clear = bool(ties) and set(ties) <= set(CLEARABLE) and person != user
    return Kept(person, list(dict.fromkeys(why)), may_clear)


@login_required
@require_POST
def dismiss(request: HttpRequest, slug: str, public_id: UUID, pk: int) -> HttpResponse:
    """An owner says that a reviewer may decide about an entry after all."""
    contest = doors.contest(request, slug, "moderation.own_contest")
    entry = get_object_or_404(Entry, contest=contest, public_id=public_id)
    reviewer = get_object_or_404(panel.organizers(contest), pk=pk)
    form = WhyForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why."))
    else:
        try:
            interests.dismiss(entry, reviewer, reason=form.cleaned_data["reason"], by=signed_in(request))
        except interests.NotYours:
            messages.error(request, _("It is about you. Another owner has to decide it."))
        else:
            messages.success(request, _("Dismissed. Your reason stays on the record."))
    return redirect("moderation:interests", slug)


@login_required
@require_POST
def recognise(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """An owner says which member a side meant by a name that nobody bears, or that it is nobody here."""
    contest = doors.contest(request, slug, "moderation.own_contest")
    named = get_object_or_404(Interest, pk=pk, entry__contest=contest, source__in=NAMED)
    form = RecogniseForm(request.POST, people=list(panel.organizers(contest)))
    if not form.is_valid():
        messages.error(request, _("Choose somebody who decides here, or nobody, and say how you know."))
        return redirect("moderation:interests", slug)
    who = form.cleaned_data["who"]
    try:
        interests.recognise(named, who, reason=form.cleaned_data["reason"], by=signed_in(request))
    except interests.AlreadyRecognised:
        messages.warning(request, _("Somebody has said already whom this name means."))
    else:
        messages.success(
            request,
            _("Noted. %(person)s does not decide about this entry.") % {"person": who}
            if who
            else _("Noted: nobody here is meant."),
        )
    return redirect("moderation:interests", slug)


@login_required
def name_interest(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The entrant says who should not decide about their entry, as long as somebody has to."""
    entry = doors.entry(request, public_id, "moderation.name_interest")
    return _naming(request, entry, InterestSource.ENTRANT, "moderation/name_interest.html", {"entry": entry})


@login_required
def name_interest_of_match(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The artist of a matched work says who should not decide about the entry it was found in."""
    sighting = get_object_or_404(
        Sighting.objects.select_related("work__artist", "artwork__entry__contest"), public_id=public_id
    )
    artist, entry = sighting.work.artist, sighting.artwork.entry
    kept_artist(request, artist.public_id)
    if artist.owner_id != signed_in(request).pk or not entry.cases.open().exists():
        raise Http404
    context = {"artist": artist, "work": sighting.work, "contest": entry.contest}
    return _naming(request, entry, InterestSource.ARTIST, "moderation/name_interest_of_match.html", context)


def _naming(
    request: HttpRequest, entry: Entry, source: InterestSource, template: str, context: Mapping[str, object]
) -> HttpResponse:
    user = signed_in(request)
    form = NameForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            interests.name(entry, **form.cleaned_data, source=source, by=user)
        except interests.TooManyNamed:
            form.add_error(None, _("You have named as many people as one may. Write to the organizers."))
        else:
            messages.success(
                request,
                _(
                    "Noted. If this person judges here, they do not decide about it, unless an owner looks "
                    "into your reason and finds that it does not hold."
                ),
            )
            return redirect(request.path)
    rows = Interest.objects.filter(entry=entry, by=user, source=source)
    more = {"form": form, "named": rows, "most": interests.MOST_NAMED}
    return render(request, template, {**context, **more})


@login_required
@require_POST
def abstain(request: HttpRequest, pk: int) -> HttpResponse:
    """A reviewer takes themselves off a case's entry."""
    found = doors.case(request, pk, "moderation.decide")
    form = AbstainForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why it should not be you."))
        return redirect("moderation:case", pk)
    interests.declare(
        found.entry,
        source=InterestSource(form.cleaned_data["source"]),
        reason=form.cleaned_data["reason"],
        by=signed_in(request),
    )
    messages.success(request, _("Noted. Somebody else decides it; it has left your queues."))
    return redirect("moderation:queue")


@login_required
@require_POST
def unveil(request: HttpRequest, pk: int) -> HttpResponse:
    """An owner lets those who review one case see whose work it is."""
    found = doors.case(request, pk)
    doors.contest(request, found.entry.contest.slug, "moderation.own_contest")
    form = WhyForm(request.POST)
    if form.is_valid():
        lift(found, reason=form.cleaned_data["reason"], by=signed_in(request))
        messages.success(
            request, _("Those who review this case now see whose work it is. Your reason stays.")
        )
    else:
        messages.error(request, _("Say why."))
    return redirect("moderation:case", pk)


@login_required
def reviewer(request: HttpRequest) -> HttpResponse:
    """A reviewer's own page: being away, and people about whose entries they do not decide."""
    user = signed_in(request)
    if not user.memberships.filter(role__in=(Role.OWNER, Role.ORGANIZER)).exists():
        raise Http404
    absence = Absence.objects.filter(panel.away(), person=user).first()
    act = request.POST.get("do", "") if request.method == "POST" else ""
    away = AwayForm(request.POST if act == "away" else None)
    known = AcquaintanceForm(request.POST if act == "know" else None)
    if act == "back":
        Absence.objects.filter(person=user).delete()
        messages.success(request, _("Welcome back."))
        return redirect("moderation:reviewer")
    if act == "away" and away.is_valid():
        Absence.objects.update_or_create(person=user, defaults={"until": away.cleaned_data["until"]})
        messages.success(request, _("You are away. What was given to you is given to others."))
        return redirect("moderation:reviewer")
    if act == "know" and known.is_valid():
        interests.know(known.cleaned_data["address"], by=user)
        messages.success(
            request, _("Noted. Entries of this person, if there are any, have left your queues.")
        )
        return redirect("moderation:reviewer")
    context = {
        "absence": absence,
        "away_form": away,
        "known_form": known,
        "known": Acquaintance.objects.filter(reviewer=user),
        "held": Case.objects.before(user).filter(assigned_to=user).count(),
    }
    return render(request, "moderation/reviewer.html", context)
