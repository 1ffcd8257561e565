"""Who comes in. What a person may not see does not exist for them: 404, never 403."""

from typing import TypeVar
from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from moderation.models import Case, CaseKind
from submissions.models import Contest, Entry, Organization
from submissions.people import signed_in

Thing = TypeVar("Thing", Contest, Entry, Organization)


def organization(request: HttpRequest, slug: str, permission: str = "moderation.organize") -> Organization:
    return _let_in(request, permission, get_object_or_404(Organization, slug=slug))


def contest(request: HttpRequest, slug: str, permission: str = "moderation.run_contest") -> Contest:
    found = get_object_or_404(Contest.objects.select_related("organization"), slug=slug)
    return _let_in(request, permission, found)


def entry(request: HttpRequest, public_id: UUID, permission: str = "moderation.review") -> Entry:
    found = get_object_or_404(
        Entry.objects.select_related("contest__organization", "entrant", "category"), public_id=public_id
    )
    return _let_in(request, permission, found)


def case(request: HttpRequest, pk: int, permission: str = "moderation.review") -> Case:
    found = get_object_or_404(
        Case.objects.select_related(
            "contest",
            "entry__contest__organization",
            "entry__entrant",
            "entry__category",
            "verdict__screening",
        ),
        pk=pk,
    )
    _let_in(request, permission, found.entry)
    if permission == "moderation.decide" and found.escalated_at:
        _let_in(request, "moderation.decide_escalated", found.entry.contest)
    if found.kind == CaseKind.EXERCISE and found.assigned_to_id != signed_in(request).pk:
        raise Http404
    return found


def _let_in(request: HttpRequest, permission: str, thing: Thing) -> Thing:
    if not signed_in(request).has_perm(permission, thing):
        raise Http404
    return thing
