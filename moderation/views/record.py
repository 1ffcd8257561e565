"""The record's doors: receipts for entrants; keys, heads, hashes and the checking script for everybody."""

import inspect
from collections.abc import Iterator
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from moderation.record import check_receipt, heads, keys, receipts
from moderation.record.check_receipt import canonical
from submissions.models import Contest
from submissions.people import signed_in
from submissions.states import State
from submissions.views.drafts import own_entry


@require_safe
@login_required
def receipt(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The entrant's own; nobody else's exists for them."""
    entry = own_entry(request, public_id)
    if entry.state == State.DRAFT:
        raise Http404
    try:
        made = receipts.receipt(entry, signed_in(request))
    except keys.KeyUnusable as error:
        raise Http404 from error  # the page of the site's health says why
    response = HttpResponse(canonical(made), content_type="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="receipt-{entry.public_id}.json"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What the record is, with what receipts are checked."""
    try:
        context = {"fingerprint": keys.fingerprint()}
    except keys.KeyUnusable:
        context = {"fingerprint": ""}
    return render(request, "moderation/record.html", context)


@require_safe
def public_key(_request: HttpRequest) -> HttpResponse:
    try:
        return _file(keys.public_pem(), "application/x-pem-file", "vernissage-record.pem")
    except keys.KeyUnusable as error:
        raise Http404 from error


@require_safe
def script(_request: HttpRequest) -> HttpResponse:
    """The one file that checks a receipt: the very module that this site uses."""
    return _file(inspect.getsource(check_receipt).encode(), "text/x-python", "check_receipt.py")


def _file(content: bytes, media_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=f"{media_type}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
def published_heads(_request: HttpRequest, slug: str) -> JsonResponse:
    """Every head of a contest that was published."""
    contest = get_object_or_404(Contest.objects.public(), slug=slug)
    return JsonResponse({"contest": slug, "heads": list(heads.as_rows(contest))})


@require_safe
def chain(_request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """The chain's hashes up to the last published head, for whoever wants to keep them or follow them."""
    contest = get_object_or_404(Contest.objects.public(), slug=slug)
    response = StreamingHttpResponse(_chain(contest), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="record-{slug}.csv"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _chain(contest: Contest) -> Iterator[str]:
    yield "position,content,hash\r\n"
    last = heads.published(contest)
    rows = contest.links.filter(position__lte=last.position if last else 0).order_by("position")
    for position, content, hash_ in rows.values_list("position", "content", "hash").iterator():
        yield f"{position},{content},{hash_}\r\n"
