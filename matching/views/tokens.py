"""Tokens for an artist's own program."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from matching.forms.works import TokenForm
from matching.registry import tokens
from matching.views.doors import kept_artist


@login_required
@never_cache
def show(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A new token's secret is in the answer to the form and nowhere else, so it is not redirected."""
    artist = kept_artist(request, public_id)
    form = TokenForm(request.POST or None)
    secret = ""
    if request.method == "POST" and form.is_valid():
        try:
            _row, secret = tokens.make(artist, name=form.cleaned_data["name"])
        except tokens.TooMany:
            form.add_error(None, _("There are many tokens already. Revoke one first."))
        else:
            form = TokenForm()
    context = {
        "artist": artist,
        "form": form,
        "secret": secret,
        "tokens": artist.tokens.all(),
        "site": settings.SITE_URL,
    }
    return render(request, "matching/tokens.html", context)


@login_required
@require_POST
def revoke(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponse:
    artist = kept_artist(request, public_id)
    token = get_object_or_404(artist.tokens, pk=pk)
    if tokens.revoke(token):
        messages.success(request, _("The token is revoked; nothing can be registered with it any more."))
    return redirect("matching:tokens", public_id)
