"""Organizers overrule a fact for their contest, in the open, and not backwards."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client

from moderation.screening import statement_of
from submissions import overrules
from submissions.models import Contest, LicenceClass, Overrule, User
from submissions.rules import AILevel
from tests.factories import make_contest, make_disclosure, make_draft, make_member
from tests.moderation.checks.contradicted import Stated
from tests.moderation.rows import make_case

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]

SD = {"model": "stable-diffusion-1", "licence_class": LicenceClass.LICENSED}
WHY = "The maker showed us the contracts."


def overruled(contest: Contest, licence_class: str = LicenceClass.LICENSED) -> Overrule:
    by = make_member(contest.organization)
    return overrules.overrule(
        contest, kind="model", subject="stable-diffusion-1", licence_class=licence_class, reason=WHY, by=by
    )


def codes(contest: Contest) -> list[str]:
    """What speaks against a statement that calls Stable Diffusion's data licensed."""
    found = Stated(level=AILevel.GENERATED, tools=[SD], contest=contest).contradictions()
    return [one.code for one in found if one.data["severity"] != "note"]


def test_the_check_of_the_statement_uses_what_holds_in_the_contest() -> None:
    contest, another = make_contest(), make_contest()
    assert codes(contest) == ["statement.cleaner_data_than_known"]

    row = overruled(contest)

    assert codes(contest) == []
    assert codes(another) == ["statement.cleaner_data_than_known"]
    look = Stated(level=AILevel.GENERATED, tools=[SD | {"licence_class": LicenceClass.PUBLIC_DOMAIN}])
    look.contest = contest
    (found,) = look.contradictions()
    assert (found.data["known"], found.versions["overrules"]) == ("licensed_or_consented", str(row.pk))


def test_the_rules_read_what_holds_in_the_contest() -> None:
    contest = make_contest()
    unsure = [SD | {"licence_class": LicenceClass.UNKNOWN}]
    disclosure = make_disclosure(make_draft(contest=contest), level=AILevel.GENERATED, tools=unsure)
    assert statement_of(disclosure).licences == ("scraped_without_permission",)

    overruled(contest)

    assert statement_of(disclosure).licences == ("licensed_or_consented",)


def test_what_is_built_on_an_overruled_base_stands_on_that_fact() -> None:
    contest = make_contest()
    overruled(contest, LicenceClass.PUBLIC_DOMAIN)

    known = overrules.in_force(contest).catalogue

    built = [one for one in known.models.values() if "stable-diffusion-1" in one.base]
    assert known.models["stable-diffusion-1"].base == ()
    assert built, "the catalogue knows fine-tunes of it"


def test_taken_back_the_catalogue_holds_again_and_the_record_stays() -> None:
    contest = make_contest()
    row = overruled(contest)

    overrules.take_back(contest, kind="model", subject=row.subject, reason="Disproved.", by=row.by)

    assert codes(contest) == ["statement.cleaner_data_than_known"]
    assert [one.reason for one in overrules.history(contest)] == ["Disproved.", WHY]
    with pytest.raises(overrules.NothingOverruled):
        overrules.take_back(contest, kind="model", subject=row.subject, reason="Again.", by=row.by)


def test_an_overrule_is_never_edited_and_never_without_a_reason() -> None:
    row = overruled(make_contest())

    with pytest.raises(DatabaseError), transaction.atomic():
        Overrule.objects.filter(pk=row.pk).update(reason="Another.")
    with pytest.raises(IntegrityError), transaction.atomic():
        overrules.overrule(
            row.contest, kind="model", subject=row.subject, licence_class="mixed", reason=" ", by=row.by
        )
    with pytest.raises(overrules.UnknownSubject):
        overrules.overrule(
            row.contest, kind="model", subject="nobody", licence_class="mixed", reason=WHY, by=row.by
        )


def test_an_organizer_overrules_by_any_name_and_everybody_reads_it(as_person: SignIn) -> None:
    case = make_case()
    contest = case.entry.contest
    organizer = make_member(contest.organization)
    client = as_person(organizer)
    address = f"/organize/contest/{contest.slug}/facts/"

    sent = client.post(address, {"name": "SDXL", "licence_class": "licensed_or_consented", "reason": WHY})
    wrong = client.post(address, {"name": "No such thing", "licence_class": "mixed", "reason": WHY})

    assert (sent.status_code, wrong.status_code) == (302, 200)
    pages = [client.get(address), client.get(f"/organize/case/{case.pk}/")]
    pages.append(Client().get(f"/contests/{contest.slug}/"))
    for page in pages:
        assert WHY in page.content.decode()
    row = Overrule.objects.get()
    taken = client.post(f"{address}take-back/", {"kind": "model", "subject": row.subject, "reason": "No."})
    assert taken.status_code == 302
    assert WHY not in Client().get(f"/contests/{contest.slug}/").content.decode()


@pytest.mark.parametrize("asked", ["SDXL", "MJ v6", "스테이블 디퓨전", "미드저니", "midjorney", "LAION-5B"])
def test_the_catalogue_is_read_by_any_name(asked: str) -> None:
    page = Client().get("/catalogue/", {"q": asked})

    said = page.content.decode()
    assert page.status_code == 200
    assert 'role="status"' in said
    assert "nothing that this name surely means" not in said
    assert page.context["models"] >= 60
    assert len(page.context["datasets"]) >= 30


def test_the_catalogue_says_that_it_does_not_know() -> None:
    page = Client().get("/catalogue/", {"q": "zzz qqq"})

    assert "nothing that this name surely means" in page.content.decode()
