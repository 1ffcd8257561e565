"""What operators may look at. The desk's rows are added by its verbs; nothing is edited here."""

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from matching.models import ApiToken
from moderation.models import Case, CheckResult, Decision, Screening, Verdict

HOUSE = ("matching", "submissions", "moderation")
UNSEEN = {ApiToken}  # a secret's digest helps nobody who looks
SHORT = (models.CharField, models.DateTimeField, models.BooleanField, models.IntegerField, models.FloatField)
MOST_COLUMNS = 6


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


def _columns(model: type[models.Model]) -> list[str]:
    """What a list shows without asking for other rows or long texts."""
    short = [field.name for field in model._meta.concrete_fields if isinstance(field, SHORT)]
    return list(dict.fromkeys(["pk", *short]))[:MOST_COLUMNS]


def _register_the_rest() -> None:
    """Every other table of the house can be looked at as well, whoever adds it."""
    for app in HOUSE:
        for model in apps.get_app_config(app).get_models():
            if model not in UNSEEN and not admin.site.is_registered(model):
                columns = {"list_display": _columns(model), "show_full_result_count": False}
                admin.site.register(model, type(f"{model.__name__}Admin", (ReadOnly,), columns))


_register_the_rest()
