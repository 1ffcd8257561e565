"""What an artist asks for: the portfolio's terms, works that several own, and a co-owner's own terms."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from matching.forms.terms import CoOwnerForm, PortfolioTermsForm, ShareTermsForm
from matching.models import Artist, CoOwner
from matching.registry import sharing
from matching.views.doors import MAY_KEEP, kept_artist, kept_work


@login_required
def portfolio_terms(request: HttpRequest, public_id: UUID) -> HttpResponse:
    artist = kept_artist(request, public_id)
    name = artist.name
    form = PortfolioTermsForm(request.POST or None, instance=artist)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("matching:portfolio", public_id)
    return render(request, "matching/terms_form.html", {"artist": artist, "name": name, "form": form})


@login_required
@require_POST
def ask_co_owner(request: HttpRequest, public_id: UUID) -> HttpResponse:
    work = kept_work(request, public_id)
    form = CoOwnerForm(request.POST)
    if form.is_valid():
        try:
            sharing.ask(work, email=form.cleaned_data["email"])
        except sharing.AlreadyAsked:
            messages.warning(request, _("This account was asked already, or owns the work."))
        else:
            messages.success(request, _("They are asked on their own page."))
    else:
        messages.error(request, _("This is no e-mail address."))
    return redirect("matching:work", public_id)


@login_required
@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Own a work beside another, under one of one's own profiles."""
    share = get_object_or_404(sharing.asked_of(request.user), pk=pk)
    artist = get_object_or_404(Artist, public_id=_uuid(request.POST.get("artist")), owner=request.user)
    if sharing.accept(share, artist=artist):
        messages.success(request, _("You own it too. Your terms for it count from now on."))
    return redirect("matching:co_owner_terms", pk)


@login_required
@require_POST
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Decline, leave, or take another owner off a work that one registered."""
    share = get_object_or_404(CoOwner.objects.select_related("work__artist", "artist"), pk=pk)
    keeps = request.user.has_perm(MAY_KEEP, share.work.artist)
    if not keeps and not _is_asked(request, share):
        raise Http404
    sharing.leave(share)
    messages.success(request, _("Done."))
    if keeps:
        return redirect("matching:work", share.work.public_id)
    return redirect("matching:home")


@login_required
def co_owner_terms(request: HttpRequest, pk: int) -> HttpResponse:
    """A co-owner's own terms. The registering artist sees that there are some, not which."""
    shares = CoOwner.objects.select_related("work__artist", "artist").filter(accepted_at__isnull=False)
    share = get_object_or_404(shares, pk=pk)
    if share.artist is None or not request.user.has_perm(MAY_KEEP, share.artist):
        raise Http404
    form = ShareTermsForm(request.POST or None, instance=share)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("matching:home")
    context = {"artist": share.artist, "name": share.artist.name, "form": form, "share": share}
    return render(request, "matching/terms_form.html", context)


def _is_asked(request: HttpRequest, share: CoOwner) -> bool:
    if share.artist is not None:
        return request.user.has_perm(MAY_KEEP, share.artist)
    email = getattr(request.user, "email", "")
    return bool(email) and share.email.lower() == email.lower()


def _uuid(text: str | None) -> UUID:
    try:
        return UUID(text or "")
    except ValueError as error:
        raise Http404 from error
