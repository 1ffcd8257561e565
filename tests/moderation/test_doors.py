"""Every page of the desk, for everybody who may come by."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import get_resolver
from PIL import Image
from pytest_django import Settings
from pytest_django.plugin import DjangoDbBlocker

from matching import registry
from matching.models import Work
from moderation import decisions, drafts, exercises, interests, urls
from moderation.credentials import copies, keeping, trusting
from moderation.models import Case, CheckResult, InterestSource, LaneSilence, SavedFilter, Sighting
from moderation.provenance.signing import make_authority
from moderation.provenance.tree import picture_key
from moderation.verdicts import Finding, Lane, Outcome, Route
from submissions.models import Contest, Entry, Membership, Role, User
from submissions.rules import PRESETS
from submissions.states import State
from tests.factories import make_contest, make_entry, make_member, make_user
from tests.lasting import lasting
from tests.moderation.claims.rows import claim_paths
from tests.moderation.registration_rows import registration_paths
from tests.moderation.rows import BROKEN_OFF, CONTRADICTION, copy_of, make_case, make_reading, make_work
from tests.pictures import as_file, draw

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]

PEOPLE = ("stranger", "entrant", "other_organizer", "juror", "organizer", "owner", "staff")
DESK = {"organizer", "owner"}
EVERYBODY = set(PEOPLE)
SIGNED_IN = EVERYBODY - {"stranger"}

# Who gets an answer other than "not found" or "sign in first", by the name of the page and the method.
ALLOWED: dict[tuple[str, str], set[str]] = {
    ("home", "get"): EVERYBODY,
    ("organization_new", "get"): SIGNED_IN,
    ("organization_new", "post"): SIGNED_IN,
    ("queue", "get"): DESK | {"other_organizer"},
    ("keep_filter", "post"): DESK | {"other_organizer"},
    ("forget_filter", "post"): {"organizer"},
    ("chosen", "post"): DESK | {"other_organizer"},
    ("decide_chosen", "post"): DESK | {"other_organizer"},
    ("case", "get"): DESK,
    ("decide", "post"): DESK,
    ("check_again", "post"): DESK,
    ("lock", "post"): DESK,
    ("take_over", "post"): DESK,
    ("put_aside", "post"): DESK,
    ("resume", "post"): DESK,
    ("escalate", "post"): DESK,
    ("reassign", "post"): DESK,
    ("comment", "post"): DESK,
    ("impression", "post"): DESK,
    ("undo", "post"): {"organizer"},  # who decided it
    ("lately", "get"): SIGNED_IN,
    ("view", "get"): SIGNED_IN,
    ("view", "post"): SIGNED_IN,
    ("texts", "get"): DESK,
    ("texts", "post"): DESK,
    ("retire_text", "post"): DESK,
    ("bring_back_text", "post"): DESK,
    ("impressions", "get"): DESK,
    ("abstain", "post"): DESK,
    ("unveil", "post"): {"owner"},
    ("make_golden", "post"): DESK,
    ("reviewer", "get"): DESK | {"other_organizer"},
    ("reviewer", "post"): DESK | {"other_organizer"},
    ("review", "get"): DESK,
    ("review", "post"): DESK,
    ("interests", "get"): {"owner"},
    ("dismiss_interest", "post"): {"owner"},
    ("recognise_interest", "post"): {"owner"},
    ("quality", "get"): DESK,
    ("end_golden", "post"): {"organizer"},  # who marked it
    ("name_interest", "get"): {"entrant"},
    ("name_interest", "post"): {"entrant"},
    ("name_interest_of_match", "get"): set(),  # the artist's own account alone
    ("entry", "get"): DESK,
    ("matched_work", "get"): DESK,
    ("correct_medium", "post"): DESK,
    ("know_making", "post"): DESK,
    ("end_silence", "post"): DESK,
    ("detector", "get"): EVERYBODY,
    ("laid", "get"): DESK,
    ("contest", "get"): DESK,
    ("contest_edit", "get"): DESK,
    ("contest_edit", "post"): DESK,
    ("rules", "get"): DESK,
    ("rules", "post"): DESK,
    ("rules_compare", "get"): DESK,
    ("rules_draft", "get"): DESK,
    ("turn_on_draft", "post"): DESK,
    ("discard_draft", "post"): DESK,
    ("rules_again", "get"): DESK,
    ("entries", "get"): DESK,
    ("overrules", "get"): DESK,
    ("overrules", "post"): DESK,
    ("take_back", "post"): DESK,
    ("organization", "get"): DESK,
    ("organization", "post"): {"owner"},
    ("contest_new", "get"): DESK,
    ("contest_new", "post"): DESK,
    ("remove_member", "post"): {"owner"},
    ("signers", "get"): DESK,
    ("signers", "post"): {"owner"},
    ("remove_signers", "post"): {"owner"},
    ("credentials", "get"): DESK | {"entrant"},
    ("sign_copies", "post"): DESK | {"entrant"},
    ("choices", "post"): {"entrant"},
    ("signed_copy", "get"): DESK | {"entrant"},
    ("report", "get"): DESK,
    ("ingredient", "get"): DESK | {"entrant"},
    ("registrations", "get"): DESK | {"staff"},
    ("decide_proof", "post"): DESK | {"staff"},
    ("revoke_proof", "post"): DESK | {"staff"},
    ("lift_doubt", "post"): DESK | {"staff"},
    ("conflict", "get"): DESK | {"staff"},
    ("conflict", "post"): DESK | {"staff"},
    ("conflict_picture", "get"): DESK | {"staff"},
    ("later", "get"): SIGNED_IN,
    ("note_later", "post"): DESK,
    ("ledger", "get"): DESK,
    ("ledger_file", "get"): DESK,
    ("artist_matches", "get"): {"staff"},  # and the artist's own account
    ("match_region", "get"): {"staff"},
    ("artist_claims", "get"): {"staff"},  # and the artist's own account, as with all of a claim's pages
    ("claim_new", "get"): set(),
    ("claim", "get"): {"staff"},
    ("claim_withdraw", "post"): set(),
    ("claim_erase", "post"): set(),
    ("claim_picture", "get"): {"staff"},
    ("claim_work", "get"): DESK | {"entrant", "staff"},
    ("claim_answer", "get"): {"entrant"},
    ("claim_answer", "post"): {"entrant"},
    ("claim_answer_file", "get"): DESK | {"entrant"},
    ("claim_laid", "get"): DESK,
    ("claim_suspend", "post"): DESK | {"staff"},
    ("claim_lift", "post"): DESK | {"staff"},
    ("transparency", "get"): EVERYBODY,
    ("transparency_file", "get"): EVERYBODY,
    ("published_heads", "get"): EVERYBODY,
    ("chain", "get"): EVERYBODY,
    ("record", "get"): EVERYBODY,
    ("record_key", "get"): EVERYBODY,
    ("check_receipt", "get"): EVERYBODY,
    ("receipt", "get"): {"entrant"},
    ("erase_entry", "get"): {"entrant"},
    ("appeal", "get"): {"entrant"},
    ("appeal", "post"): {"entrant"},
    ("withdraw_appeal", "get"): {"entrant"},
    ("withdraw_appeal", "post"): {"entrant"},
    ("closing", "get"): DESK,
    ("close_category", "post"): DESK,
    ("own_data", "get"): SIGNED_IN,
    ("export_data", "post"): SIGNED_IN,
    ("erase_account", "get"): SIGNED_IN,
    ("jury", "get"): DESK | {"juror"},
    ("health", "get"): {"staff"},
    ("healthz", "get"): EVERYBODY,
}


@dataclass
class House:
    """One contest with a case, and everybody around it."""

    case: Case
    paths: dict[str, str]
    people: dict[str, User]


@pytest.fixture(scope="module")
def standing_house(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[House, Path]]:
    """A house that all tests here come by: it takes longer to build than to knock at one door."""
    folder = tmp_path_factory.mktemp("house")
    with lasting(django_db_blocker, folder) as making:
        with making:
            house = build()
        yield house, folder


@pytest.fixture
def house(standing_house: tuple[House, Path], own_files: None, settings: Settings) -> House:
    house, folder = standing_house
    settings.MEDIA_ROOT = str(folder)
    return house


def build() -> House:
    contest = make_contest()
    work = make_work()
    case = make_case(CONTRADICTION, copy_of(work), contest=contest, title="Planted title")
    decided = make_case(BROKEN_OFF, contest=contest, title="Planted title", entrant=case.entry.entrant)
    organizer = make_member(contest.organization, Role.ORGANIZER)
    hung = make_entry(contest=contest, state=State.HUNG, title="Planted title", entrant=case.entry.entrant)
    juror = make_member(contest.organization, Role.JUROR)
    slug, organization = contest.slug, contest.organization.slug
    entry = f"/organize/entry/{case.entry.public_id}/"
    member = Membership.objects.get(user=juror)
    copy = CheckResult.objects.get(code="copy.verified")
    draft = drafts.try_out(contest, PRESETS["open"], by=make_member(contest.organization))
    silence = LaneSilence.objects.create(contest=contest, model="head", overturned=2, human=3)
    kept = SavedFilter.objects.create(person=organizer, name="Heavy ones", query="severity=3")
    paths = {
        "home": "/organize/",
        "organization_new": "/organize/new/",
        "queue": "/organize/queue/",
        "keep_filter": "/organize/queue/keep/",
        "forget_filter": f"/organize/queue/keep/{kept.pk}/remove/",
        "chosen": "/organize/queue/chosen/",
        "decide_chosen": "/organize/queue/chosen/decide/",
        "case": f"/organize/case/{case.pk}/",
        "decide": f"/organize/case/{case.pk}/decide/",
        "check_again": f"/organize/case/{case.pk}/check-again/",
        **{
            name: f"/organize/case/{case.pk}/{where}/"
            for name, where in (
                ("lock", "lock"),
                ("take_over", "take-over"),
                ("put_aside", "aside"),
                ("resume", "resume"),
                ("escalate", "escalate"),
                ("reassign", "reassign"),
                ("comment", "comment"),
                ("impression", "impression"),
            )
        },
        "undo": f"/organize/case/{decided.pk}/undo/",
        "lately": "/organize/lately/",
        "view": "/organize/view/",
        "texts": f"/organize/contest/{slug}/texts/",
        "retire_text": f"/organize/contest/{slug}/texts/retire/",
        "bring_back_text": f"/organize/contest/{slug}/texts/1/bring-back/",
        "impressions": f"/organize/contest/{slug}/impressions/",
        **panel_paths(case, organizer),
        "entry": entry,
        "matched_work": f"{entry}works/{work.public_id}",
        "laid": f"{entry}laid/{copy.pk}/work",
        "correct_medium": f"{entry}pictures/{case.entry.artworks.get().public_id}/medium/",
        "know_making": f"{entry}making/",
        "end_silence": f"/organize/contest/{slug}/silences/{silence.pk}/end/",
        "detector": "/detector/",
        "contest": f"/organize/contest/{slug}/",
        "contest_edit": f"/organize/contest/{slug}/edit/",
        "rules": f"/organize/contest/{slug}/rules/",
        "rules_compare": f"/organize/contest/{slug}/rules/compare/",
        "rules_draft": f"/organize/contest/{slug}/rules/draft/",
        "turn_on_draft": f"/organize/contest/{slug}/rules/draft/{draft.pk}/turn-on/",
        "discard_draft": f"/organize/contest/{slug}/rules/draft/{draft.pk}/discard/",
        "rules_again": f"/organize/contest/{slug}/rules/again/?rules=open",
        "entries": f"/organize/contest/{slug}/all/",
        "overrules": f"/organize/contest/{slug}/facts/",
        "take_back": f"/organize/contest/{slug}/facts/take-back/",
        "closing": f"/organize/contest/{slug}/closing/",
        "close_category": f"/organize/contest/{slug}/closing/human/",
        "organization": f"/organize/organization/{organization}/",
        "contest_new": f"/organize/organization/{organization}/new-contest/",
        "remove_member": f"/organize/organization/{organization}/members/{member.pk}/remove/",
        **record_paths(contest, hung),
        **credential_paths(hung),
        **registration_paths(contest, hung),
        **claim_paths(contest, case.entry.entrant),
        "signers": f"/organize/organization/{organization}/signers/",
        "remove_signers": f"/organize/organization/{organization}/signers/{own_list(contest)}/remove/",
        "jury": f"/contests/{slug}/jury/",
        "health": "/desk/health/",
        "healthz": "/healthz",
    }
    decisions.decide(decided, by=organizer, route=Route.HUMAN, reason="Seen.")
    people = {
        "entrant": case.entry.entrant,
        "other_organizer": make_member(),
        "juror": juror,
        "organizer": organizer,
        "owner": make_member(contest.organization, Role.OWNER),
        "staff": make_user(is_staff=True),
    }
    return House(case, paths, people)


def panel_paths(case: Case, organizer: User) -> dict[str, str]:
    """Who decides, and how well: one case is golden, a work was seen in the entry of another."""
    contest, entry = case.contest, case.entry
    decided = make_case(CONTRADICTION, contest=contest)
    decisions.decide(decided, by=make_member(contest.organization), route=Route.HUMAN, reason="Seen.")
    golden = exercises.make_golden(decided, route=Route.HUMAN, reason="I was there.", by=organizer)
    sighting = Sighting.objects.create(work=make_work(), artwork=entry.artworks.get(), code="copy.verified")
    page = f"/organize/case/{case.pk}/"
    room = f"/organize/contest/{contest.slug}/"
    (named,) = interests.name(
        entry, "A stranger", source=InterestSource.ENTRANT, reason="A rival.", by=entry.entrant
    )
    return {
        "abstain": f"{page}abstain/",
        "unveil": f"{page}unveil/",
        "make_golden": f"{page}golden/",
        "reviewer": "/organize/reviewer/",
        "review": f"{room}review/",
        "interests": f"{room}interests/",
        "dismiss_interest": f"{room}interests/{entry.public_id}/{organizer.pk}/dismiss/",
        "recognise_interest": f"{room}interests/named/{named.pk}/",
        "quality": f"{room}quality/",
        "end_golden": f"{room}quality/golden/{golden.pk}/end/",
        "name_interest": f"/entries/{entry.public_id}/interests/",
        "name_interest_of_match": f"/artists/matches/{sighting.public_id}/interests/",
    }


def record_paths(contest: Contest, entry: Entry) -> dict[str, str]:
    """The record and what it tells everybody, the entrant, and a person of themselves."""
    own = f"/entries/{entry.public_id}"
    return {
        "transparency": f"/contests/{contest.slug}/transparency/",
        "transparency_file": f"/contests/{contest.slug}/transparency.csv",
        "published_heads": f"/contests/{contest.slug}/record/heads.json",
        "chain": f"/contests/{contest.slug}/record/chain.csv",
        "record": "/record/",
        "record_key": "/record/key.pem",
        "check_receipt": "/record/check_receipt.py",
        "receipt": f"{own}/receipt.json",
        "erase_entry": f"{own}/erase/",
        "appeal": f"{own}/appeal/",
        "withdraw_appeal": f"{own}/appeal/withdraw/",
        "own_data": "/account/data/",
        "export_data": "/account/data/export/",
        "erase_account": "/account/data/erase/",
    }


def credential_paths(entry: Entry) -> dict[str, str]:
    """The pages about a hung entry's credentials: a copy, a report and an ingredient's picture lie there."""
    artwork = entry.artworks.get()
    make_reading(artwork, {"report": keeping.keep_report(artwork, {"active_manifest": "one"})})
    drawing = as_file(draw(5, 40, 30))
    (key,) = keeping.keep_pictures(artwork, {picture_key(drawing): drawing})
    copy = copies.fulfil(copies.ask(entry, by=None)[0])
    page = f"/entries/{entry.public_id}/credentials/"
    return {
        "credentials": page,
        "sign_copies": f"{page}sign/",
        "choices": f"{page}choices/",
        "signed_copy": f"/signed-copies/{copy.public_id}",
        "report": f"/credentials/{artwork.public_id}/report.json",
        "ingredient": f"/credentials/{artwork.public_id}/{key}",
    }


def own_list(contest: Contest) -> int:
    root = make_authority("School root", "School").pem.encode()
    owner = make_member(contest.organization, Role.OWNER)
    return trusting.add(contest.organization, name="School", pem=root, by=owner).pk


DOORS = [(name, method, who) for name, method in ALLOWED for who in PEOPLE]


@pytest.mark.parametrize(("name", "method", "who"), DOORS)
def test_a_door_opens_for_those_it_should(
    house: House, as_person: SignIn, name: str, method: str, who: str
) -> None:
    client = Client() if who == "stranger" else as_person(house.people[who])

    response = getattr(client, method)(house.paths[name])

    opened = response.status_code in (200, 302) and "/accounts/login/" not in response.get("Location", "")
    if response.streaming:
        response.getvalue()
    assert opened == (who in ALLOWED[name, method])
    if not opened:
        assert response.status_code == (302 if who == "stranger" else 404)
        assert "Planted title" not in response.content.decode()


def test_every_page_of_the_desk_stands_in_the_table() -> None:
    names = {pattern.name for pattern in urls.urlpatterns}

    assert names == {name for name, _method in ALLOWED}
    assert get_resolver().reverse_dict  # the routes do resolve


def test_an_organizer_does_not_see_behind_their_own_entry(as_person: SignIn) -> None:
    contest = make_contest()
    organizer = make_member(contest.organization)
    own = make_case(contest=contest, entrant=organizer)
    client = as_person(organizer)

    pages = [
        client.get(f"/organize/case/{own.pk}/"),
        client.get(f"/organize/entry/{own.entry.public_id}/"),
        client.post(f"/organize/case/{own.pk}/decide/", {"route": "human", "reason": "Mine."}),
        client.post(f"/organize/case/{own.pk}/check-again/"),
    ]

    assert [page.status_code for page in pages] == [404, 404, 404, 404]


def test_a_work_is_shown_only_beside_the_entry_that_repeats_it(house: House, as_person: SignIn) -> None:
    another = make_work(title="Another work")
    entry = house.case.entry

    page = as_person(house.people["organizer"]).get(
        f"/organize/entry/{entry.public_id}/works/{another.public_id}"
    )

    assert page.status_code == 404


def test_a_work_comes_as_a_fenced_picture(house: House, as_person: SignIn) -> None:
    response = as_person(house.people["organizer"]).get(house.paths["matched_work"])

    content = response.getvalue()

    assert content[:4] == b"RIFF"
    assert response["Content-Type"] == "image/webp"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cache-Control"].startswith("private")


def test_a_laid_work_is_two_fenced_pictures_of_one_size(house: House, as_person: SignIn) -> None:
    client = as_person(house.people["organizer"])
    address = house.paths["laid"].removesuffix("work")

    layers = [client.get(address + layer) for layer in ("ground", "work")]

    ground, work = (Image.open(io.BytesIO(layer.content)) for layer in layers)
    assert (ground.format, work.format, work.mode) == ("WEBP", "WEBP", "RGBA")
    assert ground.size == work.size
    assert {layer["Content-Security-Policy"] for layer in layers} == {"default-src 'none'; sandbox"}
    assert {layer["Cache-Control"] for layer in layers} == {"private, max-age=60"}
    assert client.get(f"{address}original").status_code == 404


def test_what_is_no_copy_or_another_entrys_is_not_laid(house: House, as_person: SignIn) -> None:
    client = as_person(house.people["organizer"])
    entry = house.case.entry
    copy = CheckResult.objects.get(code="copy.verified")
    contradiction = CheckResult.objects.get(lane=Lane.STATEMENT, screening__entry=entry)
    other = make_case(contest=entry.contest).entry

    pages = [
        client.get(f"/organize/entry/{entry.public_id}/laid/{contradiction.pk}/work"),
        client.get(f"/organize/entry/{other.public_id}/laid/{copy.pk}/work"),
    ]

    assert [page.status_code for page in pages] == [404, 404]


def matched(house: House) -> Work:
    """The work that the house's entry repeats."""
    return Work.objects.get(public_id=house.paths["matched_work"].rsplit("/", 1)[1])


@pytest.mark.parametrize(
    "view", [7, [1, 2, 3], [[1, 2], [3, 4]], [["a", [], {}]] * 3, [[1, 0, 9], [0, 1, 9], [0, 0, 1]]]
)
def test_a_view_that_cannot_be_drawn_breaks_no_page(house: House, as_person: SignIn, view: object) -> None:
    case = make_case(copy_of(matched(house), view=view), contest=house.case.entry.contest)
    copy = CheckResult.objects.get(screening__entry=case.entry)
    client = as_person(house.people["organizer"])

    page = client.get(f"/organize/case/{case.pk}/")
    layer = client.get(f"/organize/entry/{case.entry.public_id}/laid/{copy.pk}/work")

    assert (page.status_code, layer.status_code) == (200, 404)


def test_a_withdrawn_work_is_laid_no_more(house: House, as_person: SignIn) -> None:
    client = as_person(house.people["organizer"])
    assert client.get(house.paths["laid"]).status_code == 200
    work = matched(house)

    registry.withdraw(work)

    assert client.get(house.paths["laid"]).status_code == 404
    assert client.get(house.paths["matched_work"]).status_code == 404


def test_a_work_is_shown_by_its_thumbnail_where_nothing_larger_is_kept(
    house: House, as_person: SignIn
) -> None:
    work = matched(house)
    work.thumbnail.save("small.webp", ContentFile(as_file(draw(78, 48, 30), "WEBP")), save=False)
    Work.objects.filter(pk=work.pk).update(thumbnail=work.thumbnail.name, display="")

    response = as_person(house.people["organizer"]).get(house.paths["matched_work"])

    assert Image.open(io.BytesIO(response.getvalue())).size == (48, 30)


def test_an_unverified_likeness_opens_no_work(house: House, as_person: SignIn) -> None:
    likeness = make_work(title="Only alike")
    near = copy_of(likeness)
    data = {"works": 9, "nearest": [dict(near.data)]}
    case = make_case(
        CONTRADICTION,
        Finding("registry", Lane.COPY, Outcome.CLEAR, "copy.none", data),
        contest=house.case.entry.contest,
    )

    client = as_person(house.people["organizer"])
    page = client.get(f"/organize/entry/{case.entry.public_id}/works/{likeness.public_id}")

    assert page.status_code == 404
