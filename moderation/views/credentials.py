"""What a file says of itself, as a page for its entrant and its organizers; and credentials given back.

Jurors come nowhere near: signers, titles and thumbnails may name a maker.
"""

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from moderation import evidence
from moderation.credentials import copies, keeping, lending
from moderation.forms.entries import ChoicesForm
from moderation.models import SignedCopy
from moderation.provenance.signing import SigningError
from moderation.views import doors
from moderation.wording.credentials import ENDINGS, PROBLEMS
from submissions.models import Artwork, Entry
from submissions.people import signed_in
from submissions.states import State

Stored = TypeVar("Stored")
Response = TypeVar("Response", HttpResponse, FileResponse)

SANDBOX = "default-src 'none'; sandbox"


@login_required
def credentials(request: HttpRequest, public_id: UUID) -> HttpResponse:
    found = doors.entry(request, public_id, "moderation.see_credentials")
    user = signed_in(request)
    artworks = list(found.artworks.all())
    context = {
        "entry": found,
        "contest": found.contest,
        "pictures": [(artwork, evidence.credentials_of(artwork)) for artwork in artworks],
        "copies": _copies(found) if user.has_perm("moderation.sign_copies", found) else [],
        "may_sign": user.has_perm("moderation.sign_copies", found),
        "may_see_raw": user.has_perm("moderation.see_raw_credentials", found),
        "is_own": user.pk == found.entrant_id,
        "hangs": found.state == State.HUNG,
        "name": copies.consented_name(found),
        "form": ChoicesForm(
            initial={"named": bool(copies.consented_name(found)), "lent": lending.is_lent(found)},
            name=str(found.entrant),
            may_lend=lending.may_be_lent(found),
        ),
    }
    return render(request, "moderation/credentials.html", context)


def _copies(entry: Entry) -> list[tuple[SignedCopy, str]]:
    """The newest copy of each picture, with a sentence where there is a problem."""
    rows = SignedCopy.objects.filter(artwork__entry=entry).select_related("artwork").order_by("pk")
    newest = {row.artwork_id: row for row in rows}
    ordered = sorted(newest.values(), key=lambda row: (row.artwork.position, row.artwork_id))
    return [(row, str(PROBLEMS.get(row.problem, row.problem))) for row in ordered]


@login_required
@require_POST
def sign(request: HttpRequest, public_id: UUID) -> HttpResponse:
    found = doors.entry(request, public_id, "moderation.sign_copies")
    try:
        asked = copies.ask(found, by=signed_in(request))
    except copies.NotHung:
        messages.error(request, _("The entry no longer hangs, so no copy is signed."))
    except SigningError:
        messages.error(request, PROBLEMS["certificate"])
    else:
        waiting = [copy for copy in asked if not copy.finished_at]
        for copy in waiting:
            copies.nudge(copy)
        if waiting:
            said = ngettext(
                "The copy is being signed. Load the page again in a moment.",
                "The copies are being signed. Load the page again in a moment.",
                len(waiting),
            )
            messages.success(request, said)
    return redirect("moderation:credentials", public_id)


@login_required
@require_POST
def choose(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What only the entrant may choose: to be named, and to lend the picture to the detector."""
    found = doors.entry(request, public_id, "moderation.see_credentials")
    user = signed_in(request)
    if user.pk != found.entrant_id:
        raise Http404
    form = ChoicesForm(request.POST, name=str(user), may_lend=lending.may_be_lent(found))
    if form.is_valid():
        if form.cleaned_data["named"] != bool(copies.consented_name(found)):
            copies.agree(found, by=user, named=form.cleaned_data["named"])
        lending.lend(found, by=user, lent=form.cleaned_data["lent"])
        messages.success(request, _("Your choices are kept."))
    return redirect("moderation:credentials", public_id)


@require_safe
@login_required
def signed_copy(request: HttpRequest, public_id: UUID) -> FileResponse:
    copy = get_object_or_404(SignedCopy.objects.select_related("artwork"), public_id=public_id)
    entry = doors.entry(request, copy.artwork.entry.public_id, "moderation.sign_copies")
    if not copy.file:
        raise Http404
    ending = ENDINGS.get(copy.artwork.media_type, "bin")
    title = slugify(entry.title, allow_unicode=True)[:60] or "picture"
    name = f"{title}-{copy.artwork.position + 1}-signed.{ending}"
    return _fenced(FileResponse(_opened(lambda: copy.file.open("rb")), as_attachment=True, filename=name))


@require_safe
@login_required
def report(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The library's own report, for those who want to see everything; a stranger's words, so a download."""
    artwork = _artwork(request, public_id, "moderation.see_raw_credentials")
    reading = copies.latest_reading(artwork)
    key = reading.data.get("report") if reading else None
    if not key:
        raise Http404
    try:
        text = keeping.report_of(artwork, str(key))
    except FileNotFoundError as error:
        raise Http404 from error
    response = HttpResponse(text, content_type="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="content-credentials.json"'
    return _fenced(response)


@require_safe
@login_required
def ingredient(request: HttpRequest, public_id: UUID, key: str) -> FileResponse:
    """The thumbnail of an ingredient, as we encoded it."""
    artwork = _artwork(request, public_id, "moderation.see_credentials")
    file = _opened(lambda: keeping.open_picture_of(artwork, key))
    response = FileResponse(file, content_type="image/webp")
    response.headers["Content-Disposition"] = "inline"
    return _fenced(response)


def _artwork(request: HttpRequest, public_id: object, permission: str) -> Artwork:
    artwork = get_object_or_404(Artwork.objects.select_related("entry__contest"), public_id=public_id)
    if not signed_in(request).has_perm(permission, artwork.entry):
        raise Http404
    return artwork


def _opened(opens: Callable[[], Stored]) -> Stored:
    try:
        return opens()
    except FileNotFoundError as error:
        raise Http404 from error


def _fenced(response: Response) -> Response:
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
