"""Reads the data files beside this module, checks that they fit together, and keeps the result."""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from submissions.catalogue.names import NameIndex
from submissions.catalogue.reading import CatalogueError, Entry, read_dataset, read_model, read_source
from submissions.catalogue.values import Catalogue, Dataset, Model, Source

DATA = Path(__file__).parent / "data"

Named = TypeVar("Named", Dataset, Model)


@cache
def load() -> Catalogue:
    """The reviewed catalogue, read once a process. Raises ``CatalogueError`` naming file and entry."""
    return read_folder(DATA)


def read_folder(folder: Path) -> Catalogue:
    """Read ``sources.toml``, ``datasets/*.toml`` and ``models/*.toml`` below ``folder``."""
    sources = {
        name: read_source("sources.toml", name, table)
        for name, table in parse(folder, folder / "sources.toml").items()
    }
    catalogue = Catalogue(
        sources=sources,
        datasets=read_all(folder, "datasets", sources, read_dataset),
        models=read_all(folder, "models", sources, read_model),
    )
    check_references(catalogue)
    NameIndex.of_models(catalogue)  # refuses a name that means two models
    NameIndex.of_datasets(catalogue)
    return catalogue


def read_all(
    folder: Path, part: str, sources: Mapping[str, Source], read: Callable[[Entry], Named]
) -> dict[str, Named]:
    found: dict[str, Named] = {}
    for entry in entries(folder, part, sources):
        value = read(entry)
        if value.id in found:
            raise entry.error("the id is taken by another entry")
        found[value.id] = value
    if not found:
        raise CatalogueError(f"{part}: no entries found")
    return found


def entries(folder: Path, part: str, sources: Mapping[str, Source]) -> Iterator[Entry]:
    """Every ``[[model]]`` or ``[[dataset]]`` of ``part``, files by name."""
    key = part.removesuffix("s")
    for path in sorted((folder / part).glob("*.toml")):
        content = parse(folder, path)
        tables = content.pop(key, [])
        where = path.relative_to(folder).as_posix()
        if content or not isinstance(tables, list):
            raise CatalogueError(f"{where}: only [[{key}]] entries belong here")
        for number, table in enumerate(tables, start=1):
            yield Entry(f"{where}: {table.get('id', f'entry {number}')}", dict(table), sources)


def parse(folder: Path, path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CatalogueError(f"{path.relative_to(folder).as_posix()}: {error}") from error


def check_references(catalogue: Catalogue) -> None:
    for model in catalogue.models.values():
        facts = [model.trained_on, *(version.trained_on for version in model.versions)]
        for dataset in (name for fact in facts if fact for name in fact.value):
            if dataset not in catalogue.datasets:
                raise CatalogueError(f"models: {model.id}: trained on {dataset!r}, which no file lists")
        for other in parents(model):
            if other not in catalogue.models:
                raise CatalogueError(f"models: {model.id}: built on {other!r}, which no file lists")
        refuse_circle(catalogue, model)


def refuse_circle(catalogue: Catalogue, model: Model) -> None:
    seen: set[str] = set()
    waiting = list(parents(model))
    while waiting:
        name = waiting.pop()
        if name == model.id:
            raise CatalogueError(f"models: {model.id}: is built on itself")
        if name not in seen and name in catalogue.models:
            seen.add(name)
            waiting.extend(parents(catalogue.models[name]))


def parents(model: Model) -> tuple[str, ...]:
    of_versions = (name for version in model.versions for name in version.base)
    return (*model.base, *model.family_of, *of_versions)
