"""The chain of the record: written by the database, walked by a command, and what tampering does to it."""

import json
import threading
from collections.abc import Callable
from io import StringIO

import pgtrigger
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from moderation import decisions
from moderation.models import CheckResult, Decision, Verdict
from moderation.record import heads, verifying
from moderation.record.check_receipt import canonical, read
from moderation.verdicts import Route
from submissions.intake import receive
from submissions.models import Contest, Entry, Link, Move, PublishedHead
from tests.factories import make_artwork, make_contest, make_disclosure, make_draft, make_member
from tests.moderation.rows import CONTRADICTION, NO_CREDENTIALS, SIGNS, make_judged

pytestmark = pytest.mark.django_db(transaction=True)


def handed_in(contest: Contest) -> Entry:
    entry = make_draft(contest=contest)
    make_artwork(entry, seen=True)
    make_disclosure(entry)
    receive(entry, by=entry.entrant)
    return entry


def decided(contest: Contest) -> Entry:
    """An entry with every kind of link: handed in, looked at, held, and hung by a person."""
    entry = make_judged(CONTRADICTION, NO_CREDENTIALS, SIGNS, entry=handed_in(contest))
    case = entry.cases.get()
    decisions.decide(case, by=make_member(contest.organization), route=Route.HUMAN, reason="Seen the layers.")
    return entry


def kinds_of(contest: Contest) -> list[str]:
    return list(contest.links.order_by("position").values_list("kind", flat=True))


def test_every_row_is_a_link_in_the_order_of_what_happened() -> None:
    contest = make_contest()
    decided(contest)

    assert kinds_of(contest) == [
        "move",
        "finding",
        "finding",
        "finding",
        "verdict",
        "move",
        "decision",
        "move",
    ]
    assert list(contest.links.values_list("position", flat=True)) == list(range(1, 9))
    found = verifying.walk(contest)
    assert (found.links, found.erased, found.broken) == (8, 0, None)


def test_a_row_that_is_taken_back_leaves_no_link() -> None:
    contest = make_contest()
    entry = handed_in(contest)

    with transaction.atomic():
        Move.objects.create(entry=entry, old="received", new="held", because="test")
        transaction.set_rollback(True)

    assert kinds_of(contest) == ["move"]


def test_contests_have_chains_of_their_own() -> None:
    one, other = make_contest(), make_contest()
    handed_in(one)
    handed_in(other)
    handed_in(one)

    lengths = [verifying.walk(contest).links for contest in (one, other)]

    assert lengths == [2, 1]


def alter(table: str, change: str) -> Callable[[], None]:
    """What somebody does who may do anything in the database."""

    def do() -> None:
        with connection.cursor() as cursor:
            cursor.execute("set session_replication_role = replica")
            cursor.execute(f"update {table} set {change}" if change else f"delete from {table}")
            cursor.execute("set session_replication_role = origin")

    return do


@pytest.mark.parametrize(
    ("tamper", "position", "why"),
    [
        (alter("submissions_move", "because = 'another' where new = 'held'"), 6, "something else"),
        (alter("moderation_checkresult", "score = 0.1 where score is not null"), 4, "score"),
        (alter("moderation_checkresult", "code = 'nothing' where check_name = 'statement'"), 2, "code"),
        (alter("moderation_verdict", "route = 'ai'"), 5, "something else"),
        (alter("moderation_decision", "reason = 'Another reason.'"), 7, "reason"),
        (alter("moderation_decision", "by_id = (select min(id) from submissions_user)"), 7, "by_id"),
        (alter("moderation_decision where true", ""), 7, "row is gone"),
        (alter("submissions_link where position = 3", ""), 4, "link 3 is missing"),
        (alter("submissions_link", "content = repeat('a', 64) where position = 2"), 2, "does not follow"),
        (alter("submissions_link", "keys = '{}' where kind = 'decision'"), 7, "reason"),
        (
            alter("submissions_link", "keys = keys - 'data', sealed = sealed where position = 2"),
            2,
            "data",
        ),
    ],
)
def test_the_first_link_that_was_tampered_with_is_named(
    tamper: Callable[[], None], position: int, why: str
) -> None:
    contest = make_contest()
    decided(contest)
    assert verifying.walk(contest).broken is None

    tamper()

    broken = verifying.walk(contest).broken
    assert broken is not None
    assert broken.position == position
    assert why in broken.why


def test_words_erased_without_an_erasure_on_the_record_are_named() -> None:
    contest = make_contest()
    decided(contest)

    Decision.objects.update(reason="–")
    Link.objects.filter(kind="decision").update(keys={})

    broken = verifying.walk(contest).broken
    assert broken is not None
    assert "by_id" in broken.why or "no erasure" in broken.why


def test_a_row_written_past_the_triggers_is_named() -> None:
    contest = make_contest()
    entry = handed_in(contest)
    with pgtrigger.ignore("submissions.Move:chained"):
        move = Move.objects.create(entry=entry, old="received", new="hung", because="smuggled")

    broken = verifying.walk(contest).broken

    assert broken == verifying.Broken(None, "move", move.pk, "it is not in the chain")


def test_a_chain_that_was_cut_and_written_anew_is_not_the_published_one() -> None:
    contest = make_contest()
    entry = handed_in(contest)
    handed_in(contest)
    heads.publish(contest)
    alter("submissions_link where position = 2", "")()
    alter("submissions_move where entry_id <> " + str(entry.pk), "")()
    short = verifying.walk(contest).broken
    handed_in(contest)
    anew = verifying.walk(contest).broken

    assert short is not None
    assert "shorter" in short.why
    assert anew is not None
    assert (anew.position, anew.why) == (2, "another hash was published here")


@pytest.mark.parametrize(
    "change",
    [
        lambda: Link.objects.update(hash="0" * 64),
        lambda: Link.objects.update(keys={"reason": "of mine"}),
        lambda: Link.objects.all().delete(),
        lambda: PublishedHead.objects.update(position=99),
        lambda: CheckResult.objects.update(code="other"),
        lambda: CheckResult.objects.update(data={"another": "content"}),
        lambda: CheckResult.objects.all().delete(),
        lambda: Verdict.objects.update(reasons=[{"rule": "mine", "codes": [], "data": {}}]),
        lambda: Decision.objects.update(reason="Other words."),
        lambda: Decision.objects.update(route="ai"),
    ],
)
def test_the_database_lets_nobody_edit_the_record(change: Callable[[], object]) -> None:
    contest = make_contest()
    decided(contest)
    heads.publish(contest)

    with pytest.raises(DatabaseError, match="Cannot"):
        change()

    assert verifying.walk(contest).broken is None


def test_many_writers_at_once_make_one_chain_without_waiting_for_each_others_work() -> None:
    contest = make_contest()
    entries = [handed_in(contest) for _ in range(4)]
    together = threading.Barrier(len(entries))
    problems: list[BaseException] = []

    def write(entry: Entry) -> None:
        try:
            for _ in range(10):
                with transaction.atomic():
                    Move.objects.create(entry=entry, old="held", new="received", because="test")
                    if not together.broken:
                        together.wait(timeout=20)  # all are inside their transactions: none holds the lock
                    Move.objects.create(entry=entry, old="received", new="held", because="test")
        except BaseException as error:
            together.abort()
            problems.append(error)
        finally:
            connection.close()

    writers = [threading.Thread(target=write, args=(entry,)) for entry in entries]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert problems == []
    found = verifying.walk(contest)
    assert (found.links, found.broken) == (4 + 4 * 20, None)


def test_heads_are_published_once_and_at_every_thousandth_link(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heads, "MILESTONE", 3)
    contest = make_contest()
    decided(contest)

    first, second = heads.publish(contest), heads.publish(contest)
    handed_in(contest)
    third = heads.publish(contest)

    assert [one.position for one in first] == [3, 6, 8]
    assert second == []
    assert [one.position for one in third] == [9]
    assert verifying.walk(contest).published == 4


def test_the_command_says_what_holds_and_fails_where_something_does_not() -> None:
    contest = make_contest()
    decided(contest)
    whole, broken, head = StringIO(), StringIO(), StringIO()

    call_command("record", "verify", "--contest", contest.slug, "--json", stdout=whole)
    call_command("record", "head", stdout=head)
    alter("moderation_verdict", "route = 'ai'")()
    with pytest.raises(SystemExit) as ended:
        call_command("record", "verify", stdout=broken)
    with pytest.raises(CommandError):
        call_command("record", "verify", "--contest", "no-such-contest")

    said = json.loads(whole.getvalue())
    assert (said["links"], said["broken"]) == (8, None)
    assert head.getvalue().split() == [contest.slug, "8", said["head"]]
    assert ended.value.code == 1
    assert f"{contest.slug}: BROKEN at link 5 (verdict" in broken.getvalue()


# PostgreSQL stores no NUL in text, and Python's decoder takes no lone surrogate.
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)
numbers = st.one_of(
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([-0.0, 1e-7]),
)
values = st.recursive(
    st.one_of(st.none(), st.booleans(), numbers, texts),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


@given(values)
def test_the_canonical_form_is_the_databases_own(value: object) -> None:
    told = json.dumps(value)
    with connection.cursor() as cursor:
        cursor.execute("select %s::jsonb::text", [told])
        ((stored,),) = cursor.fetchall()

    assert canonical(read(told)) == stored
    assert canonical(value) == stored
    assert canonical(read(stored)) == stored
