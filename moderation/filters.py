"""What a reviewer may narrow a queue down to. Every filter reads the cases' own table alone."""

from datetime import timedelta

import django_filters
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from moderation import impressions, searching
from moderation.models import Case, CaseKind, CaseQuerySet
from moderation.panel import FILED, contests_of
from moderation.verdicts import Lane
from moderation.wording import labels
from submissions.models import Contest
from submissions.people import signed_in

AGES = {
    "overdue": _("Past its date"),
    "1": _("Waiting for a day or longer"),
    "3": _("Waiting for three days or longer"),
    "7": _("Waiting for a week or longer"),
}
ASSIGNED = {"me": _("To me"), "nobody": _("To nobody"), "others": _("To others")}
MOST_CHARACTERS = 200


def _contests(request: HttpRequest | None) -> QuerySet[Contest]:
    if request is None or not request.user.is_authenticated:
        return Contest.objects.none()
    return contests_of(signed_in(request)).only("slug", "title").order_by("-closes_at")


class CaseFilter(django_filters.FilterSet):  # type: ignore[misc]  # the library has no types
    q = django_filters.CharFilter(
        method="that_holds",
        label=_("Search"),
        max_length=MOST_CHARACTERS,
        help_text=_("Title, entrant, tool, artist or finding."),
    )
    contest = django_filters.ModelChoiceFilter(
        queryset=_contests, to_field_name="slug", label=_("Contest"), empty_label=_("All contests")
    )
    kind = django_filters.ChoiceFilter(
        choices=[(kind.value, kind.label) for kind in (CaseKind.REVIEW, *FILED)],
        method="of_kind",
        label=_("Question"),
        empty_label=_("Any"),
    )
    lane = django_filters.ChoiceFilter(
        choices=[(lane.value, labels.LANES[lane]) for lane in Lane if lane != Lane.STYLE],
        method="in_lane",
        label=_("Kind of evidence"),
        empty_label=_("Any"),
    )
    severity = django_filters.ChoiceFilter(
        choices=list(labels.WEIGHTS.items()), label=_("Weight"), empty_label=_("Any")
    )
    age = django_filters.ChoiceFilter(
        choices=list(AGES.items()), method="of_age", label=_("Waiting"), empty_label=_("Any time")
    )
    assigned = django_filters.ChoiceFilter(
        choices=list(ASSIGNED.items()), method="for_whom", label=_("Assigned"), empty_label=_("To anyone")
    )

    class Meta:
        model = Case
        fields = ["q", "contest", "kind", "lane", "severity", "age", "assigned"]

    def that_holds(self, cases: CaseQuerySet, _name: str, text: str) -> CaseQuerySet:
        return searching.matching(cases, text, reader=signed_in(self.request))

    def of_kind(self, cases: CaseQuerySet, _name: str, kind: str) -> CaseQuerySet:
        return cases.exclude(kind__in=FILED) if kind == CaseKind.REVIEW else cases.filter(kind=kind)

    def in_lane(self, cases: CaseQuerySet, _name: str, lane: str) -> CaseQuerySet:
        """Cases where a finding of this lane has something to say, as far as the reader may know of it."""
        told = impressions.unveiled(signed_in(self.request)) if lane == Lane.SYNTHETIC else Q()
        return cases.filter(told, lanes__contains=[lane])

    def of_age(self, cases: CaseQuerySet, _name: str, age: str) -> CaseQuerySet:
        now = timezone.now()
        if age == "overdue":
            return cases.filter(due_at__lt=now)
        return cases.filter(opened_at__lte=now - timedelta(days=int(age)))

    def for_whom(self, cases: CaseQuerySet, _name: str, whom: str) -> CaseQuerySet:
        if whom == "nobody":
            return cases.filter(assigned_to=None)
        mine = Q(assigned_to=signed_in(self.request))
        return cases.filter(mine) if whom == "me" else cases.filter(assigned_to__isnull=False).exclude(mine)
