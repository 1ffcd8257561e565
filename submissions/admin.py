"""For those who run the machine. Records that the house only ever adds to can be read here, not changed."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db import models
from django.http import HttpRequest

from submissions.models import (
    Artwork,
    Category,
    Contest,
    DisclosedTool,
    Disclosure,
    Entry,
    Membership,
    Move,
    Notice,
    Organization,
    Overrule,
    PolicyVersion,
    ProcessFile,
    User,
)


class ReadOnly:
    """Look, do not touch."""

    def has_add_permission(self, _request: HttpRequest, _obj: models.Model | None = None) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: models.Model | None = None) -> bool:
        return False


@admin.register(User)
class PersonAdmin(UserAdmin):  # type: ignore[type-arg]
    ordering = ("email",)
    list_display = ("email", "display_name", "language", "is_active", "is_staff")
    search_fields = ("email", "display_name")
    fieldsets = (
        (None, {"fields": ("email", "password", "display_name", "language", "time_zone")}),
        (None, {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "password1", "password2")}),)


class MembershipInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Membership
    autocomplete_fields = ("user",)
    extra = 0


@admin.register(Organization)
class OrganizationAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    # Whether it is trusted is decided here and nowhere else: anybody may found an organization.
    list_display = ("name", "slug", "is_trusted", "created")
    search_fields = ("name",)
    prepopulated_fields = {"slug": ("name",)}
    inlines = (MembershipInline,)


class CategoryInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Category
    extra = 0


class PolicyInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = PolicyVersion
    fields = ("number", "document", "created", "created_by")
    extra = 0


@admin.register(Contest)
class ContestAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("title", "organization", "opens_at", "closes_at", "published")
    list_filter = ("published",)
    search_fields = ("title",)
    prepopulated_fields = {"slug": ("title",)}
    inlines = (CategoryInline, PolicyInline)


class ArtworkInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = Artwork
    fields = ("position", "original_name", "media_type", "size", "sha256", "width", "height")
    extra = 0


class ProcessFileInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = ProcessFile
    fields = ("original_name", "size", "sha256", "uploaded")
    extra = 0


class MoveInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = Move
    fields = ("old", "new", "because", "at")
    extra = 0


@admin.register(Entry)
class EntryAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("title", "contest", "state", "submitted_at")
    list_filter = ("state",)
    search_fields = ("title", "public_id")
    inlines = (ArtworkInline, ProcessFileInline, MoveInline)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return super().get_queryset(request).select_related("contest")


class ToolInline(ReadOnly, admin.StackedInline):  # type: ignore[type-arg]
    model = DisclosedTool
    extra = 0


@admin.register(Disclosure)
class DisclosureAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("entry", "version", "level", "attested_at")
    inlines = (ToolInline,)


@admin.register(Overrule)
class OverruleAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("subject", "kind", "licence_class", "contest", "by", "at")
    list_filter = ("kind", "licence_class")
    search_fields = ("subject", "contest__title")


@admin.register(Notice)
class NoticeAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("kind", "created", "claimed_at", "sent_at", "failures")
    list_filter = ("kind",)
