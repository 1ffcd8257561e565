"""A claim as its two sides see it: the artist who files it, the entrant who answers.

Before a claim is open its artist sees the matched region alone; while it is open, the entry's picture and
title. The entrant's name, statement and evidence stay closed to them throughout.
"""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from matching.models import Artist
from matching.views.doors import kept_artist
from moderation import regions, seconding
from moderation.claims import answering, ending, filing, trust, words
from moderation.claims.forms import AddressForm, AnswerForm, ClaimForm, WordsForm
from moderation.models import AnswerKind, Claim, ClaimAnswer, ClaimEnd, Sighting
from moderation.people.erasing import erase_claim
from moderation.views.artists import seen_of
from moderation.views.matched import FENCED
from submissions.models import Artwork, Entry
from submissions.people import signed_in
from submissions.permissions import is_public
from submissions.views.files import download

A_PAGE = 24
WHOLE = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]]


@dataclass(frozen=True)
class Row:
    claim: Claim
    state: str
    is_open: bool


@login_required
def listed(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """An artist's claims, with their state and clocks."""
    artist = kept_artist(request, public_id)
    rows = artist.claims.select_related("work", "entry__contest", "case", "ending", "answer")
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    owner = artist.owner
    context = {
        "artist": artist,
        "page": page,
        "rows": [Row(one, words.state(one, _end(one)), _end(one) is None) for one in page],
        "record": trust.record_of(owner) if owner else None,
        "suspension": trust.suspension(owner) if owner else None,
        "may_file": artist.owner_id == request.user.pk,
    }
    return render(request, "moderation/claims.html", context)


def _end(claim: Claim) -> ClaimEnd | None:
    return getattr(claim, "ending", None)


@dataclass(frozen=True)
class Meant:
    """What a claim is to be filed on: a picture of an entry, and a match where one gave cause."""

    entry: Entry
    pictures: list[Artwork]
    artwork: Artwork
    sighting: Sighting | None = None


@login_required
def new(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """File a claim: from a match (``?match=``), or on a hung entry by its address (``?entry=``)."""
    artist = kept_artist(request, public_id)
    if artist.owner_id != request.user.pk:
        raise Http404  # nobody claims in another's name
    address = AddressForm(request.GET if "entry" in request.GET else None)
    meant = _meant(request, artist, address)
    if meant is None:
        return render(request, "moderation/claim_new.html", {"artist": artist, "address": address})
    given = request.POST if request.method == "POST" else None
    works = filing.works_of(signed_in(request), artist)
    form = WordsForm(given) if meant.sighting else ClaimForm(given, works=works)
    if form.is_valid():
        try:
            claim = _file(request, artist, meant, form)
        except filing.CannotClaim as objection:
            form.add_error(None, str(objection))
        else:
            messages.success(request, _("Your claim is filed. You see the whole entry from now on."))
            return redirect("moderation:claim", claim.public_id)
    work = meant.sighting.work if meant.sighting else None
    until = filing.claim_until(meant.entry)
    context = {
        "artist": artist,
        "meant": meant,
        "form": form,
        "outline": _outline(form),
        "objection": filing.why_not(signed_in(request), meant.entry, work),
        "until": until,
        "would_hold": trust.may_hold_another(signed_in(request)),
    }
    return render(request, "moderation/claim_new.html", context)


def _meant(request: HttpRequest, artist: Artist, address: AddressForm) -> Meant | None:
    if "match" in request.GET:
        try:
            sighting = seen_of(artist).filter(public_id=UUID(request.GET["match"])).first()
        except ValueError as error:
            raise Http404 from error
        if sighting is None:
            raise Http404
        return Meant(sighting.artwork.entry, [sighting.artwork], sighting.artwork, sighting)
    if not address.is_valid():
        return None
    entry = address.cleaned_data["entry"]
    pictures = [one for one in entry.artworks.all() if one.display]
    if not pictures:
        return None
    wanted = request.GET.get("picture", "1")
    number = int(wanted) if wanted.isdecimal() and 0 < int(wanted) <= len(pictures) else 1
    return Meant(entry, pictures, pictures[number - 1])


def _file(request: HttpRequest, artist: Artist, meant: Meant, form: WordsForm) -> Claim:
    if meant.sighting:
        work = meant.sighting.work
        region: filing.Region = regions.of(meant.sighting.data, "region") or WHOLE
    else:
        assert isinstance(form, ClaimForm)
        work, region = form.cleaned_data["work"], form.region
    return filing.file_claim(
        work,
        meant.artwork,
        by=signed_in(request),
        artist=artist,
        region=region,
        words=form.cleaned_data["words"],
        sighting=meant.sighting,
    )


def _outline(form: WordsForm) -> str:
    """The drawn region as it was sent, for the picture; the whole where nothing was."""
    if not isinstance(form, ClaimForm):
        return ""
    if form.is_bound and all(name in form.cleaned_data for name in ("left", "top", "width", "height")):
        return regions.points([(x, y) for x, y in form.region])
    return regions.points([(x, y) for x, y in WHOLE])


@login_required
def show(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A claim for the artist who filed it."""
    claim = _of_artist(request, public_id)
    end, artwork = claim.end, claim.artwork
    context = {
        "claim": claim,
        "case": claim.case,
        "end": end,
        "said": words.to_artist(end) if end else "",
        "reasons": seconding.said(end.decision).reasons if end else (),
        "state": words.state(claim, end),
        "answer": ClaimAnswer.objects.filter(claim=claim).first(),
        "outline": regions.points([(x, y) for x, y in claim.region]),
        "is_shown": end is None and bool(artwork.display),
        "is_public": is_public(request.user, claim.entry),
        "is_mine": claim.by_id == request.user.pk,
        "is_erased": hasattr(claim, "erasure"),
        "suspension": claim.suspensions.first(),
    }
    return render(request, "moderation/claim.html", context)


@login_required
@require_POST
def withdraw(request: HttpRequest, public_id: UUID) -> HttpResponse:
    claim = _of_artist(request, public_id, own=True)
    try:
        ending.withdraw(claim)
    except ending.HasEnded:
        messages.warning(request, _("The claim has ended already."))
    else:
        messages.success(request, _("Your claim is withdrawn. It keeps the entry from hanging no more."))
    return redirect("moderation:claim", public_id)


@login_required
@require_POST
def erase(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Erase the words of a claim that ended."""
    claim = _of_artist(request, public_id, own=True)
    if claim.end is None:
        messages.error(request, _("An open claim keeps its words. Withdraw it first."))
    else:
        erase_claim(claim)
        messages.success(request, _("Your words are erased. That there was a claim stays on the record."))
    return redirect("moderation:claim", public_id)


@require_safe
@login_required
def picture(request: HttpRequest, public_id: UUID) -> FileResponse:
    """The entry's picture for the artist, while their claim is open."""
    claim = _of_artist(request, public_id)
    if claim.end is not None:
        raise Http404
    return _sent(claim.artwork.display)


@require_safe
@login_required
def work_picture(request: HttpRequest, public_id: UUID) -> FileResponse:
    """The claimed work for the entrant, while the claim is open, and for those who judge."""
    claim = _claim(public_id)
    is_entrant = claim.entry.entrant_id == request.user.pk and claim.end is None
    judges = request.user.has_perm("moderation.review", claim.entry)
    if not (is_entrant or judges or request.user.has_perm("matching.keep_portfolio", claim.artist)):
        raise Http404
    return _sent(claim.work.display or claim.work.thumbnail)


@login_required
def answer(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A claim for the entrant, and their answer."""
    claim = _claim(public_id)
    user = signed_in(request)
    if claim.entry.entrant_id != user.pk:
        raise Http404
    form = AnswerForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        read = form.cleaned_data
        try:
            answering.answer(
                claim, by=user, kind=AnswerKind(read["kind"]), words=read["words"], file=read["file"]
            )
        except answering.NotAnswerable:
            messages.error(request, _("The claim can no longer be answered: see where it stands."))
        else:
            messages.success(
                request, _("Your answer is handed in. Who decides reads it, and so does the artist.")
            )
        return redirect("moderation:claim_answer", public_id)
    end = claim.end
    context = {
        "claim": claim,
        "case": claim.case,
        "entry": claim.entry,
        "end": end,
        "said": words.to_entrant(end) if end else "",
        "reasons": seconding.said(end.decision).reasons if end else (),
        "given": ClaimAnswer.objects.filter(claim=claim).first(),
        "can_answer": answering.may_answer(claim),
        "form": form,
        "outline": regions.points([(x, y) for x, y in claim.region]),
    }
    return render(request, "moderation/claim_answer.html", context)


@require_safe
@login_required
def answer_file(request: HttpRequest, public_id: UUID) -> FileResponse:
    """The file of an answer, to be saved and never shown: a stranger sent it. Not for the artist."""
    found = get_object_or_404(
        ClaimAnswer.objects.select_related("claim__entry__contest"), claim__public_id=public_id
    )
    if not request.user.has_perm("moderation.see_answer_file", found.claim.entry):
        raise Http404
    return download(found.file, found.file_name)


def _claim(public_id: UUID) -> Claim:
    rows = Claim.objects.select_related(
        "entry__contest__organization",
        "entry__category",
        "entry__entrant",
        "artwork",
        "work__artist",
        "artist",
        "case",
    ).defer("work__features")
    return get_object_or_404(rows, public_id=public_id)


def _of_artist(request: HttpRequest, public_id: UUID, *, own: bool = False) -> Claim:
    claim = _claim(public_id)
    mine = claim.by_id == request.user.pk
    if not (mine or (not own and request.user.has_perm("matching.keep_portfolio", claim.artist))):
        raise Http404
    return claim


def _sent(stored: FieldFile, media_type: str = "image/webp") -> FileResponse:
    if not stored:
        raise Http404
    try:
        file = stored.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(file, content_type=media_type, headers=FENCED)
