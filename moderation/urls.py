"""The desk: organizers, reviewers, jurors, operators."""

from django.urls import URLPattern, path

from moderation.views import cases, contests, health, jury, organizations, queues

app_name = "moderation"
urlpatterns: list[URLPattern] = [
    path("organize/", organizations.home, name="home"),
    path("organize/new/", organizations.create, name="organization_new"),
    path("organize/queue/", queues.queue, name="queue"),
    path("organize/cases/<int:pk>/", cases.case, name="case"),
    path("organize/cases/<int:pk>/decide/", cases.decide, name="decide"),
    path("organize/cases/<int:pk>/check-again/", cases.check_again, name="check_again"),
    path("organize/entries/<uuid:public_id>/", cases.entry, name="entry"),
    path("organize/entries/<uuid:public_id>/works/<uuid:work>", cases.matched_work, name="matched_work"),
    path("organize/contests/<slug:slug>/", contests.dashboard, name="contest"),
    path("organize/contests/<slug:slug>/edit/", contests.edit, name="contest_edit"),
    path("organize/contests/<slug:slug>/rules/", contests.rules, name="rules"),
    path("organize/contests/<slug:slug>/entries/", contests.entries, name="entries"),
    path("organize/organizations/<slug:slug>/", organizations.organization, name="organization"),
    path("organize/organizations/<slug:slug>/contests/new/", contests.create, name="contest_new"),
    path(
        "organize/organizations/<slug:slug>/members/<int:pk>/remove/",
        organizations.remove_member,
        name="remove_member",
    ),
    path("contests/<slug:slug>/jury/", jury.jury, name="jury"),
    path("desk/health/", health.health, name="health"),
    path("healthz", health.healthz, name="healthz"),
]
