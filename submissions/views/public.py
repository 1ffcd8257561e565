"""What anyone may see: the house, its contests, their rules and what hangs."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from submissions.models import Contest

CONTESTS_A_PAGE = 20


def home(request: HttpRequest) -> HttpResponse:
    contests = Contest.objects.open().select_related("organization").order_by("closes_at")
    return render(request, "submissions/home.html", {"contests": contests[:6]})


def contests(request: HttpRequest) -> HttpResponse:
    listed = Contest.objects.public().select_related("organization").order_by("-closes_at")
    page = Paginator(listed, CONTESTS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "submissions/contests.html", {"page": page, "now": timezone.now()})


def contest(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Contest.objects.public().select_related("organization"), slug=slug)
    return render(request, "submissions/contest.html", {"contest": found})
