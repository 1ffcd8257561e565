"""The checks over a draft: what is proposed from its files, and dry runs of which nothing comes."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation import trials
from moderation.demo import pictures, signing
from moderation.demo.story import PARAMETERS
from moderation.models import Case, CheckResult, Screening, Verdict
from moderation.verdicts import Finding, Lane, Outcome
from submissions import intake
from submissions.models import Disclosure, DryRun, Entry, FileReading, TrialAnswer
from submissions.rules import AILevel
from submissions.states import State
from submissions.trials import ask
from tests.factories import make_artwork, make_disclosure, make_draft, make_entry
from tests.moderation.rows import CONTRADICTION, DAMAGED, SIGNS
from tests.pictures import as_file, draw

NOTHING, CLOAKED = TrialAnswer.NOTHING, TrialAnswer.CLOAKED


def reading_of(content: bytes, **fields: Any) -> FileReading:
    artwork = make_artwork(make_draft(), content=content, **fields)
    reading = FileReading.objects.create(artwork=artwork)
    trials.read_file(reading)
    reading.refresh_from_db()
    return reading


def marked() -> bytes:
    return pictures.as_png(pictures.orbits(5), parameters=PARAMETERS)


@pytest.mark.django_db
def test_a_generators_trace_is_proposed_with_its_prompt() -> None:
    reading = reading_of(marked())

    assert (reading.level, reading.signed, reading.is_open) == (AILevel.GENERATED, False, True)
    assert "harbour at dusk" in reading.prompts
    assert reading.tools


@pytest.mark.django_db
def test_signed_credentials_are_proposed_by_the_catalogues_name() -> None:
    credentials = signing.make_credentials("Adobe")
    picture = pictures.as_jpeg(pictures.hills(3))
    signed = signing.sign(
        picture, "image/jpeg", credentials, tool="Adobe Firefly", source_type=signing.TRAINED
    )

    reading = reading_of(signed, media_type="image/jpeg")

    assert (reading.signed, reading.level) == (True, AILevel.GENERATED)
    assert [tool["model"] for tool in reading.tools] == ["adobe-firefly"]


@pytest.mark.django_db
def test_a_plain_picture_asks_nothing() -> None:
    reading = reading_of(as_file(draw(4, 80, 60)))

    assert (reading.level, reading.tools, reading.prompts) == ("", [], "")
    assert reading.read_at is not None
    assert not reading.is_open


@pytest.mark.django_db
@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\nbroken", b"\xff\xd8\xff"])
def test_a_damaged_file_asks_nothing(content: bytes) -> None:
    assert not reading_of(content).is_open


@pytest.mark.django_db
def test_a_file_that_ended_two_workers_is_left_alone() -> None:
    reading = FileReading.objects.create(artwork=make_artwork(make_draft(), content=marked()), attempts=2)

    trials.read_file(reading)

    reading.refresh_from_db()
    assert (reading.level, reading.read_at is not None) == ("", True)


def draft_of(content: bytes, **said: Any) -> Entry:
    draft = make_draft()
    make_artwork(draft, content=content)
    make_disclosure(draft, attested=False, **said)
    return draft


def answers_to(draft: Entry) -> list[str]:
    run = ask(draft, by=draft.entrant)
    trials.run(run)
    run.refresh_from_db()
    assert run.finished_at is not None
    return run.answers


@pytest.mark.django_db
@pytest.mark.xdist_group("encoder")
def test_a_dry_run_says_what_the_file_says_and_nothing_comes_of_it() -> None:
    draft = draft_of(marked())

    said = answers_to(draft)

    assert said == [TrialAnswer.FILE_SAYS_AI]
    draft.refresh_from_db()
    assert (draft.state, draft.submitted_at) == (State.DRAFT, None)
    for model in (Screening, CheckResult, Verdict, Case):
        assert not model.objects.exists()


@pytest.mark.django_db
@pytest.mark.xdist_group("encoder")
def test_nothing_speaks_against_an_honest_draft() -> None:
    assert answers_to(draft_of(as_file(draw(11, 300, 200)))) == [NOTHING]


@pytest.mark.django_db
@pytest.mark.xdist_group("encoder")
def test_a_picture_that_cannot_be_read_could_not_be_looked_at() -> None:
    assert answers_to(draft_of(b"\x89PNG\r\n\x1a\nbroken")) == [TrialAnswer.COULD_NOT_LOOK]


@pytest.mark.django_db
@pytest.mark.xdist_group("encoder")
def test_another_persons_entry_of_the_same_picture_is_not_told() -> None:
    content = as_file(draw(12, 300, 200))
    earlier = make_entry(pictures=0)
    make_artwork(earlier, content=content)
    mine = draft_of(content)
    own = draft_of(content)
    Entry.objects.filter(pk=own.pk).update(entrant=earlier.entrant)
    own.refresh_from_db()

    assert (answers_to(mine), answers_to(own)) == ([NOTHING], [TrialAnswer.ENTERED_BEFORE])


@pytest.mark.django_db
def test_a_draft_handed_in_meanwhile_is_left_to_the_desk() -> None:
    draft = draft_of(as_file(draw(4, 80, 60)))
    run = ask(draft, by=draft.entrant)
    intake.hand_in(draft, by=draft.entrant, signed="Mina Park")

    trials.run(DryRun.objects.get(pk=run.pk))

    run.refresh_from_db()
    assert (run.answers, run.finished_at is not None) == ([], True)


@pytest.mark.django_db
def test_a_draft_that_ended_two_workers_is_answered() -> None:
    draft = draft_of(as_file(draw(4, 80, 60)))
    run = ask(draft, by=draft.entrant)
    DryRun.objects.update(attempts=2)

    trials.run(DryRun.objects.get(pk=run.pk))

    run.refresh_from_db()
    assert run.answers == [TrialAnswer.COULD_NOT_LOOK]


def coarse(*findings: Finding, **said: Any) -> list[TrialAnswer]:
    return trials.answers(Disclosure(**{"level": AILevel.NONE, **said}), findings)


def found(check: str, lane: Lane, outcome: Outcome = Outcome.FLAG, code: str = "", **data: Any) -> Finding:
    return Finding(check, lane, outcome, code or f"{check}.seen", data)


def test_each_finding_has_one_coarse_word() -> None:
    assert coarse() == [NOTHING]
    assert coarse(CONTRADICTION) == [TrialAnswer.FILE_SAYS_AI]
    assert coarse(DAMAGED) == [TrialAnswer.COULD_NOT_LOOK]
    assert coarse(found("registry", Lane.COPY)) == [TrialAnswer.LIKE_REGISTERED]
    assert coarse(found("registry", Lane.COPY, Outcome.CLEAR)) == [NOTHING]
    assert coarse(found("provenance", Lane.PROVENANCE)) == [TrialAnswer.CHANGED_AFTER_SIGNING]
    assert coarse(found("statement", Lane.STATEMENT, code="statement.another_model")) == [TrialAnswer.DIFFERS]
    assert coarse(found("statement", Lane.STATEMENT, severity="note")) == [NOTHING]
    assert coarse(cloaks=["glaze"]) == [NOTHING, CLOAKED]
    assert coarse(cloaks=["glaze"], level=AILevel.GENERATED) == [NOTHING]


def test_the_detector_and_style_are_not_asked() -> None:
    """Neither is run, so that no answer can depend on them."""
    assert {"synthetic", "style"}.isdisjoint(trials.TRIED)
    assert SIGNS.check not in trials.TRIED


LANES = st.sampled_from([Lane.FILE, Lane.PROVENANCE, Lane.COPY, Lane.STATEMENT])
FINDINGS = st.builds(
    found,
    st.sampled_from(trials.TRIED),
    LANES,
    st.sampled_from(Outcome),
    severity=st.sampled_from(["note", "doubt", "grave"]),
    same_entrant=st.booleans(),
)


@given(findings=st.lists(FINDINGS, max_size=6), more=FINDINGS)
def test_more_against_a_draft_never_makes_it_look_better(findings: list[Finding], more: Finding) -> None:
    before, after = set(coarse(*findings)), set(coarse(*findings, more))

    assert before - {NOTHING} <= after
    assert (NOTHING in after) == (after <= {NOTHING, CLOAKED})
