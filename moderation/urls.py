"""The desk: organizers, reviewers, jurors, operators."""

from django.urls import URLPattern, path

from moderation.views import cases, contests, health, jury, matched, organizations, queues

app_name = "moderation"
urlpatterns: list[URLPattern] = [
    path("organize/", organizations.home, name="home"),
    path("organize/new/", organizations.create, name="organization_new"),
    path("organize/queue/", queues.queue, name="queue"),
    path("organize/case/<int:pk>/", cases.case, name="case"),
    path("organize/case/<int:pk>/decide/", cases.decide, name="decide"),
    path("organize/case/<int:pk>/check-again/", cases.check_again, name="check_again"),
    path("organize/entry/<uuid:public_id>/", cases.entry, name="entry"),
    path("organize/entry/<uuid:public_id>/works/<uuid:work>", matched.matched_work, name="matched_work"),
    path("organize/entry/<uuid:public_id>/laid/<int:finding>/<slug:layer>", matched.laid, name="laid"),
    path("organize/contest/<slug:slug>/", contests.dashboard, name="contest"),
    path("organize/contest/<slug:slug>/edit/", contests.edit, name="contest_edit"),
    path("organize/contest/<slug:slug>/rules/", contests.rules, name="rules"),
    path("organize/contest/<slug:slug>/all/", contests.entries, name="entries"),
    path("organize/organization/<slug:slug>/", organizations.organization, name="organization"),
    path("organize/organization/<slug:slug>/new-contest/", contests.create, name="contest_new"),
    path(
        "organize/organization/<slug:slug>/members/<int:pk>/remove/",
        organizations.remove_member,
        name="remove_member",
    ),
    path("contests/<slug:slug>/jury/", jury.jury, name="jury"),
    path("desk/health/", health.health, name="health"),
    path("healthz", health.healthz, name="healthz"),
]
