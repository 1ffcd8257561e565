"""From what a person typed or a file said to an entry of the catalogue. Never guesses between two."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from submissions.catalogue.licences import TrainingLicence, training_licence
from submissions.catalogue.loader import load
from submissions.catalogue.names import Key, Meaning, NameIndex, key, readings, words
from submissions.catalogue.spelling import distance, tolerance
from submissions.catalogue.values import Dataset, LicenceClass, Model, Version

LONGEST_NAME = 8  # words; how far a name inside a sentence may reach
MOST_TEXT = 300  # characters; names are short, and prompts may be pasted here


class Match(StrEnum):
    EXACT = "exact"  # a known name
    OTHER_VERSION = "other_version"  # a known name, followed by a version the catalogue does not list
    MISSPELT = "misspelt"  # one name lies close, and only one
    UNCLEAR = "unclear"  # see ``candidates``: named within a longer text, or several names lie close
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Resolved:
    """What ``text`` names. ``model`` is ``None`` where that is not certain.

    ``version_text`` is the typed version where the catalogue does not list it; then ``version`` is ``None``.
    """

    text: str
    match: Match
    model: Model | None = None
    version: Version | None = None
    version_text: str = ""
    candidates: tuple[tuple[Model, Version | None], ...] = ()

    @property
    def known(self) -> bool:
        return self.model is not None

    @property
    def training_licence(self) -> TrainingLicence:
        """On what terms it was trained; undisclosed where the model or its version is not known."""
        if self.model is None:
            return TrainingLicence(LicenceClass.UNDISCLOSED)
        return training_licence(self.model, self.version or self.version_text or None)


@dataclass(frozen=True)
class ResolvedDataset:
    text: str
    match: Match
    dataset: Dataset | None = None
    candidates: tuple[Dataset, ...] = ()

    @property
    def known(self) -> bool:
        return self.dataset is not None


@dataclass(frozen=True)
class Found:
    match: Match
    meanings: tuple[Meaning, ...] = ()
    rest: str = ""


def resolve(text: str) -> Resolved:
    """The model and version that ``text`` names, by name, alias, file name or near miss."""
    found = look_up(model_names(), text)
    named = tuple(model_and_version(meaning) for meaning in found.meanings)
    if found.match in (Match.UNCLEAR, Match.UNKNOWN):
        return Resolved(text, found.match, candidates=named)
    return Resolved(text, found.match, *named[0], version_text=found.rest)


def model_and_version(meaning: Meaning) -> tuple[Model, Version | None]:
    model = load().models[meaning.id]
    return model, model.version(meaning.version) if meaning.version else None


def resolve_dataset(text: str) -> ResolvedDataset:
    """The dataset that ``text`` names, in the same ways."""
    found = look_up(dataset_names(), text)
    named = tuple(load().datasets[meaning.id] for meaning in found.meanings)
    if found.match in (Match.UNCLEAR, Match.UNKNOWN):
        return ResolvedDataset(text, found.match, candidates=named)
    return ResolvedDataset(text, found.match, named[0])


@cache
def model_names() -> NameIndex:
    return NameIndex.of_models(load())


@cache
def dataset_names() -> NameIndex:
    return NameIndex.of_datasets(load())


def look_up(index: NameIndex, text: str) -> Found:
    text = text[:MOST_TEXT]
    ways = list(readings(text))
    for way in ways:
        if meaning := index.names.get(key(way)):
            return Found(Match.EXACT, (meaning,))
    for way in ways:
        if found := with_other_version(index, way):
            return found
    for way in ways:
        if found := misspelt(index, key(way)):
            return found
    mentioned = mentions(index, words(text))
    return Found(Match.UNCLEAR, mentioned) if mentioned else Found(Match.UNKNOWN)


def with_other_version(index: NameIndex, parts: list[str]) -> Found | None:
    """A bare name with nothing but a number behind it, such as a release newer than the catalogue."""
    for end in range(len(parts) - 1, 0, -1):
        if not all(part.isdigit() for part in parts[end:]):
            return None
        name = key(parts[:end])
        # "DALL·E 3.5" is no version of DALL·E 3.
        if not name[-1].isdigit() and (meaning := index.bare.get(name)):
            return Found(Match.OTHER_VERSION, (meaning,), rest=".".join(parts[end:]))
    return None


def misspelt(index: NameIndex, typed: Key) -> Found | None:
    """Names whose numbers are the same and whose letters differ by a slip or two.

    Any second entry within reach makes it unclear, even where it lies further off: a wrong model is worse
    than a question.
    """
    within: dict[Meaning, int] = {}
    for name, meaning in index.names.items():
        if (steps := slips(typed, name)) is not None:
            within[meaning] = min(steps, within.get(meaning, steps))
    if not within:
        return None
    nearest = sorted(within, key=lambda meaning: (within[meaning], meaning.id, meaning.version or ""))
    if len({meaning.id for meaning in nearest}) > 1:
        return Found(Match.UNCLEAR, tuple(nearest))
    best = [meaning for meaning in nearest if within[meaning] == within[nearest[0]]]
    if len(best) > 1:
        return Found(Match.MISSPELT, (Meaning(best[0].id),))
    return Found(Match.MISSPELT, (best[0],))


def slips(typed: Key, name: Key) -> int | None:
    """Letters that differ in all, or ``None`` where any part differs too much to be a slip."""
    if len(typed) != len(name):
        return None
    steps = 0
    for ours, theirs in zip(typed, name, strict=True):
        if ours == theirs:
            continue
        allowed = tolerance(ours, theirs)
        apart = distance(ours, theirs, most=allowed) if allowed else None
        if apart is None:
            return None
        steps += apart
    return steps or None


def mentions(index: NameIndex, parts: list[str]) -> tuple[Meaning, ...]:
    """Names that stand within a longer text, the longest first read at each place."""
    found: dict[Meaning, None] = {}
    start = 0
    while start < len(parts):
        step = 1
        for end in range(min(len(parts), start + LONGEST_NAME), start, -1):
            name = key(parts[start:end])
            if (meaning := index.names.get(name)) and len("".join(name)) >= 4:
                found[meaning] = None
                step = end - start
                break
        start += step
    return tuple(found)
