"""A statement as three reports: to read and print, and as JSON. For its entrant and those who judge."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from submissions import reports as told
from submissions.models import Disclosure, Entry


@require_safe
@login_required
def reports(request: HttpRequest, public_id: UUID) -> HttpResponse:
    disclosure = _signed(request, public_id)
    context = {
        "entry": disclosure.entry,
        "contest": disclosure.entry.contest,
        "disclosure": disclosure,
        "copyright": told.CopyrightStatement(disclosure),
        "article50": told.Article50(disclosure),
        "sheets": told.training_sheets(disclosure),
    }
    return render(request, "submissions/reports.html", context)


@require_safe
@login_required
def reports_file(request: HttpRequest, public_id: UUID) -> JsonResponse:
    disclosure = _signed(request, public_id)
    options = {"ensure_ascii": False, "indent": 2}
    response = JsonResponse(told.as_json(disclosure), json_dumps_params=options)
    response.headers["Content-Disposition"] = f'attachment; filename="statement-{public_id}.json"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _signed(request: HttpRequest, public_id: UUID) -> Disclosure:
    """The statement that counts: the last one signed."""
    entry = get_object_or_404(Entry.objects.select_related("contest__organization"), public_id=public_id)
    if not request.user.has_perm("submissions.see_reports", entry):
        raise Http404
    signed = Disclosure.objects.filter(entry=entry, attested_at__isnull=False).select_related(
        "entry__contest"
    )
    found = signed.prefetch_related("tools").order_by("-version").first()
    if found is None:
        raise Http404
    return found
