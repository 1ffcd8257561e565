"""A signed-in person's language and time zone, on every page."""

import zoneinfo
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation


def personal_settings(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    def answer(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            timezone.activate(zoneinfo.ZoneInfo(request.user.time_zone))
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language()
        else:
            timezone.deactivate()  # LocaleMiddleware has already chosen the language
        return get_response(request)

    return answer
