"""For those who run the machine. Works come and go by the artists' pages; here one looks."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from matching.models import Artist, Change, Import, Work


class ReadOnly:
    """Look, do not touch."""

    def has_add_permission(self, _request: HttpRequest, _obj: models.Model | None = None) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: models.Model | None = None) -> bool:
        return False


@admin.register(Artist)
class ArtistAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """The one thing to do here: give an imported artist the owner who has proved to be it."""

    list_display = ("name", "owner", "created")
    search_fields = ("name", "aliases", "owner__email")
    autocomplete_fields = ("owner",)
    list_select_related = ("owner",)

    def has_delete_permission(self, _request: HttpRequest, _obj: models.Model | None = None) -> bool:
        return False


@admin.register(Work)
class WorkAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("__str__", "artist", "state", "registered", "matchable_since")
    list_filter = ("state", "on_match")
    search_fields = ("title", "artist__name", "sha256", "public_id")
    exclude = ("original", "display", "thumbnail", "pdq", "features")
    list_select_related = ("artist",)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return super().get_queryset(request).defer("features")


@admin.register(Import)
class ImportAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("__str__", "artist", "state", "done", "total", "created", "finished_at")
    list_filter = ("state",)
    exclude = ("archive", "listed")
    list_select_related = ("artist",)


@admin.register(Change)
class ChangeAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("pk", "kind", "work", "at")
    list_filter = ("kind",)
    list_select_related = ("work",)
