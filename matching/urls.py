"""The artist's pages."""

from django.urls import URLPattern, path, re_path

from matching.views import artists, imports, pictures, works

PUBLIC_ID = r"(?P<public_id>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"

app_name = "matching"
urlpatterns: list[URLPattern] = [
    path("", artists.home, name="home"),
    path("new/", artists.create, name="create"),
    path("<uuid:public_id>/", artists.portfolio, name="portfolio"),
    path("<uuid:public_id>/edit/", artists.edit, name="edit"),
    path("<uuid:public_id>/register/", works.register, name="register"),
    path("<uuid:public_id>/import/", imports.start, name="import"),
    path("imports/<uuid:public_id>/", imports.show, name="import_progress"),
    path("imports/<uuid:public_id>/problems.csv", imports.problems, name="import_problems"),
    path("works/<uuid:public_id>/", works.work, name="work"),
    path("works/<uuid:public_id>/edit/", works.edit, name="edit_work"),
    path("works/<uuid:public_id>/retry/", works.retry, name="retry"),
    path("works/<uuid:public_id>/withdraw/", works.withdraw, name="withdraw"),
    re_path(rf"^works/{PUBLIC_ID}/(?P<size>thumbnail|display)$", pictures.work_picture, name="work_picture"),
]
