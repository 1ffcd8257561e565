"""What an artist sees and does."""

import io
import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from matching.models import Artist, OnMatch, Work, WorkState
from submissions.models import User
from tests.factories import make_user
from tests.matching.factories import make_artist
from tests.matching.views.rows import make_work, signed_in
from tests.pictures import as_file, draw

pytestmark = pytest.mark.django_db


@pytest.fixture
def artist(owner: User) -> Artist:
    return make_artist(owner=owner, name="Haneul Seo")


@pytest.fixture
def browser_of_owner(owner: User) -> Client:
    return signed_in(owner)


def text_of(answer: Any) -> str:
    """The page as words, in one line."""
    words = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", unescape(words))


def at(door: str, row: Any) -> str:
    return reverse(f"matching:{door}", args=[row.public_id])


def sent(seed: int, name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, as_file(draw(seed, 60, 40)), "image/png")


# Profiles


def test_a_visitor_reads_what_the_registry_is(client: Client) -> None:
    answer = client.get(reverse("matching:home"))

    assert answer.status_code == 200
    assert "Sign in to register works" in text_of(answer)


def test_a_person_has_several_profiles_and_sees_no_one_elses(
    artist: Artist, browser_of_owner: Client
) -> None:
    make_artist(owner=artist.owner, name="Sky West")
    make_artist(owner=make_user(), name="Somebody Else")

    page = text_of(browser_of_owner.get(reverse("matching:home")))

    assert "Haneul Seo" in page
    assert "Sky West" in page
    assert "Somebody Else" not in page


def test_the_list_of_profiles_asks_no_more_questions_for_more_works(
    artist: Artist, browser_of_owner: Client, django_assert_num_queries: Any
) -> None:
    for _ in range(3):
        make_work(artist, WorkState.MATCHABLE)
    browser_of_owner.get(reverse("matching:home"))

    with django_assert_num_queries(4):  # session, person, profiles, works they are asked to own
        browser_of_owner.get(reverse("matching:home"))


def test_a_profile_is_created_and_edited_by_its_owner(owner: User, browser_of_owner: Client) -> None:
    browser_of_owner.post(
        reverse("matching:create"), {"name": "Haneul Seo", "website": "haneul.example", "aliases": "하늘"}
    )
    artist = Artist.objects.get()
    browser_of_owner.post(at("edit", artist), {"name": "서하늘"})

    artist.refresh_from_db()
    assert (artist.owner, artist.name, artist.website) == (owner, "서하늘", "")


def test_a_profile_needs_a_name(browser_of_owner: Client) -> None:
    answer = browser_of_owner.post(reverse("matching:create"), {"name": " ", "website": "ftp//no"})

    assert "Something needs another look" in text_of(answer)
    assert not Artist.objects.exists()


# Portfolio


def test_the_portfolio_tells_each_state_in_words(artist: Artist, browser_of_owner: Client) -> None:
    make_work(artist, WorkState.MATCHABLE, title="Tide")
    make_work(artist, WorkState.PENDING, title="Ebb")
    make_work(artist, WorkState.FAILED, title="Storm")
    make_work(artist, WorkState.WITHDRAWN, title="Gone")

    page = text_of(browser_of_owner.get(at("portfolio", artist)))

    assert "Matchable since" in page
    assert "1 work is being read" in page
    assert "The picture is damaged or cut off" in page
    assert "Read it again" in page
    assert "Gone" not in page
    assert "All 3 Being read 1 Matchable 1 Could not be read 1 Withdrawn 1" in page


def test_withdrawn_works_are_found_by_their_tab(artist: Artist, browser_of_owner: Client) -> None:
    make_work(artist, WorkState.MATCHABLE, title="Tide")
    make_work(artist, WorkState.WITHDRAWN, title="Gone")

    page = text_of(browser_of_owner.get(at("portfolio", artist), {"state": "withdrawn"}))

    assert "Gone" in page
    assert "Withdrawn on" in page
    assert "Tide" not in page


@pytest.mark.parametrize("works", [1, 3])
def test_the_portfolio_asks_as_many_questions_for_many_works_as_for_one(
    artist: Artist, browser_of_owner: Client, django_assert_num_queries: Any, works: int
) -> None:
    for _ in range(works):
        make_work(artist, WorkState.MATCHABLE)

    with django_assert_num_queries(10):
        browser_of_owner.get(at("portfolio", artist))


def test_a_long_portfolio_is_shown_by_pages(artist: Artist, browser_of_owner: Client) -> None:
    Work.objects.bulk_create(
        Work(artist=artist, title=f"Work {number:02}", sha256=f"{number:064}") for number in range(60)
    )

    first = text_of(browser_of_owner.get(at("portfolio", artist)))
    second = text_of(browser_of_owner.get(at("portfolio", artist), {"page": 2}))

    assert "Page 1 of 2" in first
    assert ("Work 59" in first, "Work 00" in first) == (True, False)
    assert ("Work 59" in second, "Work 00" in second) == (False, True)


def test_the_list_asks_again_only_while_something_is_being_read(
    artist: Artist, browser_of_owner: Client
) -> None:
    work = make_work(artist, WorkState.PENDING, title="Ebb")

    waiting = browser_of_owner.get(at("portfolio", artist), headers={"HX-Request": "true"})
    Work.objects.filter(pk=work.pk).update(state=WorkState.FAILED, failure="damaged")
    settled = browser_of_owner.get(at("portfolio", artist), headers={"HX-Request": "true"})

    assert "hx-trigger" in waiting.content.decode()
    assert "hx-trigger" not in settled.content.decode()
    assert "<html" not in settled.content.decode()
    assert "HX-Request" in settled.headers["Vary"]


# Registering


def test_each_file_is_told_what_became_of_it(artist: Artist, browser_of_owner: Client) -> None:
    known = make_work(artist, WorkState.MATCHABLE, registered=timezone.now() - timedelta(days=1))
    with known.original.open("rb") as original:
        again = SimpleUploadedFile("again.png", original.read())
    Work.objects.filter(pk=known.pk).update(registered=timezone.now() - timedelta(days=1))
    broken = SimpleUploadedFile("notes.png", b"no picture at all")

    answer = browser_of_owner.post(
        at("register", artist),
        {"pictures": [sent(1, "one.png"), again, broken], "title": "One title", "on_match": OnMatch.BLOCK},
    )

    page = text_of(answer)
    assert "2 of 3 are in your portfolio" in page
    assert "one.png Registered again.png Was there before notes.png" in page
    assert "notes.png This is not a JPEG, PNG, WebP, TIFF, AVIF, HEIC or GIF picture. Not taken" in page
    assert set(artist.works.values_list("original_name", "title")) == {("", ""), ("one.png", "")}


def test_a_single_picture_takes_title_year_source_and_wish(artist: Artist, browser_of_owner: Client) -> None:
    browser_of_owner.post(
        at("register", artist),
        {
            "pictures": [sent(2, "tide.png")],
            "title": "밀물",
            "year": "2019",
            "source": "https://haneul.example/tide",
            "on_match": OnMatch.ALLOW_WITH_CREDIT,
        },
    )

    work = artist.works.get()
    assert (work.title, work.year, work.source) == ("밀물", "2019", "https://haneul.example/tide")
    assert (work.on_match, work.state) == (OnMatch.ALLOW_WITH_CREDIT, WorkState.PENDING)


def test_registering_nothing_says_so(artist: Artist, browser_of_owner: Client) -> None:
    answer = browser_of_owner.post(at("register", artist), {"on_match": OnMatch.BLOCK})

    assert "This field is required" in text_of(answer)
    assert not artist.works.exists()


def test_a_wish_that_is_none_is_refused(artist: Artist, browser_of_owner: Client) -> None:
    answer = browser_of_owner.post(
        at("register", artist), {"pictures": [sent(3, "a.png")], "on_match": "burn"}
    )

    assert "Something needs another look" in text_of(answer)
    assert not artist.works.exists()


# One work


def test_a_work_is_corrected(artist: Artist, browser_of_owner: Client) -> None:
    work = make_work(artist, WorkState.MATCHABLE, title="Tide")

    browser_of_owner.post(at("edit_work", work), {"title": "Ebb", "on_match": OnMatch.NOTIFY_ONLY})

    work.refresh_from_db()
    assert (work.title, work.on_match, work.state) == ("Ebb", OnMatch.NOTIFY_ONLY, WorkState.MATCHABLE)


def test_a_failed_work_is_read_again_on_request(artist: Artist, browser_of_owner: Client) -> None:
    work = make_work(artist, WorkState.FAILED, attempts=2)

    browser_of_owner.post(at("retry", work))

    work.refresh_from_db()
    assert (work.state, work.attempts, work.failure) == (WorkState.PENDING, 0, "")


def test_the_withdrawal_page_says_what_goes_and_only_a_press_does_it(
    artist: Artist, browser_of_owner: Client, django_capture_on_commit_callbacks: Any
) -> None:
    work = make_work(artist, WorkState.MATCHABLE, title="Tide")
    storage, names = (
        work.original.storage,
        [str(field.name) for field in (work.original, work.display, work.thumbnail)],
    )

    asked = text_of(browser_of_owner.get(at("withdraw", work)))
    kept = [storage.exists(name) for name in names]
    with django_capture_on_commit_callbacks(execute=True):
        browser_of_owner.post(at("withdraw", work))

    work.refresh_from_db()
    assert "the file you sent, and the copies shown" in asked
    assert kept == [True, True, True]
    assert (work.state, work.features, work.pdq) == (WorkState.WITHDRAWN, None, None)
    assert [storage.exists(name) for name in names] == [False, False, False]
    assert "Withdrawn on" in text_of(browser_of_owner.get(at("work", work)))


def test_a_withdrawn_work_is_not_edited(artist: Artist, browser_of_owner: Client) -> None:
    work = make_work(artist, WorkState.WITHDRAWN, title="Gone")

    answers = [browser_of_owner.post(at(door, work), {"title": "Back"}) for door in ("edit_work", "withdraw")]

    work.refresh_from_db()
    assert [answer.headers["Location"] for answer in answers] == [at("work", work)] * 2
    assert work.title == "Gone"


def test_the_words_of_a_stranger_are_only_words(artist: Artist, browser_of_owner: Client) -> None:
    work = make_work(
        artist, WorkState.MATCHABLE, title="<script>alert(1)</script>", source="javascript:alert(1)"
    )

    pages = [
        browser_of_owner.get(address).content.decode()
        for address in (at("portfolio", artist), at("work", work))
    ]

    assert not any("<script>alert" in page or 'href="javascript' in page for page in pages)


def test_a_failure_is_told_in_the_readers_language(artist: Artist) -> None:
    work = make_work(artist, WorkState.FAILED)

    with translation.override("ko"):
        told = work.failure_sentence
        expected = translation.gettext("The picture is damaged or cut off: it cannot be decoded to its end.")

    assert told == expected
    assert work.failure == "damaged"


# Sending a zip


def test_a_zip_is_kept_for_the_worker(artist: Artist, browser_of_owner: Client) -> None:
    import zipfile

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.png", as_file(draw(5, 60, 40)))

    answer = browser_of_owner.post(
        at("import", artist),
        {"archive": SimpleUploadedFile("portfolio.zip", packed.getvalue()), "on_match": OnMatch.NOTIFY_ONLY},
    )

    run = artist.imports.get()
    with run.archive.open("rb") as kept:
        assert kept.read() == packed.getvalue()
    assert answer.headers["Location"] == at("import_progress", run)
    assert (run.original_name, run.on_match, run.state) == ("portfolio.zip", OnMatch.NOTIFY_ONLY, "running")
    assert not artist.works.exists()


def test_what_is_no_zip_is_refused_at_the_door(artist: Artist, browser_of_owner: Client) -> None:
    answer = browser_of_owner.post(
        at("import", artist), {"archive": SimpleUploadedFile("a.zip", b"Rar!"), "on_match": OnMatch.BLOCK}
    )

    assert "This is not a zip." in text_of(answer)
    assert not artist.imports.exists()


def test_a_zip_larger_than_is_taken_is_refused_at_the_door(
    artist: Artist, browser_of_owner: Client, settings: Any
) -> None:
    settings.IMPORT_MAX_BYTES = 3

    answer = browser_of_owner.post(
        at("import", artist), {"archive": SimpleUploadedFile("a.zip", b"PK\3\4"), "on_match": OnMatch.BLOCK}
    )

    assert "are the most that are taken" in text_of(answer)
    assert not artist.imports.exists()


def test_problems_come_as_a_list_without_formulas(artist: Artist, browser_of_owner: Client) -> None:
    run = artist.imports.create(problems=[{"file": '=cmd|"/c calc"!A1.png', "problem": "Too large."}], done=1)

    answer = browser_of_owner.get(at("import_problems", run))

    assert answer.content.decode() == ('\ufefffile,problem\r\n"\'=cmd|""/c calc""!A1.png",Too large.\r\n')
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"


def test_progress_is_shown_until_the_import_ends(artist: Artist, browser_of_owner: Client) -> None:
    run = artist.imports.create(original_name="portfolio.zip", total=40, done=10)

    under_way = browser_of_owner.get(at("import_progress", run), headers={"HX-Request": "true"})
    artist.imports.filter(pk=run.pk).update(done=40, state="done", finished_at=timezone.now())
    ended = browser_of_owner.get(at("import_progress", run), headers={"HX-Request": "true"})

    assert "10 of 40 files looked at" in text_of(under_way)
    assert "hx-trigger" in under_way.content.decode()
    assert "40 files are in your portfolio" in text_of(ended)
    assert "hx-trigger" not in ended.content.decode()
