"""The pages of visitors and entrants."""

from django.urls import URLPattern, path

from submissions.views import account, public

app_name = "submissions"
urlpatterns: list[URLPattern] = [
    path("", public.home, name="home"),
    path("contests/", public.contests, name="contests"),
    path("contests/<slug:slug>/", public.contest, name="contest"),
    path("desk/", public.home, name="desk"),
    path("account/", account.account, name="account"),
    path("language/", account.set_language, name="set_language"),
]
