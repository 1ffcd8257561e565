"""What probes and operators read."""

from collections.abc import Callable
from pathlib import Path

import pytest
from celery import current_app
from django.conf import settings as django_settings
from django.test import Client

from moderation import health
from moderation.models import Screening
from submissions.models import User
from tests.factories import make_entry, make_user

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def no_broker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A broker's address where nobody listens."""
    monkeypatch.setattr(current_app.conf, "broker_read_url", f"redis+socket://{tmp_path}/nobody.sock")


def test_a_probe_reads_one_word() -> None:
    response = Client().get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok\n")


def test_the_page_says_what_answers(as_person: SignIn) -> None:
    text = as_person(make_user(is_staff=True)).get("/desk/health/").content.decode()

    assert "PostgreSQL 18" in text
    assert "Messages in queue" in text
    assert "Protected works" in text


def test_the_page_gives_away_no_secret(as_person: SignIn) -> None:
    text = as_person(make_user(is_staff=True)).get("/desk/health/").content.decode()

    assert django_settings.SECRET_KEY not in text
    assert "postgres://" not in text
    assert str(django_settings.VAR_DIR) not in text


def test_screenings_under_way_are_counted_with_the_oldest() -> None:
    entry = make_entry()
    Screening.objects.create(
        entry=entry, number=1, disclosure=entry.disclosures.get(), policy=entry.contest.policy
    )

    looks = {str(look.name): look.says for _title, group in health.everything() for look in group}

    assert looks["Screenings under way"].startswith("1, the oldest from ")


def test_without_a_broker_the_page_still_comes(no_broker: None) -> None:
    looks = {str(look.name): look for _title, group in health.everything() for look in group}

    assert looks["Broker"].is_well is False
    assert looks["Workers"].is_well is False
    assert looks["Database"].is_well is True
