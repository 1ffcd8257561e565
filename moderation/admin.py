"""What operators may look at. The desk's rows are added by its verbs; nothing is edited here."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from moderation.models import Case, CheckResult, Decision, Screening, Verdict


class ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg]  # generic to the type checker only
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Screening)
class ScreeningAdmin(ReadOnly):
    list_display = ["entry", "number", "created", "abandoned_at"]
    list_select_related = ["entry"]


@admin.register(CheckResult)
class CheckResultAdmin(ReadOnly):
    list_display = ["code", "outcome", "lane", "screening", "at"]
    list_filter = ["lane", "outcome", "check_name"]
    list_select_related = ["screening__entry"]


@admin.register(Verdict)
class VerdictAdmin(ReadOnly):
    list_display = ["screening", "route", "policy_engine", "at"]
    list_filter = ["route"]
    list_select_related = ["screening__entry"]


@admin.register(Case)
class CaseAdmin(ReadOnly):
    list_display = ["entry", "opened_at", "due_at", "closed_at"]
    list_filter = ["closed_at"]
    list_select_related = ["entry"]


@admin.register(Decision)
class DecisionAdmin(ReadOnly):
    list_display = ["case", "route", "by", "at"]
    list_filter = ["route"]
    list_select_related = ["case__entry", "by"]
