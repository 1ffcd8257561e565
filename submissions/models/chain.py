"""The record: a chain of hashes over what happened to a contest's entries, written by the database itself.

A row that is ``Chained`` gets a link when its transaction commits: the trigger is deferred, so that the
contest's lock is held for the commit alone and screenings do not wait for each other's work. The content of
a row is hashed in two ways. Its *facts* stand in the link's document as they are. A *sealed* column stands
there only as the hash of a key of chance and its value: who has key and value can show one column and no
other, and where the key is thrown away with the value, nobody can tell what the hash was of.
``docs/record.md`` has the form; ``moderation.record.check_receipt`` is its reading.
"""

from collections.abc import Mapping, Sequence

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from submissions.models.append_only import APPEND_ONLY
from submissions.models.contests import Contest
from submissions.models.entries import Entry

ERASED = "–"  # what stands where a person's words were, in columns that may not be empty
WORDS = f"'{ERASED}'"


def canonical(column: str, row: str) -> str:
    """SQL for a column as JSON, whatever the session's settings are: moments in UTC, to the microsecond."""
    if column == "at":
        return f"to_jsonb(to_char({row}.at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'))"
    return f'to_jsonb({row}."{column}")'


class Chained(pgtrigger.Trigger):
    """Rows of the model are links of their contest's chain, under the name ``kind``.

    ``entry``: SQL for the entry's key, of the row ``{row}``. ``facts``, ``sealed``: columns. ``erasable``:
    sealed columns that a person may have erased, each with SQL for what then stands in ``{column}``.
    ``erased_by``: SQL for whether the row ``{row}`` was erased on the record by itself, where that can happen
    without its entry's erasure. A column that comes later is not in the chain; one that must be gets a kind
    of its own.
    """

    when = pgtrigger.After
    operation = pgtrigger.Insert
    timing = pgtrigger.Deferred

    def __init__(
        self,
        kind: str,
        *,
        entry: str,
        facts: Sequence[str],
        sealed: Sequence[str] = (),
        erasable: Mapping[str, str] | None = None,
        erased_by: str = "false",
    ) -> None:
        self.erased_by = erased_by
        self.kind, self.entry, self.facts = kind, entry, tuple(facts)
        self.erasable = dict(erasable or {})
        self.sealed = (*sealed, *self.erasable)
        super().__init__(name="chained")

    def facts_of(self, row: str) -> str:
        return _built({name: canonical(name, row) for name in self.facts})

    def sealed_of(self, row: str) -> str:
        """An object of texts: the canonical form of each value."""
        return _built({name: f"coalesce({canonical(name, row)}, 'null')::text" for name in self.sealed})

    def get_func(self, model: models.Model) -> str:
        entry = self.entry.format(row="new")
        return (
            f"perform submissions_chain('{self.kind}', {entry}, new.id, {self.facts_of('new')}, "
            f"{self.sealed_of('new')});\nreturn null;"
        )


def _built(columns: Mapping[str, str]) -> str:
    pairs = ", ".join(f"'{name}', {value}" for name, value in columns.items())
    return f"jsonb_build_object({pairs})"


def only_erased(erasable: Mapping[str, str]) -> pgtrigger.Trigger:
    """Rows are added and never edited, but for columns of a person's words, which may be erased as a whole.

    Whether an erasure stands on the record is asked by ``record verify``.
    """
    names = ", ".join(f"'{name}'" for name in erasable)
    blanks = " or ".join(
        f"(new.{name} is distinct from old.{name} and new.{name} is distinct from "
        f"({blank.format(column=f'old.{name}')}))"
        for name, blank in erasable.items()
    )
    return pgtrigger.Trigger(
        name="append_only",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        func=f"""
if tg_op = 'DELETE' or to_jsonb(new) - array[{names}] is distinct from to_jsonb(old) - array[{names}]
    or {blanks} then
    raise exception 'pgtrigger: Cannot update or delete rows from % table', tg_table_name;
end if;
return new;
""",
    )


class Link(models.Model):
    """One link of a contest's chain. Only ``submissions_chain`` writes it; only keys ever leave it."""

    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="links")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="links")
    position = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=24)
    row = models.BigIntegerField()  # key of the row in its kind's table
    sealed = models.JSONField()  # column → SHA-256 of key and value
    keys = models.JSONField()  # column → its key; a column that was erased has none
    content = models.CharField(max_length=64)  # SHA-256 of the document
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)  # SHA-256 of previous and content

    class Meta:
        ordering = ["contest", "position"]
        constraints = [
            models.UniqueConstraint(fields=["contest", "position"], name="one_link_a_position"),
            models.UniqueConstraint(fields=["kind", "row"], name="one_link_a_row"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="append_only",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func="""
if tg_op = 'DELETE' or to_jsonb(new) - 'keys' is distinct from to_jsonb(old) - 'keys'
    or not new.keys <@ old.keys then
    raise exception 'pgtrigger: Cannot update or delete rows from % table', tg_table_name;
end if;
return new;
""",
            )
        ]

    def __str__(self) -> str:
        return f"{self.contest}, link {self.position}: {self.kind} {self.row}"


class PublishedHead(models.Model):
    """How far a contest's chain had come at a moment, as everybody could read it from then on."""

    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="published_heads")
    position = models.PositiveBigIntegerField()
    hash = models.CharField(max_length=64)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["contest", "position"]
        constraints = [models.UniqueConstraint(fields=["contest", "position"], name="a_head_published_once")]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.contest}: {self.position} on {self.at:%Y-%m-%d}"


class ErasedBy(models.TextChoices):
    ENTRANT = "entrant", _("its entrant")
    OPERATOR = "operator", _("those who run this site, for its entrant")


class Erasure(models.Model):
    """The words and files of an entry were erased for its entrant. That it happened is a link itself."""

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="erasure")
    by = models.CharField(max_length=16, choices=ErasedBy.choices)
    at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)  # when the last file was gone

    class Meta:
        triggers = [
            Chained("erasure", entry="{row}.entry_id", facts=["entry_id", "by", "at"]),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.entry} erased on {self.at:%Y-%m-%d}"
