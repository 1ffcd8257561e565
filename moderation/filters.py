"""What a reviewer may narrow a queue down to."""

from datetime import timedelta

import django_filters
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from moderation.models import Case, CheckResult
from moderation.queues import ORGANIZERS
from moderation.verdicts import Lane, Outcome
from moderation.wording import labels
from submissions.models import Contest

AGES = {
    "overdue": _("Past its date"),
    "1": _("Waiting for a day or longer"),
    "3": _("Waiting for three days or longer"),
    "7": _("Waiting for a week or longer"),
}
SPEAKING = (Outcome.FLAG, Outcome.UNKNOWN)


def _contests(request: HttpRequest | None) -> QuerySet[Contest]:
    if request is None or not request.user.is_authenticated:
        return Contest.objects.none()
    return Contest.objects.filter(
        organization__memberships__user=request.user, organization__memberships__role__in=ORGANIZERS
    ).order_by("-closes_at")


class CaseFilter(django_filters.FilterSet):  # type: ignore[misc]  # the library has no types
    contest = django_filters.ModelChoiceFilter(
        field_name="entry__contest",
        queryset=_contests,
        to_field_name="slug",
        label=_("Contest"),
        empty_label=_("All contests"),
    )
    lane = django_filters.ChoiceFilter(
        choices=[(lane.value, labels.LANES[lane]) for lane in Lane if lane != Lane.STYLE],
        method="in_lane",
        label=_("Kind of evidence"),
        empty_label=_("Any"),
    )
    age = django_filters.ChoiceFilter(
        choices=list(AGES.items()), method="of_age", label=_("Waiting"), empty_label=_("Any time")
    )

    class Meta:
        model = Case
        fields = ["contest", "lane", "age"]

    def in_lane(self, cases: QuerySet[Case], _name: str, lane: str) -> QuerySet[Case]:
        """Cases where a finding of this lane has something to say."""
        speaking = CheckResult.objects.filter(
            screening=OuterRef("verdict__screening"), lane=lane, outcome__in=SPEAKING
        )
        return cases.filter(Exists(speaking))

    def of_age(self, cases: QuerySet[Case], _name: str, age: str) -> QuerySet[Case]:
        now = timezone.now()
        if age == "overdue":
            return cases.filter(due_at__lt=now)
        return cases.filter(opened_at__lte=now - timedelta(days=int(age)))
