"""The pages of visitors and entrants."""

from django.urls import URLPattern, path, re_path

from submissions.views import account, catalogue, drafts, entries, files, public, reports

PUBLIC_ID = r"(?P<public_id>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"

app_name = "submissions"
urlpatterns: list[URLPattern] = [
    path("", public.home, name="home"),
    path("contests/", public.contests, name="contests"),
    path("contests/<slug:slug>/", public.contest, name="contest"),
    path("contests/<slug:slug>/enter/", drafts.start, name="start"),
    path("contests/<slug:slug>/rules/<int:number>/", public.rules_version, name="rules_version"),
    path("contests/<slug:slug>/gallery/", public.gallery, name="gallery"),
    path("contests/<slug:slug>/gallery/<uuid:public_id>/", public.shown, name="shown"),
    path("catalogue/", catalogue.page, name="catalogue"),
    path("desk/", entries.desk, name="desk"),
    path("entries/<uuid:public_id>/", entries.entry, name="entry"),
    path("entries/<uuid:public_id>/edit/", drafts.edit, name="edit"),
    path("entries/<uuid:public_id>/discard/", drafts.discard, name="discard"),
    path("entries/<uuid:public_id>/amend/", entries.amend, name="amend"),
    path("entries/<uuid:public_id>/withdraw/", entries.withdraw, name="withdraw"),
    path("entries/<uuid:public_id>/reports/", reports.reports, name="reports"),
    path("entries/<uuid:public_id>/reports.json", reports.reports_file, name="reports_file"),
    re_path(rf"^pictures/{PUBLIC_ID}/(?P<size>thumbnail|display)$", files.picture, name="picture"),
    path("originals/<uuid:public_id>", files.original, name="original"),
    path("process-files/<uuid:public_id>", files.process_file, name="process_file"),
    path("process-files/<uuid:public_id>/preview", files.process_preview, name="process_preview"),
    path("account/", account.account, name="account"),
    path("language/", account.set_language, name="set_language"),
]
