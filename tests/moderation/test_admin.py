"""Operators can look at every table of the house and change none that the house only adds to."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from moderation.admin import HOUSE, UNSEEN, ReadOnly
from tests.factories import make_user
from tests.moderation.rows import make_case

MODELS = [model for app in HOUSE for model in apps.get_app_config(app).get_models() if model not in UNSEEN]


@pytest.mark.django_db
def test_every_table_opens_for_an_operator(client: Client) -> None:
    make_case()
    client.force_login(make_user(is_staff=True, is_superuser=True))

    for model in MODELS:
        page = client.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"))
        assert page.status_code == 200, model


@pytest.mark.django_db
def test_a_row_of_the_record_is_looked_at_and_not_changed(client: Client) -> None:
    case = make_case()
    client.force_login(make_user(is_staff=True, is_superuser=True))
    address = reverse("admin:moderation_verdict_change", args=[case.verdict_id])

    shown, changed = client.get(address), client.post(address, {"route": "human"})

    assert shown.status_code == 200
    assert changed.status_code == 403


def test_no_page_shows_a_tokens_digest() -> None:
    assert not any(admin.site.is_registered(model) for model in UNSEEN)


def test_every_table_of_the_desk_is_read_only() -> None:
    desk = [admin.site._registry[model] for model in MODELS if model._meta.app_label == "moderation"]

    assert all(isinstance(one, ReadOnly) for one in desk)
