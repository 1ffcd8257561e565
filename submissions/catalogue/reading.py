"""From parsed TOML to values, one entry at a time; every complaint names file and entry."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from submissions.catalogue.values import (
    Answer,
    Dataset,
    Fact,
    Kind,
    LicenceClass,
    Model,
    PartialDate,
    Role,
    Safeguards,
    Source,
    Version,
    Weights,
)

T = TypeVar("T")

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
ARXIV = re.compile(r"(\d\d)(\d\d)\.\d{4,5}")
# Not knowing needs no citation; everything else does.
NEEDS_NO_SOURCE = (Answer.UNKNOWN, Weights.UNKNOWN, LicenceClass.UNDISCLOSED, ())


class CatalogueError(ValueError):
    """A data file says something the schema does not allow."""


@dataclass
class Entry:
    """One table of a data file while it is read: hands out its keys once and complains about the rest."""

    where: str  # "models/image.toml: stable-diffusion-1"
    table: dict[str, Any]
    sources: Mapping[str, Source]

    def error(self, message: str) -> CatalogueError:
        return CatalogueError(f"{self.where}: {message}")

    def text(self, key: str, default: str | None = None) -> str:
        value = self.table.pop(key, default)
        if value is None:
            raise self.error(f"{key} is missing")
        if not isinstance(value, str) or (default is None and not value.strip()):
            raise self.error(f"{key} must be text, not {value!r}")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.table.pop(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            raise self.error(f"{key} must be a list of texts, not {value!r}")
        return tuple(value)

    def number(self, key: str) -> int | None:
        value = self.table.pop(key, None)
        if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
            raise self.error(f"{key} must be a whole number, not {value!r}")
        return value

    def slug(self) -> str:
        value = self.text("id")
        if not SLUG.fullmatch(value):
            raise self.error(f"id {value!r} must be lower-case words joined by hyphens")
        return value

    def made(self, key: str, raw: object, make: Callable[[Any], T]) -> T:
        try:
            return make(raw)
        except (ValueError, TypeError) as error:
            raise self.error(f"{key}: {error}") from error

    def source(self, key: str, name: object) -> Source:
        if not isinstance(name, str) or name not in self.sources:
            raise self.error(f"{key} cites {name!r}, which sources.toml does not list")
        return self.sources[name]

    def fact(self, key: str, make: Callable[[Any], T]) -> Fact[T] | None:
        """``key = "unknown"`` or ``key = { value = …, source = "…", note = "…" }``; ``None`` where absent."""
        raw = self.table.pop(key, None)
        if raw is None:
            return None
        table = dict(raw) if isinstance(raw, dict) else {"value": raw}
        parts = Entry(f"{self.where}: {key}", table, self.sources)
        if "value" not in parts.table:
            raise parts.error("value is missing")
        value = parts.made("value", parts.table.pop("value"), make)
        cited = parts.table.pop("source", None)
        note = parts.text("note", "")
        parts.finish()
        if cited is None and value not in NEEDS_NO_SOURCE:
            raise parts.error(f"{value!r} needs a source")
        return Fact(value, None if cited is None else parts.source("source", cited), note)

    def finish(self) -> None:
        if self.table:
            raise self.error(f"unknown key {', '.join(sorted(self.table))}")


def dataset_ids(raw: object) -> tuple[str, ...]:
    if raw == "undisclosed":
        return ()
    if isinstance(raw, list) and raw and all(isinstance(item, str) for item in raw):
        return tuple(raw)
    raise ValueError(f'{raw!r} is neither "undisclosed" nor a list of dataset ids')


def read_source(file: str, name: str, table: object) -> Source:
    """``title`` and either ``arxiv``, which gives address and month, or ``date`` and perhaps ``url``."""
    if not isinstance(table, dict):
        raise CatalogueError(f"{file}: {name}: a source is a table with a title")
    entry = Entry(f"{file}: {name}", dict(table), {})
    title, url = entry.text("title"), entry.text("url", "") or None
    if "arxiv" in entry.table:
        number = entry.text("arxiv")
        match = ARXIV.fullmatch(number)
        if url or not match:
            raise entry.error(f"arxiv must be a number like 2112.10752 and stand without url, not {number!r}")
        title, url = f"{title}, arXiv:{number}", f"https://arxiv.org/abs/{number}"
        entry.table.setdefault("date", f"20{match[1]}-{match[2]}")
    if url and not url.startswith("https://"):
        raise entry.error(f"url must begin with https://, not {url!r}")
    day = entry.made("date", entry.text("date"), PartialDate)
    entry.finish()
    return Source(name, title, day, url)


def read_dataset(entry: Entry) -> Dataset:
    licence_class = entry.fact("licence_class", LicenceClass)
    if licence_class is None:
        raise entry.error("licence_class is missing")
    dataset = Dataset(
        id=entry.slug(),
        name=entry.text("name"),
        publisher=entry.text("publisher"),
        kind=entry.made("kind", entry.text("kind"), Kind),
        licence_class=licence_class,
        year=entry.number("year"),
        size=entry.text("size", ""),
        aliases=entry.texts("aliases"),
        note=entry.text("note", ""),
    )
    entry.finish()
    return dataset


def read_model(entry: Entry) -> Model:
    base, family_of = entry.texts("base"), entry.texts("family_of")
    licence_class = entry.fact("licence_class", LicenceClass)
    if licence_class is None and not base and not family_of:
        raise entry.error("licence_class is missing (only a model with base or family_of may leave it out)")
    if family_of and (base or licence_class):
        raise entry.error("an unversioned name (family_of) has neither base nor licence_class of its own")
    unknown = Fact(Answer.UNKNOWN)
    release_source = entry.table.pop("release_source", None)
    model = Model(
        id=entry.slug(),
        name=entry.text("name"),
        vendor=entry.text("vendor"),
        kind=entry.made("kind", entry.text("kind"), Kind),
        role=entry.made("role", entry.text("role"), Role),
        licence_class=licence_class,
        trained_on=entry.fact("trained_on", dataset_ids) or Fact(()),
        opt_out=entry.fact("opt_out", Answer) or unknown,
        safeguards=Safeguards(
            resists_fine_tuning=entry.fact("resists_fine_tuning", Answer) or unknown,
            watermarks=entry.fact("watermarks", Answer) or unknown,
            content_credentials=entry.fact("content_credentials", Answer) or unknown,
        ),
        weights=entry.fact("weights", Weights) or Fact(Weights.UNKNOWN),
        released=read_release(entry, release_source),
        versions=read_versions(entry, release_source),
        base=base,
        family_of=family_of,
        aliases=entry.texts("aliases"),
        stems=entry.texts("stems"),
        note=entry.text("note", ""),
    )
    entry.finish()
    if model.stems and not model.versions:
        raise entry.error("stems mean a model only together with a version, and it lists none")
    return model


def read_versions(entry: Entry, release_source: object) -> tuple[Version, ...]:
    tables = entry.table.pop("versions", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise entry.error("versions must be a list of tables")
    versions = tuple(read_version(entry, dict(table), release_source) for table in tables)
    names = [version.name for version in versions]
    if len(set(names)) < len(names):
        raise entry.error(f"versions repeat a name: {', '.join(names)}")
    return versions


def read_release(entry: Entry, cited: object) -> Fact[PartialDate] | None:
    """A plain date, ``released = "2022-08-22"``, that ``cited`` vouches for."""
    if "released" not in entry.table:
        return None
    day = entry.made("released", entry.text("released"), PartialDate)
    return Fact(day, entry.source("release_source", cited))


def read_version(model: Entry, table: dict[str, Any], release_source: object) -> Version:
    """``released`` is a plain date, cited by ``source`` or by the model's ``release_source``."""
    entry = Entry(f"{model.where} version {table.get('name', '?')}", table, model.sources)
    version = Version(
        name=entry.text("name"),
        released=read_release(entry, table.pop("source", release_source)),
        licence_class=entry.fact("licence_class", LicenceClass),
        trained_on=entry.fact("trained_on", dataset_ids),
        opt_out=entry.fact("opt_out", Answer),
        watermarks=entry.fact("watermarks", Answer),
        content_credentials=entry.fact("content_credentials", Answer),
        weights=entry.fact("weights", Weights),
        base=entry.texts("base"),
        labels=entry.texts("labels"),
        aliases=entry.texts("aliases"),
    )
    entry.finish()
    return version
