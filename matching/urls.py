"""The artist's pages."""

from django.urls import URLPattern, path, re_path

from matching.views import artists, conflicts, imports, pictures, proofs, terms, tokens, works

PUBLIC_ID = r"(?P<public_id>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"

app_name = "matching"
urlpatterns: list[URLPattern] = [
    path("", artists.home, name="home"),
    path("new/", artists.create, name="create"),
    path("<uuid:public_id>/", artists.portfolio, name="portfolio"),
    path("<uuid:public_id>/edit/", artists.edit, name="edit"),
    path("<uuid:public_id>/register/", works.register, name="register"),
    path("<uuid:public_id>/import/", imports.start, name="import"),
    path("<uuid:public_id>/import-iiif/", imports.start_manifest, name="import_iiif"),
    path("<uuid:public_id>/terms/", terms.portfolio_terms, name="terms"),
    path("<uuid:public_id>/proof/", proofs.show, name="proof"),
    path("<uuid:public_id>/tokens/", tokens.show, name="tokens"),
    path("<uuid:public_id>/tokens/<int:pk>/revoke/", tokens.revoke, name="revoke_token"),
    path("<uuid:public_id>/conflicts/", conflicts.listed, name="conflicts"),
    path("conflicts/<uuid:public_id>/", conflicts.show, name="conflict"),
    path("proofs/<uuid:public_id>/look/", proofs.look, name="look_at_page"),
    path("proofs/<uuid:public_id>/drop/", proofs.drop, name="drop_proof"),
    path("co-owners/<int:pk>/accept/", terms.accept, name="accept_co_owner"),
    path("co-owners/<int:pk>/leave/", terms.leave, name="leave_co_owner"),
    path("co-owners/<int:pk>/terms/", terms.co_owner_terms, name="co_owner_terms"),
    path("works/<uuid:public_id>/co-owners/", terms.ask_co_owner, name="ask_co_owner"),
    path("imports/<uuid:public_id>/", imports.show, name="import_progress"),
    path("imports/<uuid:public_id>/problems.csv", imports.problems, name="import_problems"),
    path("works/<uuid:public_id>/", works.work, name="work"),
    path("works/<uuid:public_id>/edit/", works.edit, name="edit_work"),
    path("works/<uuid:public_id>/retry/", works.retry, name="retry"),
    path("works/<uuid:public_id>/withdraw/", works.withdraw, name="withdraw"),
    re_path(rf"^works/{PUBLIC_ID}/(?P<size>thumbnail|display)$", pictures.work_picture, name="work_picture"),
]
