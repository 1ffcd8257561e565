"""Walk the chains and name the first link that does not hold.

Every link is asked: does it follow the one before, is its content that of its row, is what was sealed still
what the row says or erased on the record, and do the published heads lie on the chain. Last, whether every
row has its link. All of it is computed anew from the rows; nothing that the database once wrote down is
believed.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from django.db import connection, transaction

from moderation.record.check_receipt import chained_hash, sha256
from moderation.record.kinds import Kind, kinds
from submissions.models import Contest, PublishedHead

FIRST = "0" * 64
A_CHUNK = 2000


@dataclass(frozen=True)
class Broken:
    """The first link of a contest that does not hold. ``position`` is empty for a row without a link."""

    position: int | None
    kind: str
    row: int
    why: str


@dataclass(frozen=True)
class Walk:
    """What a walk along one contest's chain found."""

    contest: str
    links: int
    erased: int
    """Links of which a person had words erased; their hashes stand."""
    head: str
    published: int
    """Published heads that lie on the chain."""
    broken: Broken | None

    @property
    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def walk(contest: Contest) -> Walk:
    """Everything as of one moment: what is added meanwhile is not looked at."""
    is_own = not connection.in_atomic_block
    with transaction.atomic():
        if is_own:
            with connection.cursor() as cursor:
                cursor.execute("set transaction isolation level repeatable read, read only")
        return _walk(contest)


def _walk(contest: Contest) -> Walk:
    heads = dict(PublishedHead.objects.filter(contest=contest).values_list("position", "hash"))
    waiting = dict(heads)
    position, reached, erased = 0, FIRST, 0
    broken = None
    for link in _links(contest):
        why = _fault(link, position + 1, reached)
        if not why and waiting.pop(link["position"], link["hash"]) != link["hash"]:
            why = "another hash was published here"
        if why:
            broken = Broken(link["position"], link["kind"], link["row"], why)
            break
        position, reached = link["position"], link["hash"]
        erased += link["erased"]
    if broken is None and waiting:
        broken = Broken(min(waiting), "", 0, "this head was published, and the chain is shorter")
    if broken is None:
        broken = _unlinked(contest)
    return Walk(contest.slug, position, erased, reached, len(heads) - len(waiting), broken)


def _fault(link: dict[str, Any], position: int, reached: str) -> str:
    """Why ``link`` is not the one that follows; nothing where it is."""
    if link["position"] != position:
        return f"link {position} is missing"
    if not link["exists"]:
        return "its row is gone"
    if link["previous"] != reached or chained_hash(reached, link["content"]) != link["hash"]:
        return "it does not follow the link before it"
    if sha256(link["document"]) != link["content"]:
        return "its row says something else than was recorded"
    if link["changed"]:
        return f"what was sealed as {', '.join(link['changed'])} is another"
    if link["erased"] and not link["on_record"]:
        return "it was erased, and no erasure is on the record"
    return ""


def _links(contest: Contest) -> Iterator[dict[str, Any]]:
    """The contest's links in order, each with its document as the rows make it now."""
    parts = " union all ".join(_query(name, kind) for name, kind in kinds().items())
    with connection.chunked_cursor() as cursor:
        cursor.execute(f"{parts} order by 1", [contest.pk] * len(kinds()))
        names = [column.name for column in cursor.description]
        while rows := cursor.fetchmany(A_CHUNK):
            for row in rows:
                yield dict(zip(names, row, strict=True))


def _query(name: str, kind: Kind) -> str:
    """SQL for the links of one kind; its one parameter is the contest's key. Names come from our models."""
    chained = kind.chained
    open_ = [
        f"case when l.keys ? '{column}' then encode(sha256(convert_to((l.keys ->> '{column}') || "
        f"(s.said ->> '{column}'), 'UTF8')), 'hex') is distinct from l.sealed ->> '{column}' "
        f"else {_not_erased(kind, column)} end"
        for column in chained.sealed
    ]
    changed = ", ".join(
        f"case when {test} then '{column}' end" for test, column in zip(open_, chained.sealed, strict=True)
    )
    return f"""
(select l.position, l.kind, l."row", l.content, l.previous, l.hash, r.id is not null as exists,
    array_remove(array[{changed}]::text[], null) as changed,
    not l.keys ?& array(select jsonb_object_keys(l.sealed)) as erased,
    exists(select 1 from submissions_erasure x where x.entry_id = l.entry_id)
        or {chained.erased_by.format(row="r")} as on_record,
    jsonb_build_object('contest', l.contest_id, 'entry', e.public_id, 'position', l.position,
        'kind', l.kind, 'row', l."row", 'facts', {chained.facts_of("r")}, 'sealed', l.sealed
    )::text as document
from submissions_link l
join submissions_entry e on e.id = l.entry_id
left join {kind.table} r on r.id = l."row"
left join lateral (select {chained.sealed_of("r")} as said) s on true
where l.contest_id = %s and l.kind = '{name}')"""  # noqa: S608


def _not_erased(kind: Kind, column: str) -> str:
    """SQL: a column without a key may only hold what an erasure leaves."""
    blank = kind.chained.erasable.get(column)
    if blank is None:
        return "true"  # nobody may erase it
    return f"r.{column} is distinct from ({blank.format(column=f'r.{column}')})"


def _unlinked(contest: Contest) -> Broken | None:
    """A row that got no link: it was written with the triggers off."""
    with connection.cursor() as cursor:
        for name, kind in kinds().items():
            entry = kind.chained.entry.format(row="r")
            cursor.execute(
                f"select min(r.id) from {kind.table} r "  # noqa: S608 -- names come from our models
                f"join submissions_entry e on e.id = {entry} where e.contest_id = %s and not exists "
                '(select 1 from submissions_link l where l.kind = %s and l."row" = r.id)',
                [contest.pk, name],
            )
            ((row,),) = cursor.fetchall()
            if row is not None:
                return Broken(None, name, row, "it is not in the chain")
    return None
