"""Every route."""

from django.contrib import admin
from django.urls import include, path

from matching.api import api

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("api/", api.urls),
    path("artists/", include("matching.urls")),
    path("", include("moderation.urls")),
    path("", include("submissions.urls")),
]
