"""A person takes a copy of everything, and has it erased; the record stays whole."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection, models
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from matching import imports
from matching.models import Answer, Conflict, CoOwner, ImportState, Quarantine
from moderation import decisions, handling
from moderation.models import CheckResult, Decision, NameConsent, Verdict
from moderation.people import erasing, exporting, leaving
from moderation.record import verifying
from moderation.verdicts import Route
from submissions.models import Entry, ErasedBy, Erasure, Role, User
from submissions.states import State
from tests.factories import make_artwork, make_contest, make_disclosure, make_draft, make_member, make_user
from tests.matching.factories import make_artist
from tests.matching.factories import make_work as make_registered
from tests.moderation.rows import CONTRADICTION, copy_of, make_judged, make_work

pytestmark = pytest.mark.django_db(transaction=True)
SignIn = Callable[[User], Client]
WORD = "zanzibar"


def planted(route: Route = Route.REJECT, person: User | None = None) -> Entry:
    """A judged entry with a word of its entrant's in every place."""
    from submissions.intake import receive

    person = person or make_user(email=f"{WORD}@example.org", display_name=f"Zed {WORD}")
    contest = make_contest()
    entry = make_draft(contest=contest, entrant=person, title=f"Title {WORD}", statement=f"About {WORD}")
    make_artwork(entry, seen=True, original_name=f"{WORD}.png")
    make_disclosure(entry, explanation=f"I, {WORD}", prompts=WORD, parts=WORD, tools=[{"model_words": WORD}])
    receive(entry, by=person)
    make_judged(CONTRADICTION, copy_of(make_work(), reference=WORD), entry=entry)
    NameConsent.objects.create(entry=entry, name=WORD)
    by = make_member(contest.organization)
    grounds = ["statement"] if route == Route.REJECT else []
    reason = f"Dear {WORD}, no."
    handling.comment(entry.cases.get(), by=by, text=f"Has {WORD} sent layers?")
    decisions.decide(entry.cases.get(), by=by, route=route, reason=reason, grounds=grounds)
    entry.refresh_from_db()
    return entry


def places() -> Iterator[str]:
    """Every column of ours in which the word stands."""
    for model in apps.get_models():
        if model._meta.app_label not in ("submissions", "moderation", "matching", "account"):
            continue
        for field in model._meta.concrete_fields:
            if isinstance(field, models.CharField | models.TextField | models.JSONField | models.FileField):
                with connection.cursor() as cursor:
                    cursor.execute(
                        f'select count(*) from {model._meta.db_table} where "{field.column}"::text ilike %s',
                        [f"%{WORD}%"],
                    )
                    ((found,),) = cursor.fetchall()
                if found:
                    yield f"{model._meta.object_name}.{field.name}"


def files(settings: Settings, entry: Entry) -> list[Path]:
    root = Path(settings.MEDIA_ROOT)
    return [path for path in root.rglob("*") if path.is_file() and str(entry.public_id) in str(path)]


def test_an_erased_entry_leaves_no_word_and_no_file_and_a_whole_chain(settings: Settings) -> None:
    entry = planted()
    head = verifying.walk(entry.contest).head
    assert len(set(places())) >= 10  # the words are really there
    assert files(settings, entry)

    erasing.erase_entry(entry, by=ErasedBy.ENTRANT)

    assert set(places()) == {"User.email", "User.display_name"}
    assert files(settings, entry) == []
    found = verifying.walk(entry.contest)
    assert found.broken is None
    assert found.erased == 4  # two findings, a verdict, a decision
    assert entry.contest.links.filter(hash=head).exists()
    decision = Decision.objects.get()
    assert (decision.route, decision.grounds, decision.reason) == ("reject", ["statement"], "–")
    assert [reason["rule"] for reason in Verdict.objects.get().reasons]
    assert CheckResult.objects.filter(code=CONTRADICTION.code, data={}).exists()


def test_what_a_worker_wrote_after_the_erasure_is_erased_too() -> None:
    entry = planted()
    erasing.erase_entry(entry, by=ErasedBy.ENTRANT)
    screening = entry.screenings.latest("number")
    CheckResult.objects.create(
        screening=screening,
        check_name="late",
        lane="file",
        outcome="clear",
        code="late",
        data={"name": WORD},
    )
    Entry.objects.filter(pk=entry.pk).update(title=WORD)

    erasing.finish_waiting()

    assert set(places()) == {"User.email", "User.display_name"}
    assert verifying.walk(entry.contest).broken is None


def test_an_erasure_is_finished_once_no_check_can_still_run() -> None:
    entry = planted()
    erasure = erasing.erase_entry(entry, by=ErasedBy.ENTRANT)
    erasing.finish_waiting()
    erasure.refresh_from_db()
    early = erasure.finished_at
    long_ago = erasure.at - 2 * erasing.LOOKS_ARE_OVER
    erasure.at = long_ago

    erasing.finish(erasure)

    assert early is None
    erasure.refresh_from_db()
    assert erasure.finished_at is not None


def test_what_lies_before_a_contest_is_withdrawn_first() -> None:
    entry = planted(Route.HUMAN)

    with pytest.raises(erasing.StillJudged):
        erasing.erase_entry(entry, by=ErasedBy.ENTRANT)

    assert not Erasure.objects.exists()


def test_a_person_is_erased_with_everything_that_is_theirs(settings: Settings) -> None:
    hung = planted(Route.HUMAN)
    draft = make_draft(entrant=hung.entrant, title=WORD)
    person = hung.entrant

    leaving.erase_person(person, by=ErasedBy.ENTRANT)
    leaving.erase_person(person, by=ErasedBy.ENTRANT)

    assert list(places()) == []
    hung.refresh_from_db()
    assert hung.state == State.WITHDRAWN
    assert not Entry.objects.filter(pk=draft.pk).exists()
    assert verifying.walk(hung.contest).broken is None
    person.refresh_from_db()
    assert (person.is_active, person.email) == (False, f"erased-{person.pk}@erased.invalid")


def test_an_artist_is_erased_with_what_is_under_way_and_what_others_said() -> None:
    person, stranger = make_user(email=f"{WORD}@example.org"), make_artist()
    artist = make_artist(owner=person, name=WORD, biography=WORD, website=f"https://{WORD}.example.org")
    work, other = make_registered(artist, title=WORD), make_registered(stranger)
    now = timezone.now()
    CoOwner.objects.create(work=other, email=person.email)
    imports.start(artist, ContentFile(b"PK", name=f"{WORD}.zip"))
    Quarantine.objects.create(
        work=work,
        reason="public_domain",
        lifted_at=now,
        lifted_by=make_user(),
        lifted_because=f"Seen {WORD}.",
    )
    conflict = Conflict.objects.create(
        older=other, newer=work, due_at=now, closed_at=now, outcome="older_stands", decided_by=make_user(),
        reason=f"{WORD} came later.", data={"artist": WORD},
    )  # fmt: skip
    Answer.objects.create(conflict=conflict, artist=artist, by=person, text=f"I, {WORD}")
    assert len(set(places())) >= 8

    leaving.erase_person(person, by=ErasedBy.ENTRANT)

    assert list(places()) == []
    assert not artist.imports.filter(state=ImportState.RUNNING).exists()
    assert not artist.works.kept().exists()


def test_the_only_owner_of_an_organization_hands_it_over_first(as_person: SignIn) -> None:
    owner = make_member(role=Role.OWNER)

    page = as_person(owner).get("/account/data/erase/")
    with pytest.raises(leaving.OwnsAlone):
        leaving.erase_person(owner, by=ErasedBy.ENTRANT)

    assert b"only owner" in page.content
    owner.refresh_from_db()
    assert owner.is_active


def test_the_copy_holds_ones_own_words_and_files_and_no_reviewer() -> None:
    entry = planted()
    other = planted(person=make_user(email="other@example.org"))
    by = Decision.objects.filter(case__entry=entry).get().by

    with exporting.export(entry.entrant) as file, zipfile.ZipFile(file) as archive:
        told = archive.read("about-you.json").decode()
        names = archive.namelist()

    about = json.loads(told)
    assert about["entries"][0]["title"] == f"Title {WORD}"
    assert any(f"Dear {WORD}, no." in reason for reason in about["entries"][0]["reasons"])
    assert [name for name in names if name.endswith(f"1-{WORD}.png")]
    assert str(other.public_id) not in told + " ".join(names)
    assert by.email not in told
    assert by.display_name not in told
    assert "password" not in told


def test_pages_erase_only_after_the_address_was_typed(as_person: SignIn) -> None:
    entry = planted()
    client = as_person(entry.entrant)

    wrong = client.post("/account/data/erase/", {"email": "other@example.org"})
    copy = client.post("/account/data/export/")
    right = client.post("/account/data/erase/", {"email": entry.entrant.email})

    assert wrong.status_code == 200
    assert zipfile.ZipFile(io.BytesIO(copy.getvalue())).namelist()[0] == "about-you.json"
    assert right.status_code == 302
    assert not User.objects.get(pk=entry.entrant_id).is_active
    assert client.get("/desk/").status_code == 302  # signed out


def test_an_entrant_erases_an_entry_from_its_page_and_nobody_else_does(as_person: SignIn) -> None:
    entry = planted()
    address = f"/entries/{entry.public_id}/erase/"

    stranger = Client().post(address)
    other = as_person(make_user()).post(address)
    organizer = as_person(make_member(entry.contest.organization)).post(address)
    before = Erasure.objects.count()
    mine = as_person(entry.entrant)
    asked = mine.get(address)
    mine.post(address)

    assert [stranger.status_code, other.status_code, organizer.status_code] == [302, 404, 404]
    assert before == 0
    assert b"What stays" in asked.content
    assert Erasure.objects.get().entry == entry
    assert mine.get(f"/entries/{entry.public_id}/").status_code == 200
    assert mine.get(f"/entries/{entry.public_id}/receipt.json").status_code == 200


def test_the_commands_write_a_copy_and_erase(tmp_path: Path) -> None:
    entry = planted()
    address = entry.entrant.email

    call_command("person", "export", address, str(tmp_path / "copy.zip"))
    call_command("person", "erase", address)
    kept = User.objects.get(pk=entry.entrant_id).is_active
    call_command("person", "erase", address, "--yes")

    assert zipfile.is_zipfile(tmp_path / "copy.zip")
    assert kept
    assert list(places()) == []
