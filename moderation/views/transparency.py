"""What a contest tells everybody of its judging, as a page and as files."""

import csv
import json
from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from moderation import closings, transparency
from moderation.models import ClaimOutcome
from moderation.record import heads
from moderation.wording import labels
from submissions.models import Contest


class _Echo:
    """What a CSV writer writes is what it returns."""

    @staticmethod
    def write(text: str) -> str:
        return text


def _contest(slug: str) -> Contest:
    return get_object_or_404(Contest.objects.public().select_related("organization"), slug=slug)


@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    contest = _contest(slug)
    found = transparency.figures(contest)
    context = {
        "contest": contest,
        "figures": found,
        "routes": [(labels.label(labels.ROUTES, route), count) for route, count in found.routes.items()],
        "lanes": [
            (labels.label(labels.LANES, lane), count, found.overturned[lane])
            for lane, count in found.holds.items()
        ],
        "appeals": [(labels.label(labels.APPEALS, name), count) for name, count in found.appeals.items()],
        "closings": closings.in_contest(contest),
        "claims": [(ClaimOutcome(outcome).label, count) for outcome, count in found.claims.items()],
        "head": heads.published(contest),
    }
    return render(request, "moderation/transparency.html", context)


@require_safe
def file(_request: HttpRequest, slug: str, kind: str) -> StreamingHttpResponse:
    """Every row, streamed."""
    contest = _contest(slug)
    if kind not in ("csv", "json"):
        raise Http404
    rows = transparency.rows(contest)
    if kind == "csv":
        response = StreamingHttpResponse(_csv(rows), content_type="text/csv; charset=utf-8")
    else:
        response = StreamingHttpResponse(_json(contest, rows), content_type="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="transparency-{slug}.{kind}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _csv(rows: Iterator[dict[str, Any]]) -> Iterator[str]:
    writer = csv.DictWriter(_Echo(), transparency.COLUMNS)
    yield writer.writeheader()
    for row in rows:
        yield writer.writerow(row)


def _json(contest: Contest, rows: Iterator[dict[str, Any]]) -> Iterator[str]:
    judged = json.dumps(transparency.is_judged(contest))
    yield f'{{"contest": {json.dumps(contest.slug)}, "is_judged": {judged}, "rows": ['
    for number, row in enumerate(rows):
        yield (",\n" if number else "\n") + json.dumps(row)
    yield "]}\n"
