"""The style lane informs a reviewer; nothing follows from it, and nobody else is told."""

import pytest
from django.core.files.base import ContentFile

from matching import styles
from matching.models import PortfolioStyle, WorkVector
from moderation.checks import CHECKS
from moderation.checks.look import Look
from moderation.models import CheckResult
from moderation.verdicts import Finding, Lane, Outcome, Route
from submissions.models import Entry, Role
from tests.factories import make_entry, make_member
from tests.matching.factories import make_artist
from tests.matching.test_styles import make_portfolio
from tests.moderation.rows import CONTRADICTION, make_case
from tests.moderation.screened import screen_now
from tests.moderation.test_doors import SignIn

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("encoder")]

RESEMBLES = Finding(
    "style",
    Lane.STYLE,
    Outcome.CLEAR,
    "style.resembles",
    {"artist": "Haneul Im", "works": 14, "portfolios": 230, "strangers": 143, "score": 0.996},
    score=0.996,
    versions={"check": "2"},
)


def look(entry: Entry) -> Look:
    assert entry.disclosure is not None
    return Look(entry, entry.disclosure)


def resembled(entry: Entry, **fields: object) -> None:
    """An artist whose style the entry has."""
    make_portfolio(12, like=look(entry).artworks[0].encoded, artist=make_artist(name="Haneul Im", **fields))
    styles.follow()


def test_a_likeness_is_told_to_a_reviewer_and_changes_no_route() -> None:
    entry, other = make_entry(), make_entry()
    resembled(entry)

    verdicts = [screen_now(one) for one in (entry, other)]

    result = CheckResult.objects.get(screening__entry=entry, lane=Lane.STYLE)
    assert (result.code, result.outcome, result.data["artist"]) == ("style.resembles", "clear", "Haneul Im")
    assert ", 1 portfolios of 20" in result.versions["portfolios"]
    assert [verdict.route for verdict in verdicts] == [Route.HUMAN, Route.HUMAN]
    assert verdicts[0].reasons == verdicts[1].reasons


def test_ones_own_portfolio_is_no_likeness() -> None:
    entry = make_entry()
    resembled(entry, owner=entry.entrant)

    assert CHECKS["style"].run(look(entry)) == []


def test_without_portfolios_the_lane_is_silent() -> None:
    assert CHECKS["style"].run(look(make_entry())) == []


def test_a_style_that_cannot_be_compared_holds_nothing() -> None:
    entry = make_entry()
    resembled(entry)
    artwork = entry.artworks.get()
    artwork.original.save("original", ContentFile(b"no picture"))

    found = CHECKS["style"].run(look(entry))

    assert [(one.code, one.outcome, one.lane) for one in found] == [
        ("style.not_compared", Outcome.UNKNOWN, Lane.STYLE)
    ]


def test_the_page_says_what_it_does_not_mean(as_person: SignIn) -> None:
    case = make_case(CONTRADICTION, RESEMBLES)
    reviewer = make_member(case.entry.contest.organization, Role.ORGANIZER)

    page = as_person(reviewer).get(f"/organize/case/{case.pk}/").content.decode()

    assert "portfolio of Haneul Im (14 works) than 99 % of 143 unrelated pictures of its kind" in page
    assert "It does not mean that anything was copied" in page
    assert "style" not in "".join(str(reason) for reason in case.verdict.reasons)


def test_the_entrant_and_the_jury_do_not_read_of_it(as_person: SignIn) -> None:
    case = make_case(CONTRADICTION, RESEMBLES)
    juror = make_member(case.entry.contest.organization, Role.JUROR)

    pages = [
        as_person(case.entry.entrant).get(f"/entries/{case.entry.public_id}/"),
        as_person(juror).get(f"/contests/{case.entry.contest.slug}/jury/"),
    ]

    assert [page.status_code for page in pages] == [200, 200]
    assert not any("Haneul Im" in page.content.decode() for page in pages)


def test_works_without_style_vectors_are_not_compared_by_others() -> None:
    entry = make_entry()
    resembled(entry)
    WorkVector.objects.all().delete()

    styles.work_out(PortfolioStyle.objects.get().artist)

    assert CHECKS["style"].run(look(entry)) == []
