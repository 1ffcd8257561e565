"""What a person may ask for: a copy of everything kept of them, and that it is erased."""

from collections.abc import Iterator
from typing import IO
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from moderation.people import erasing, exporting, leaving
from submissions.models import ErasedBy
from submissions.people import signed_in
from submissions.views.drafts import own_entry


class LeaveForm(forms.Form):
    """The address, typed once more: the button alone would be pressed by mistake."""

    email = forms.EmailField(label=gettext_lazy("Your e-mail address, to be sure"))

    def __init__(self, *args: object, email: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.mine = email
        self.fields["email"].widget.attrs["autocomplete"] = "email"

    def clean_email(self) -> str:
        typed: str = self.cleaned_data["email"]
        if typed.casefold() != self.mine.casefold():
            raise forms.ValidationError(_("This is not the address of this account."))
        return typed


@login_required
def own_data(request: HttpRequest) -> HttpResponse:
    alone = leaving.owned_alone(signed_in(request))
    return render(request, "moderation/own_data.html", {"alone": alone})


@login_required
@require_POST
def export(request: HttpRequest) -> StreamingHttpResponse:
    name = f"your-data-{timezone.now():%Y-%m-%d}.zip"
    pieces = _pieces(exporting.export(signed_in(request)))
    response = StreamingHttpResponse(pieces, content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    """The temporary file goes when its last piece is sent."""
    with file:
        while piece := file.read(exporting.A_PIECE):
            yield piece


@login_required
def erase(request: HttpRequest) -> HttpResponse:
    """Asks first, and says what stays; nothing of it comes back."""
    person = signed_in(request)
    form = LeaveForm(request.POST or None, email=person.email)
    if request.method == "POST" and form.is_valid():
        try:
            leaving.erase_person(person, by=ErasedBy.ENTRANT)
        except leaving.OwnsAlone:
            return redirect("moderation:own_data")
        logout(request)
        messages.success(request, _("Your account and everything that was about you alone is erased."))
        return redirect("submissions:home")
    alone = leaving.owned_alone(person)
    return render(request, "moderation/erase_account.html", {"form": form, "alone": alone})


@login_required
def erase_entry(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Asks first. Only of what is withdrawn or was not accepted."""
    entry = own_entry(request, public_id)
    if not erasing.may_erase(entry):
        return redirect("submissions:entry", public_id)
    if request.method == "POST":
        erasing.erase_entry(entry, by=ErasedBy.ENTRANT)
        messages.success(request, _("Its words and files are erased."))
        return redirect("submissions:entry", public_id)
    return render(request, "moderation/erase_entry.html", {"entry": entry})
