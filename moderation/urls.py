"""The desk: organizers, reviewers, jurors, operators."""

from django.urls import URLPattern, path

from moderation.views import (
    artists,
    cases,
    contests,
    credentials,
    estimates,
    health,
    jury,
    matched,
    organizations,
    queues,
    registrations,
    signers,
)

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
    path(
        "organize/entry/<uuid:public_id>/pictures/<uuid:artwork>/medium/",
        estimates.correct_medium,
        name="correct_medium",
    ),
    path("organize/entry/<uuid:public_id>/making/", estimates.know_making, name="know_making"),
    path("organize/registrations/", registrations.desk, name="registrations"),
    path("organize/registrations/proofs/<uuid:public_id>/", registrations.decide_proof, name="decide_proof"),
    path(
        "organize/registrations/proofs/<uuid:public_id>/revoke/",
        registrations.revoke_proof,
        name="revoke_proof",
    ),
    path("organize/registrations/doubts/<int:pk>/lift/", registrations.lift, name="lift_doubt"),
    path("organize/registrations/conflicts/<uuid:public_id>/", registrations.conflict, name="conflict"),
    path(
        "organize/registrations/conflicts/<uuid:public_id>/<slug:side>",
        registrations.conflict_picture,
        name="conflict_picture",
    ),
    path("organize/later/", registrations.later, name="later"),
    path("organize/later/<uuid:public_id>/note/", registrations.note_later, name="note_later"),
    path("organize/organization/<slug:slug>/ledger/", registrations.shares, name="ledger"),
    path(
        "organize/organization/<slug:slug>/ledger.<slug:kind>", registrations.shares_file, name="ledger_file"
    ),
    path("artists/<uuid:public_id>/matches/", artists.matches, name="artist_matches"),
    path("artists/matches/<uuid:public_id>/region", artists.region, name="match_region"),
    path("organize/contest/<slug:slug>/", contests.dashboard, name="contest"),
    path("organize/contest/<slug:slug>/silences/<int:pk>/end/", estimates.end_silence, name="end_silence"),
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
    path("organize/organization/<slug:slug>/signers/", signers.signers, name="signers"),
    path("organize/organization/<slug:slug>/signers/<int:pk>/remove/", signers.remove, name="remove_signers"),
    path("entries/<uuid:public_id>/credentials/", credentials.credentials, name="credentials"),
    path("entries/<uuid:public_id>/credentials/sign/", credentials.sign, name="sign_copies"),
    path("entries/<uuid:public_id>/credentials/choices/", credentials.choose, name="choices"),
    path("signed-copies/<uuid:public_id>", credentials.signed_copy, name="signed_copy"),
    path("credentials/<uuid:public_id>/report.json", credentials.report, name="report"),
    path("credentials/<uuid:public_id>/<slug:key>", credentials.ingredient, name="ingredient"),
    path("contests/<slug:slug>/jury/", jury.jury, name="jury"),
    path("detector/", estimates.model_card, name="detector"),
    path("desk/health/", health.health, name="health"),
    path("healthz", health.healthz, name="healthz"),
]
