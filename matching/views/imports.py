"""Many works at once: send a zip, follow it, read what became of each file."""

import csv
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from matching import imports
from matching.forms.works import ImportForm, ManifestForm
from matching.models import ImportKind
from matching.views.doors import kept_artist, kept_import, wants_part

PROBLEMS_A_PAGE = 100


@login_required
def start(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Keep a zip and let a worker go through it."""
    artist = kept_artist(request, public_id)
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        run = imports.start(artist, **form.cleaned_data)
        return redirect("matching:import_progress", run.public_id)
    return render(request, "matching/import_form.html", {"artist": artist, "form": form, "kind": "zip"})


@login_required
def start_manifest(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Keep a manifest and let a worker fetch the pictures it names."""
    artist = kept_artist(request, public_id)
    form = ManifestForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        run = imports.start(artist, kind=ImportKind.IIIF, **form.cleaned_data)
        return redirect("matching:import_progress", run.public_id)
    return render(request, "matching/import_form.html", {"artist": artist, "form": form, "kind": "iiif"})


@login_required
@require_safe
@vary_on_headers("HX-Request")
def show(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """How far it is, and why some files were not taken."""
    run = kept_import(request, public_id)
    page = Paginator(run.problems, PROBLEMS_A_PAGE).get_page(request.GET.get("page"))
    context = {"run": run, "artist": run.artist, "page": page}
    template = "matching/import.html#progress" if wants_part(request) else "matching/import.html"
    return render(request, template, context)


@login_required
@require_safe
def problems(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What was not taken, as a list to work through."""
    run = kept_import(request, public_id)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="problems.csv"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.write("\ufeff")  # spreadsheets take the file for UTF-8 by this mark
    rows = csv.writer(response)
    rows.writerow([_("file"), _("problem")])
    rows.writerows([_as_text(one["file"]), one["problem"]] for one in run.problems)
    return response


def _as_text(name: str) -> str:
    """A file's name is a stranger's word: a spreadsheet must not take it for a formula."""
    return f"'{name}" if name.startswith(("=", "+", "-", "@", "\t", "\r")) else name
