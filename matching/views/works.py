"""A work: registered, looked at, corrected, read anew, withdrawn."""

from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import BinaryIO, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.decorators.vary import vary_on_headers

from matching import importing, registry, terms
from matching.forms.terms import CoOwnerForm
from matching.forms.works import WorkForm, WorksForm
from matching.models import WorkState
from matching.registry import conflicts
from matching.views.doors import kept_artist, kept_work, wants_part


@login_required
def register(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Register one or several pictures; what became of each is told afterwards."""
    artist = kept_artist(request, public_id)
    form = WorksForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        begun = timezone.now()
        asked = {name: form.cleaned_data[name] for name in ("on_match", "share_percent")}
        outcomes = importing.import_items(artist, _items(form), **asked)
        # Shown at once, without a redirect: to send the same files again changes nothing.
        files = [(one, one.work is not None and one.work.registered < begun) for one in outcomes]
        taken = sum(1 for one, _was_known in files if one.work)
        return render(request, "matching/registered.html", {"artist": artist, "files": files, "taken": taken})
    return render(request, "matching/register.html", {"artist": artist, "form": form})


def _items(form: WorksForm) -> list[importing.Item]:
    """The sent files with the facts that the form gives; a title is one picture's."""
    facts = {name: form.cleaned_data[name] for name in ("title", "year", "source")}
    files = form.cleaned_data["pictures"]
    if len(files) > 1:
        facts["title"] = ""
    return [importing.Item(file.name, partial(_opened, file), **facts) for file in files]


def _opened(file: "UploadedFile[bytes]") -> AbstractContextManager[BinaryIO]:
    return nullcontext(cast(BinaryIO, file.file))


@login_required
@vary_on_headers("HX-Request")
def work(request: HttpRequest, public_id: UUID) -> HttpResponse:
    found = kept_work(request, public_id)
    if wants_part(request) and found.state == WorkState.PENDING:
        return HttpResponse(status=204)  # nothing new: the page stays as it is
    context = {
        "work": found,
        "artist": found.artist,
        "terms": terms.terms_of(found),
        "standing": registry.standing(found),
        "doubts": found.quarantines.filter(lifted_at=None),
        "co_owners": found.co_owners.select_related("artist"),
        "co_owner_form": CoOwnerForm(),
        "conflicts": conflicts.of_work(found),
    }
    template = "matching/work.html#work" if wants_part(request) else "matching/work.html"
    return render(request, template, context)


@login_required
def edit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    found = kept_work(request, public_id)
    if found.state == WorkState.WITHDRAWN:
        return redirect("matching:work", public_id)
    form = WorkForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        registry.amend(found, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("matching:work", public_id)
    # The form has written into its instance already, right or wrong; the page keeps the title that stands.
    context = {"work": found, "name": form.initial["title"] or found.original_name, "form": form}
    return render(request, "matching/work_form.html", context)


@login_required
@require_POST
def retry(request: HttpRequest, public_id: UUID) -> HttpResponse:
    found = kept_work(request, public_id)
    if registry.retry(found):
        messages.success(request, _("The work is read once more."))
    return redirect("matching:work", public_id)


@login_required
def withdraw(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Asks first: what is removed does not come back."""
    found = kept_work(request, public_id)
    if found.state == WorkState.WITHDRAWN:
        return redirect("matching:work", public_id)
    if request.method == "POST":
        registry.withdraw(found)
        messages.success(request, _("The work is withdrawn; its picture and all made of it are gone."))
        return redirect("matching:portfolio", found.artist.public_id)
    return render(request, "matching/withdraw.html", {"work": found, "artist": found.artist})
