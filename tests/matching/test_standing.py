"""Proof, doubts and conflicts: what makes a registration count, and what is kept of it."""

import io
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone

from matching import registry, tasks
from matching.encoding import identity
from matching.models import (
    Change,
    Conflict,
    ConflictOutcome,
    Grade,
    Keeps,
    Proof,
    ProofState,
    QuarantineReason,
    Work,
    WorkState,
)
from matching.registry import conflicts, proofs, standing
from matching.registry.standing import UNPROVED, lift
from tests.factories import make_user
from tests.matching.factories import drawing, make_artist, make_matchable_work, make_work
from tests.matching.web import Web, serving
from tests.pictures import as_file

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("encoder")]


def examined(artist: Any = None, **facts: Any) -> Work:
    work = make_matchable_work(artist, **facts)
    registry.examine(work)
    work.refresh_from_db()
    return work


def reasons_of(work: Work) -> list[str]:
    return list(work.quarantines.filter(lifted_at=None).values_list("reason", flat=True))


# Proof


@pytest.fixture
def web(settings: Any) -> Iterator[Web]:
    with serving() as found:
        settings.FETCH_ALLOW = [found.host]
        yield found


def test_a_work_counts_once_somebody_vouches_and_no_more_once_that_is_taken_back() -> None:
    work, organizer = make_work(), make_user()

    before = standing(work)
    proof = proofs.vouch(work.artist, work=None, organization="salon", by=organizer)
    vouched = standing(work)
    proofs.revoke(proof, by=organizer, note="A mistake.")

    assert (before.counts, before.doubts) == (False, (UNPROVED,))
    assert (vouched.counts, vouched.grade) == (True, Grade.VOUCHED)
    assert not standing(work).counts


def test_proof_of_one_work_is_none_of_another() -> None:
    artist = make_artist()
    proved, other = make_work(artist), make_work(artist)

    proofs.vouch(artist, work=proved, organization="salon", by=make_user())

    assert [standing(one).counts for one in (proved, other)] == [True, False]


def test_a_page_that_carries_the_code_is_proof(web: Web) -> None:
    work = make_work()
    proof = proofs.ask_publication(work.artist, work=work, url=web.url("/me"), published_on=date(2021, 5, 1))
    web.bodies["/me"] = b"<p>My works</p>"
    first = proofs.look_at_page(proof)
    proof.refresh_from_db()
    problem = proof.evidence["problem"]
    web.bodies["/me"] = f"<p>My works</p><p>{proof.code}</p>".encode()

    second = proofs.look_at_page(proof)

    proof.refresh_from_db()
    assert (first, problem, second, proof.state) == (False, "no_code", True, ProofState.ACCEPTED)
    assert standing(work).grade == Grade.DATED_PUBLICATION


def test_a_longer_word_is_not_the_code() -> None:
    code = proofs.make_code()

    assert proofs.carries(f"see {code}.".encode(), code)
    assert not proofs.carries(f"see {code}x".encode(), code)
    assert proofs.carries(f"{code}x {code}".encode(), code)


def test_a_page_inside_a_private_network_is_not_fetched(settings: Any) -> None:
    with serving() as web:
        artist = make_artist()
        proof = proofs.ask_publication(artist, work=None, url=web.url("/"), published_on=date(2021, 5, 1))
        web.bodies["/"] = proof.code.encode()

        proofs.look_at_page(proof)

        proof.refresh_from_db()
        assert (proof.state, web.asked) == (ProofState.OPEN, [])
        assert proof.evidence["problem"]


def test_a_decided_proof_is_not_decided_again() -> None:
    artist = make_artist()
    proof = proofs.ask_vouching(artist, work=None, organization="salon")
    proofs.decide(proof, state=ProofState.REFUSED, by=make_user(), note="Unknown to us.")

    with pytest.raises(proofs.NotOpen):
        proofs.decide(proof, state=ProofState.ACCEPTED, by=make_user())

    assert not proofs.drop(proof)


def test_the_database_refuses_a_publication_without_its_page() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Proof.objects.create(artist=make_artist(), kind="dated_publication", code="x")


# Doubts


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"year": "1874"}, {"year": 1874}),
        ({"year": "c. 1503–1506"}, {"year": 1506}),
        ({"title": "Irises, by Vincent van Gogh"}, {"named": "Vincent van Gogh", "died": 1890}),
        ({"source": "단원 김홍도, 풍속도첩"}, {"named": "김홍도", "died": 1806}),
        (
            {"rights": "http://creativecommons.org/publicdomain/mark/1.0/"},
            {"rights": "http://creativecommons.org/publicdomain/mark/1.0/"},
        ),
        ({"year": "2024", "title": "Monetary union"}, {}),
        ({"year": "1874–2024"}, {}),
    ],
)
def test_what_may_be_nobodys_is_set_aside(facts: dict[str, Any], said: dict[str, object]) -> None:
    from matching.registry import guards

    assert guards.public_domain(make_work(**facts)) == said


def test_whom_an_organization_vouches_for_may_pay_homage() -> None:
    from matching.registry import guards

    work = make_work(title="After Claude Monet")
    proofs.vouch(work.artist, work=None, organization="salon", by=make_user())

    assert guards.public_domain(work) == {}


def test_a_doubt_sets_a_proved_work_aside_until_a_person_lifts_it() -> None:
    work = examined(year="1850")
    proofs.vouch(work.artist, work=None, organization="salon", by=make_user())

    doubted = standing(work)
    lift(work.quarantines.get(), by=make_user(), because="A reprint with new drawings.")
    registry.examine(work)  # does not raise it again

    assert doubted.doubts == (QuarantineReason.PUBLIC_DOMAIN,)
    assert standing(work).counts


def test_a_work_of_a_public_domain_listing_sets_aside_who_registers_it() -> None:
    picture = as_file(drawing(41))
    listing = examined(make_artist(public_domain=True), content=picture)

    work = examined(content=picture)

    assert reasons_of(work) == [QuarantineReason.PUBLIC_DOMAIN]
    assert not standing(listing).counts
    assert not Conflict.objects.exists()


def test_many_copies_of_one_picture_are_no_portfolio() -> None:
    artist, pixels = make_artist(), drawing(42)

    works = [examined(artist, content=as_file(pixels, "JPEG", quality=quality)) for quality in range(70, 77)]

    assert [bool(reasons_of(work)) for work in works] == [False] * 5 + [True] * 2
    assert reasons_of(works[-1]) == [QuarantineReason.MASS_DUPLICATE]


# Conflicts


@pytest.fixture
def conflict() -> Conflict:
    picture = as_file(drawing(43))
    examined(make_artist(owner=make_user()), content=picture)
    examined(make_artist(owner=make_user()), content=picture)
    return Conflict.objects.get()


def test_the_same_picture_by_two_artists_opens_a_conflict_with_a_clock(conflict: Conflict) -> None:
    days = (conflict.due_at - timezone.now()) / timedelta(days=1)

    assert conflict.older.pk < conflict.newer.pk
    assert 29.9 < days <= 30
    assert not reasons_of(conflict.newer)
    assert len(conflict.data["newer_region"]) >= 3


def test_one_persons_two_profiles_and_co_owners_do_not_conflict() -> None:
    person, picture, other = make_user(), as_file(drawing(44)), as_file(drawing(45))
    examined(make_artist(owner=person), content=picture)
    examined(make_artist(owner=person), content=picture)
    shared, friend = examined(content=other), make_artist(owner=make_user())
    registry_share = shared.co_owners.create(
        work=shared, email="f@example.org", artist=friend, accepted_at=timezone.now()
    )

    examined(friend, content=other)

    assert registry_share.artist == friend
    assert not Conflict.objects.exists()


def test_the_newer_registration_is_set_aside_when_its_clock_runs_out(conflict: Conflict) -> None:
    Conflict.objects.update(due_at=timezone.now() - timedelta(minutes=1))

    tasks.tidy()

    conflict.refresh_from_db()
    assert conflict.outcome == ConflictOutcome.RAN_OUT
    assert reasons_of(conflict.newer) == [QuarantineReason.CONFLICT]
    assert reasons_of(conflict.older) == []


def test_an_answer_in_time_stops_the_clock(conflict: Conflict) -> None:
    artist = conflict.newer.artist
    conflicts.answer(
        conflict, artist=artist, by=artist.owner, text="I drew it in 2019; here are the sketches."
    )
    Conflict.objects.update(due_at=timezone.now() - timedelta(minutes=1))

    tasks.tidy()

    conflict.refresh_from_db()
    assert (conflict.closed_at, reasons_of(conflict.newer)) == (None, [])


def test_the_older_sides_answer_does_not_stop_it(conflict: Conflict) -> None:
    artist = conflict.older.artist
    conflicts.answer(conflict, artist=artist, by=artist.owner, text="Mine.")
    Conflict.objects.update(due_at=timezone.now() - timedelta(minutes=1))

    assert conflicts.run_out() == 1


@pytest.mark.parametrize(
    ("outcome", "older", "newer"),
    [
        (ConflictOutcome.OLDER_STANDS, [], [QuarantineReason.CONFLICT]),
        (ConflictOutcome.NEWER_STANDS, [QuarantineReason.CONFLICT], []),
        (ConflictOutcome.BOTH_STAND, [], []),
    ],
)
def test_a_neutral_person_decides_who_stands(
    conflict: Conflict, outcome: ConflictOutcome, older: list[str], newer: list[str]
) -> None:
    conflicts.decide(conflict, by=make_user(), outcome=outcome, reason="The sketches are dated.")

    assert (reasons_of(conflict.older), reasons_of(conflict.newer)) == (older, newer)
    with pytest.raises(conflicts.NotOpen):
        conflicts.answer(conflict, artist=conflict.newer.artist, by=make_user(), text="Late.")


def test_a_withdrawn_work_has_no_conflict_any_more(conflict: Conflict) -> None:
    registry.withdraw(conflict.older)

    conflict.refresh_from_db()
    assert conflict.outcome == ConflictOutcome.WITHDRAWN


# What is kept


def test_an_artist_may_have_only_kept_what_matching_needs() -> None:
    work = examined(make_artist(keeps=Keeps.MATCHING))

    with default_storage.open(str(work.thumbnail.name)) as thumbnail:
        is_picture = thumbnail.read(4) == b"RIFF"
    _folders, files = default_storage.listdir(f"works/{work.public_id}")
    assert (work.original.name, work.display.name, is_picture, len(files)) == ("", "", True, 1)
    assert (work.state, bool(work.pdq), bool(work.features)) == (WorkState.MATCHABLE, True, True)


def test_who_changes_their_mind_has_earlier_files_deleted_too() -> None:
    work = examined()
    work.artist.keeps = Keeps.MATCHING
    work.artist.save()

    tasks.tidy()

    work.refresh_from_db()
    assert (work.original.name, work.display.name) == ("", "")


def test_a_work_without_its_original_is_read_anew_from_what_is_kept() -> None:
    work = examined(make_artist(keeps=Keeps.MATCHING))
    work.vectors.all().delete()

    registry.embed(Work.objects.get(pk=work.pk))

    assert work.vectors.filter(identity=identity()).exists()


def test_withdrawal_leaves_a_record_and_nothing_else(
    django_capture_on_commit_callbacks: Any,
) -> None:
    work = examined()
    with django_capture_on_commit_callbacks(execute=True):
        registry.withdraw(work)

    work.refresh_from_db()
    _folders, files = default_storage.listdir(f"works/{work.public_id}")
    assert (files, work.vectors.count(), work.pdq, work.features) == ([], 0, None, None)
    assert work.erased_at is not None
    assert [change.kind for change in Change.objects.filter(work=work).order_by("pk")] == [
        "added",
        "withdrawn",
    ]


def test_files_that_could_not_be_deleted_are_deleted_by_the_sweep(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    work = examined()
    with monkeypatch.context() as broken:
        broken.setattr(FileSystemStorage, "delete", _out_of_reach)
        with django_capture_on_commit_callbacks(execute=True):
            registry.withdraw(work)
    work.refresh_from_db()
    left = work.erased_at

    tasks.tidy()

    work.refresh_from_db()
    assert (left, work.erased_at is not None) == (None, True)
    assert default_storage.listdir(f"works/{work.public_id}")[1] == []


def _out_of_reach(*_: Any) -> None:
    raise OSError("storage out of reach")


def test_identical_bytes_are_embedded_once_for_two_artists(monkeypatch: pytest.MonkeyPatch) -> None:
    from matching.engine.encoder import Encoder

    encode, counted = Encoder.encode, []

    def count(self: Encoder, pictures: Any) -> Any:
        counted.append(len(pictures))
        return encode(self, pictures)

    picture = as_file(drawing(46))
    first = registry.register(make_artist(), io.BytesIO(picture), announce=False)
    second = registry.register(make_artist(), io.BytesIO(picture), announce=False)
    registry.embed(first)
    monkeypatch.setattr(Encoder, "encode", count)

    registry.embed(second)

    assert sum(counted) == 0
    vectors = [bytes(work.vectors.get(identity=identity()).vector) for work in (first, second)]
    assert vectors[0] == vectors[1]
