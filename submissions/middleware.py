"""What holds on every page: a bounded request, and a signed-in person's language and time zone."""

import zoneinfo
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation

from matching.registry import tokens

ENVELOPE = (
    1_000_000  # bytes of a form around a file, so that a file just too large is told so by its own page
)

Answer = Callable[[HttpRequest], HttpResponse]


def bounded_body(get_response: Answer) -> Answer:
    """Refuse a body that nobody here takes before a byte of it is stored.

    Strangers send forms, never files; a token sends one picture at a time; the largest thing anybody sends is
    a portfolio as a zip.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            most = settings.IMPORT_MAX_BYTES
        elif _by_token(request):
            most = settings.UPLOAD_MAX_BYTES
        else:
            most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if int(request.META.get("CONTENT_LENGTH") or 0) > most + ENVELOPE:
            return render(request, "413.html", {"most": most}, status=413)
        return get_response(request)

    return answer


def _by_token(request: HttpRequest) -> bool:
    """Whether an artist's own program sends it. Asked only of requests that name a token."""
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    return kind.lower() == "bearer" and tokens.holder(secret) is not None


def personal_settings(get_response: Answer) -> Answer:
    def answer(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            timezone.activate(zoneinfo.ZoneInfo(request.user.time_zone))
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language()
        else:
            timezone.deactivate()  # LocaleMiddleware has already chosen the language
        return get_response(request)

    return answer
