"""Whether the house works: a word for probes, a page for operators."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from moderation import health as looking
from submissions.people import signed_in


@require_safe
@never_cache
def healthz(_request: HttpRequest) -> HttpResponse:
    """``ok`` while the database answers. Says nothing else: anyone may ask."""
    if looking.database().is_well:
        return HttpResponse("ok\n", content_type="text/plain")
    return HttpResponse("database out of reach\n", content_type="text/plain", status=503)


@never_cache
@login_required
def health(request: HttpRequest) -> HttpResponse:
    if not signed_in(request).has_perm("moderation.see_health"):
        raise Http404
    return render(request, "moderation/health.html", {"groups": looking.everything()})
