"""Conflicts of interest: who is kept from which entry, in pages, verbs and the database alike."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from matching.models import Artist, CoOwner, Work
from moderation import decisions, interests, panel, queues
from moderation.interests import Tie
from moderation.models import (
    Acquaintance,
    Case,
    Claim,
    Decision,
    Dismissal,
    Interest,
    InterestSource,
    Opinion,
    Recognition,
    Sighting,
)
from moderation.people import erasing, exporting, leaving
from moderation.record import verifying
from moderation.record.receipts import receipt
from moderation.verdicts import Route
from submissions.models import Entry, ErasedBy, Membership, Role, User
from submissions.states import State
from submissions.transitions import move
from tests.factories import make_member, make_organization, make_user
from tests.moderation.claims.rows import owner_of
from tests.moderation.rows import make_case, make_desk, make_work

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
Bind = Callable[[Entry, User], None]


def says(source: InterestSource) -> Bind:
    def bind(entry: Entry, reviewer: User) -> None:
        by = reviewer if source in (InterestSource.DECLARED, InterestSource.ABSTAINED) else entry.entrant
        Interest.objects.create(entry=entry, reviewer=reviewer, source=source, reason="A reason.", by=by)

    return bind


def knows(entry: Entry, reviewer: User) -> None:
    interests.know(entry.entrant.email.upper(), by=reviewer)


def same_house(entry: Entry, reviewer: User) -> None:
    house = make_organization()
    for person in (entry.entrant, reviewer):
        Membership.objects.create(organization=house, user=person, role=Role.JUROR)


def colleague(entry: Entry, reviewer: User) -> None:
    Membership.objects.create(
        organization=entry.contest.organization, user=entry.entrant, role=Role.ORGANIZER
    )


def seen(entry: Entry, artist: Artist) -> Sighting:
    return Sighting.objects.create(
        work=make_work(artist=artist), artwork=entry.artworks.get(), code="copy.verified"
    )


def own_work(entry: Entry, reviewer: User) -> None:
    seen(entry, Artist.objects.create(name="Of the reviewer", owner=reviewer))


def shared_work(entry: Entry, reviewer: User) -> None:
    sighting = seen(entry, Artist.objects.create(name="Of somebody"))
    own = Artist.objects.create(name="Beside them", owner=reviewer)
    CoOwner.objects.create(work=sighting.work, email=reviewer.email, artist=own, accepted_at=timezone.now())


def licensed(entry: Entry, _reviewer: User) -> None:
    slug = entry.contest.organization.slug
    seen(entry, Artist.objects.create(name="Licensing", licensed_organizations=[slug]))


def claimed(entry: Entry, artist: Artist, by: User, work: Work | None = None) -> Claim:
    """A claim by hand, after the entry was judged: no sighting tells of it."""
    return Claim.objects.create(
        entry=entry,
        artwork=entry.artworks.get(),
        work=work or make_work(artist=artist),
        artist=artist,
        by=by,
        region=[],
        words="Mine.",
        stood=Route.HUMAN,
        holds=False,
        answer_until=timezone.now(),
    )


def recognised(entry: Entry, reviewer: User) -> None:
    """The entrant named a stranger, and an owner says that it is the reviewer."""
    (named,) = interests.name(
        entry, "The tall one", source=InterestSource.ENTRANT, reason="A dispute.", by=entry.entrant
    )
    interests.recognise(named, reviewer, reason="Their pen name.", by=make_user())


def own_claim(entry: Entry, reviewer: User) -> None:
    claimed(entry, Artist.objects.create(name="Of the reviewer", owner=reviewer), reviewer)


def claim_beside(entry: Entry, reviewer: User) -> None:
    """Somebody with whom they own another work claimed it."""
    artist = Artist.objects.create(name="Of somebody", owner=make_user())
    own = Artist.objects.create(name="Beside them", owner=reviewer)
    work = make_work(artist=artist)
    CoOwner.objects.create(work=work, email=reviewer.email, artist=own, accepted_at=timezone.now())
    claimed(entry, artist, owner_of(artist))


def claim_of_shared(entry: Entry, reviewer: User) -> None:
    """Somebody claimed it for a work that is the reviewer's too."""
    artist = Artist.objects.create(name="Of somebody", owner=make_user())
    work = make_work(artist=Artist.objects.create(name="Of the reviewer", owner=reviewer))
    claimed(entry, artist, owner_of(artist), work)


def claim_of_house(entry: Entry, reviewer: User) -> None:
    artist, house = Artist.objects.create(name="A colleague", owner=make_user()), make_organization()
    for person in (owner_of(artist), reviewer):
        Membership.objects.create(organization=house, user=person, role=Role.JUROR)
    claimed(entry, artist, owner_of(artist))


BONDS: dict[str, tuple[Bind, Tie]] = {
    "entrant": (says(InterestSource.ENTRANT), Tie.SAID),
    "artist": (says(InterestSource.ARTIST), Tie.SAID),
    "declared": (says(InterestSource.DECLARED), Tie.SAID),
    "abstained": (says(InterestSource.ABSTAINED), Tie.SAID),
    "acquaintance": (knows, Tie.KNOWN),
    "house": (same_house, Tie.HOUSE),
    "colleague": (colleague, Tie.HOUSE),
    "own work": (own_work, Tie.WORK),
    "shared work": (shared_work, Tie.WORK),
    "licence": (licensed, Tie.LICENCE),
    "recognised": (recognised, Tie.SAID),
    "own claim": (own_claim, Tie.CLAIM),
    "claim beside": (claim_beside, Tie.CLAIM),
    "claim of a shared work": (claim_of_shared, Tie.CLAIM),
    "claim of a colleague": (claim_of_house, Tie.CLAIMANT),
}
DISMISSABLE = {"entrant", "artist", "house", "colleague", "licence", "recognised", "claim of a colleague"}


def by_hand(case: Case, by: User) -> None:
    """A decision past every verb: only the database can refuse it."""
    with transaction.atomic():
        Decision.objects.create(case=case, by=by, route=Route.HUMAN, reason="Past the verbs.")


@pytest.mark.parametrize("bond", BONDS)
def test_whoever_is_bound_neither_sees_nor_decides(bond: str, as_person: SignIn) -> None:
    contest, reviewer = make_desk()
    case = make_case(contest=contest, title="Planted title")
    bind, tie = BONDS[bond]
    client, page = as_person(reviewer), f"/organize/case/{case.pk}/"
    assert client.get(page).status_code == 200
    assert case in panel.workable(reviewer)

    bind(case.entry, reviewer)

    assert interests.ties(reviewer, case.entry) == [tie]
    assert interests.is_barred(reviewer, case.entry)
    assert case not in panel.workable(reviewer)
    assert client.get(page).status_code == 404
    assert client.get(f"/organize/entry/{case.entry.public_id}/").status_code == 404
    assert client.get(f"/originals/{case.entry.artworks.get().public_id}").status_code == 404
    assert client.post(f"{page}decide/", {"route": "human", "reason": "Fine."}).status_code == 404
    queue, listed = client.get("/organize/queue/"), client.get(f"/organize/contest/{contest.slug}/all/")
    assert b"Planted title" not in queue.content + listed.content
    with pytest.raises(panel.MayNotDecide):
        decisions.answer(case, by=reviewer, route=Route.HUMAN, reason="Fine.")
    with pytest.raises(panel.MayNotDecide):
        decisions.check_again(case, by=reviewer)
    with pytest.raises(IntegrityError, match="has an interest"):
        by_hand(case, reviewer)


@pytest.mark.parametrize("bond", BONDS)
def test_a_dismissal_frees_from_what_others_say_and_from_nothing_else(bond: str) -> None:
    contest, reviewer = make_desk()
    case = make_case(contest=contest)
    bind, tie = BONDS[bond]
    bind(case.entry, reviewer)

    interests.dismiss(case.entry, reviewer, reason="We asked both.", by=make_member(contest.organization))

    frees = bond in DISMISSABLE
    assert interests.ties(reviewer, case.entry) == ([] if frees else [tie])
    assert (case in panel.workable(reviewer)) is frees
    if frees:
        by_hand(case, reviewer)
    else:
        with pytest.raises(IntegrityError, match="has an interest"):
            by_hand(case, reviewer)


def test_others_are_free() -> None:
    contest, reviewer = make_desk()
    other = make_member(contest.organization)
    case, elsewhere = make_case(contest=contest), make_case(contest=contest)

    for bond in ("entrant", "abstained", "acquaintance", "own work", "claim of a colleague"):
        BONDS[bond][0](case.entry, reviewer)

    assert case in panel.workable(other)
    assert elsewhere in panel.workable(reviewer)
    by_hand(case, other)


def test_what_is_said_after_a_dismissal_counts_anew() -> None:
    contest, reviewer = make_desk()
    case = make_case(contest=contest)
    says(InterestSource.ENTRANT)(case.entry, reviewer)
    interests.dismiss(case.entry, reviewer, reason="No.", by=make_member(contest.organization))

    says(InterestSource.ARTIST)(case.entry, reviewer)

    assert interests.is_barred(reviewer, case.entry)
    with pytest.raises(IntegrityError, match="has an interest"):
        by_hand(case, reviewer)


def test_an_entrant_names_and_is_not_told_who_judges(as_person: SignIn) -> None:
    contest, reviewer = make_desk()
    case = make_case(contest=contest)
    client, page = as_person(case.entry.entrant), f"/entries/{case.entry.public_id}/interests/"

    answers = [
        client.post(page, {"named": named, "reason": "A dispute."}, follow=True).content.decode()
        for named in (reviewer.email.upper(), "Nobody Here")
    ]

    told = ["Noted. If this person judges here" in answer for answer in answers]
    assert told == [True, True]
    assert [row.reviewer for row in Interest.objects.all()] == [reviewer, None]
    assert interests.is_barred(reviewer, case.entry)
    assert reviewer.display_name not in answers[1]


def test_an_owner_says_which_member_a_stranger_is(as_person: SignIn) -> None:
    contest, reviewer = make_desk()
    owner = make_member(contest.organization, Role.OWNER)
    case = make_case(contest=contest)
    named = stranger(case)
    Case.objects.filter(pk=case.pk).update(assigned_to=reviewer)
    room, client = f"/organize/contest/{contest.slug}/interests/", as_person(owner)
    before = (interests.is_barred(reviewer, case.entry), client.get(room).content.decode())

    client.post(f"{room}named/{named.pk}/", {"who": reviewer.pk, "reason": "Their pen name."})
    after = client.get(room).content.decode()

    case.refresh_from_db()
    assert not before[0]
    assert "Do you know who is meant?" in before[1]
    assert f"“The tall one” is {reviewer}, says {owner}" in after
    assert "Their pen name." in after
    assert "Do you know who is meant?" not in after
    assert interests.is_barred(reviewer, case.entry)
    assert case.assigned_to is None
    assert (
        f"{case.entry.public_id}/{reviewer.pk}/dismiss/" in after
    )  # a false naming is dismissed like others


def test_an_owner_says_that_a_stranger_is_nobody_here(as_person: SignIn) -> None:
    contest, reviewer = make_desk()
    owner = make_member(contest.organization, Role.OWNER)
    case = make_case(contest=contest)
    room, client = f"/organize/contest/{contest.slug}/interests/", as_person(owner)

    client.post(f"{room}named/{stranger(case).pk}/", {"who": "nobody", "reason": "We asked."})
    page = client.get(room).content.decode()

    assert f"“The tall one” is nobody who decides here, says {owner}" in page
    assert "Do you know who is meant?" not in page
    assert Recognition.objects.get().reviewer is None
    assert case in panel.workable(reviewer)


@pytest.mark.parametrize(
    "sent", [{"who": "nobody", "reason": ""}, {"who": "", "reason": "Them."}, {"who": "0", "reason": "Them."}]
)
def test_a_stranger_is_pointed_at_no_outsider_and_not_without_a_reason(
    sent: dict[str, str], as_person: SignIn
) -> None:
    contest, _reviewer = make_desk()
    owner, juror = (
        make_member(contest.organization, Role.OWNER),
        make_member(contest.organization, Role.JUROR),
    )
    room, client = f"/organize/contest/{contest.slug}/interests/", as_person(owner)
    named = stranger(make_case(contest=contest))

    for given in (
        sent,
        {"who": str(juror.pk), "reason": "Them."},
        {"who": str(named.by_id), "reason": "Us."},
    ):
        client.post(f"{room}named/{named.pk}/", given)

    assert not Recognition.objects.exists()


def test_a_stranger_is_recognised_once_and_who_bears_a_name_never(as_person: SignIn) -> None:
    contest, reviewer = make_desk()
    other = make_member(contest.organization)
    owner = make_member(contest.organization, Role.OWNER)
    case = make_case(contest=contest)
    named = stranger(case)
    interests.recognise(named, reviewer, reason="Their pen name.", by=owner)
    (borne,) = interests.name(
        case.entry, other.email, source=InterestSource.ENTRANT, reason="A dispute.", by=case.entry.entrant
    )

    for one in (named, borne):
        with pytest.raises(interests.AlreadyRecognised):
            interests.recognise(one, None, reason="Nobody.", by=owner)

    answer = as_person(owner).post(
        f"/organize/contest/{contest.slug}/interests/named/{named.pk}/",
        {"who": "nobody", "reason": "Nobody."},
        follow=True,
    )
    assert "Somebody has said already whom this name means." in answer.content.decode()
    assert [row.reviewer for row in Recognition.objects.all()] == [reviewer]


def test_the_entrant_is_not_told_whether_a_stranger_was_recognised(as_person: SignIn) -> None:
    contest, reviewer = make_desk()
    case, other = make_case(contest=contest), make_case(contest=contest)
    owner = make_member(contest.organization, Role.OWNER)
    interests.recognise(stranger(case), reviewer, reason="Their pen name.", by=owner)
    interests.recognise(stranger(other), None, reason="We asked.", by=owner)

    told = []
    for one in (case, other):
        page = as_person(one.entry.entrant).get(f"/entries/{one.entry.public_id}/interests/").content.decode()
        assert reviewer.display_name not in page
        told.append("The tall one" in page)

    assert told == [True, True]


def stranger(case: Case) -> Interest:
    """Somebody whom the entrant names and whom nobody here bears the name of."""
    (named,) = interests.name(
        case.entry, "The tall one", source=InterestSource.ENTRANT, reason="A rival.", by=case.entry.entrant
    )
    return named


def test_a_reviewer_is_named_by_name_too() -> None:
    contest, reviewer = make_desk()
    case = make_case(contest=contest)

    interests.name(
        case.entry,
        reviewer.display_name.lower(),
        source=InterestSource.ENTRANT,
        reason="A dispute.",
        by=case.entry.entrant,
    )

    assert interests.is_barred(reviewer, case.entry)


def test_naming_is_for_a_few(as_person: SignIn) -> None:
    case = make_case()
    client, page = as_person(case.entry.entrant), f"/entries/{case.entry.public_id}/interests/"

    for number in range(interests.MOST_NAMED + 1):
        answer = client.post(page, {"named": f"person {number}", "reason": "A dispute."}, follow=True)

    assert Interest.objects.count() == interests.MOST_NAMED
    assert "as many people as one may" in answer.content.decode()


def test_naming_ends_with_the_waiting(as_person: SignIn) -> None:
    contest, reviewer = make_desk()
    case = make_case(contest=contest)
    decisions.answer(case, by=reviewer, route=Route.HUMAN, reason="Fine.")

    answer = as_person(case.entry.entrant).get(f"/entries/{case.entry.public_id}/interests/")

    assert answer.status_code == 404


def test_the_artist_of_a_match_names_while_the_entry_waits(as_person: SignIn) -> None:
    contest, reviewer = make_desk()
    case = make_case(contest=contest)
    owner = make_user()
    sighting = seen(case.entry, Artist.objects.create(name="An artist", owner=owner))
    client, page = as_person(owner), f"/artists/matches/{sighting.public_id}/interests/"

    answer = client.post(page, {"named": reviewer.email, "reason": "They sell it."})
    stranger = as_person(make_user()).get(page)
    decisions.answer(case, by=make_member(contest.organization), route=Route.HUMAN, reason="Fine.")
    later = client.get(page)

    assert (answer.status_code, stranger.status_code, later.status_code) == (302, 404, 404)
    assert Interest.objects.get().source == InterestSource.ARTIST
    assert interests.is_barred(reviewer, case.entry)


@pytest.mark.parametrize("source", ["declared", "abstained"])
def test_a_reviewer_leaves_a_case_to_others(source: str, as_person: SignIn) -> None:
    contest, reviewer = make_desk()
    case = make_case(contest=contest)
    Case.objects.filter(pk=case.pk).update(assigned_to=reviewer)

    answer = as_person(reviewer).post(
        f"/organize/case/{case.pk}/abstain/", {"source": source, "reason": "My cousin's."}
    )

    case.refresh_from_db()
    assert answer["Location"] == "/organize/queue/"
    assert case.assigned_to is None
    assert interests.is_barred(reviewer, case.entry)


def test_a_reviewer_is_not_told_whether_an_address_has_an_account(as_person: SignIn) -> None:
    contest, reviewer = make_desk()
    case = make_case(contest=contest)
    client = as_person(reviewer)

    pages = [
        client.post("/organize/reviewer/", {"do": "know", "address": address}, follow=True).content.decode()
        for address in (case.entry.entrant.email, "nobody@example.org")
    ]

    assert all("Noted. Entries of this person, if there are any" in page for page in pages)
    assert Acquaintance.objects.count() == 2
    assert case not in panel.workable(reviewer)


def test_owners_read_and_dismiss_and_not_for_themselves(as_person: SignIn) -> None:
    contest, reviewer = make_desk()
    owner, other = (make_member(contest.organization, Role.OWNER) for _each in range(2))
    case = make_case(contest=contest, title="Harbour")
    for named in (reviewer, owner):
        says(InterestSource.ENTRANT)(case.entry, named)
    room = f"/organize/contest/{contest.slug}/interests/"
    client = as_person(owner)

    page = client.get(room).content.decode()
    client.post(f"{room}{case.entry.public_id}/{owner.pk}/dismiss/", {"reason": "I am fair."})
    own = Dismissal.objects.count()
    client.post(f"{room}{case.entry.public_id}/{reviewer.pk}/dismiss/", {"reason": "Asked both."})
    seen_by_other = as_person(other).get(room).content.decode()

    assert "Harbour" in page
    assert "It is about you" in page
    assert own == 0
    assert interests.ties(reviewer, case.entry) == []
    assert interests.is_barred(owner, case.entry)
    assert "Asked both." in seen_by_other
    with pytest.raises(IntegrityError), transaction.atomic():
        Dismissal.objects.create(entry=case.entry, reviewer=owner, by=owner, reason="I am fair.")


def test_where_nobody_is_left_the_owners_read_it_and_can_mend_it(as_person: SignIn) -> None:
    contest, reviewer = make_desk()
    owner = make_member(contest.organization, Role.OWNER)
    case = make_case(contest=contest, title="Harbour")
    before = panel.stuck(contest)
    colleague(case.entry, reviewer)
    room = f"/organize/contest/{contest.slug}/interests/"
    client = as_person(owner)

    page = client.get(room).content.decode()
    client.post(f"{room}{case.entry.public_id}/{reviewer.pk}/dismiss/", {"reason": "They never met."})

    assert before == []
    assert "Nobody is left to decide" in page
    assert "the entrant and they belong to one organization" in page
    assert f"{case.entry.public_id}/{owner.pk}/dismiss/" not in page  # not for themselves
    assert panel.stuck(contest) == []
    assert case in panel.workable(reviewer)


def test_nobody_is_left_where_all_are_away_or_have_spoken() -> None:
    contest, reviewer = make_desk()
    case = make_case(contest=contest)
    Opinion.objects.create(case=case, by=reviewer, route="reject", grounds=["rules"], reason="No.")

    (stuck,) = panel.stuck(contest)

    assert (stuck.case, stuck.left) == (case, panel.Left.NOBODY)


def test_counts_and_pages_leave_out_what_one_is_kept_from() -> None:
    contest, reviewer = make_desk()
    case, _other = make_case(contest=contest), make_case(contest=contest)
    says(InterestSource.ABSTAINED)(case.entry, reviewer)

    counted = {queue.name: number for queue, number in queues.counts(reviewer, queues.workable(reviewer))}

    assert counted["all"] == queues.QUEUES["all"].cases(reviewer).count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_is_said_is_on_the_record_and_nobody_edits_it() -> None:
    contest, reviewer = make_desk()
    case = make_case(contest=contest)
    says(InterestSource.ENTRANT)(case.entry, reviewer)
    interests.dismiss(case.entry, reviewer, reason="No.", by=make_member(contest.organization))
    interests.recognise(stranger(case), reviewer, reason="Their pen name.", by=make_user())

    for change in (
        lambda: Interest.objects.update(reason="Another."),
        lambda: Interest.objects.update(reviewer=make_user()),
        lambda: Dismissal.objects.update(reason="Another."),
        lambda: Dismissal.objects.all().delete(),
        lambda: Recognition.objects.update(reviewer=None),
        lambda: Recognition.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="Cannot"):
            change()

    kinds = contest.links.filter(kind__in=["interest", "dismissal", "recognition"])
    assert list(kinds.values_list("kind", flat=True)) == ["interest", "dismissal", "interest", "recognition"]
    told = receipt(case.entry, case.entry.entrant)["signed"]["links"]
    (link,) = [one for one in told if one["kind"] == "recognition"]
    assert (set(link["facts"]), link["shown"]) == ({"interest_id", "at"}, {})
    assert verifying.walk(contest).broken is None


@pytest.mark.django_db(transaction=True)
def test_an_erased_entry_takes_the_words_with_it_and_keeps_the_chain() -> None:
    contest, reviewer = make_desk()
    case = make_case(contest=contest)
    entry = case.entry
    interests.name(entry, "Zanzibar", source=InterestSource.ENTRANT, reason="Zanzibar did.", by=entry.entrant)
    interests.know(entry.entrant.email, by=reviewer)
    move(entry, State.WITHDRAWN, because="withdrawn by the entrant")
    told = exporting.about(entry.entrant)

    erasing.erase_entry(entry, by=ErasedBy.ENTRANT)
    leaving.erase_person(entry.entrant, by=ErasedBy.ENTRANT)

    said = Interest.objects.get()
    assert (said.named, said.reason) == ("", "–")
    assert told["entries"][0]["who_should_not_decide"][0]["named"] == "Zanzibar"
    assert not Acquaintance.objects.exists()
    assert verifying.walk(contest).broken is None
