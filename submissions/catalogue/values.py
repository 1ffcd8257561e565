"""What the catalogue knows, as plain frozen values. Knows no Django."""

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Generic, TypeVar

T_co = TypeVar("T_co", covariant=True)


class LicenceClass(StrEnum):
    """On what terms training data came together. ``data/README.md`` says what each word covers.

    ``SCRAPED_WITHOUT_PERMISSION`` states one thing only: collected from the public web without asking the
    rights holders. Whether that was lawful is for courts, and differs by country.
    """

    PUBLIC_DOMAIN = "public_domain"
    LICENSED_OR_CONSENTED = "licensed_or_consented"
    MIXED = "mixed"
    SCRAPED_WITHOUT_PERMISSION = "scraped_without_permission"
    UNDISCLOSED = "undisclosed"


class Kind(StrEnum):
    IMAGE = "image"
    VIDEO = "video"
    MUSIC = "music"
    TEXT = "text"
    THREE_D = "3d"


class Role(StrEnum):
    """What a person uses it for: making a whole work, changing part of one, enlarging, or helping along."""

    GENERATOR = "generator"
    EDITOR = "editor"
    UPSCALER = "upscaler"
    ASSISTIVE = "assistive"
    INTERFACE = "interface"  # runs whichever model its user loads, so naming it names no model


class Answer(StrEnum):
    YES = "yes"
    NO = "no"
    PARTLY = "partly"
    UNKNOWN = "unknown"


class Weights(StrEnum):
    OPEN = "open"  # anyone may download them, under whatever licence
    CLOSED = "closed"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class PartialDate:
    """A date as far as it is known: ``2022``, ``2022-08`` or ``2022-08-22``."""

    text: str

    def __post_init__(self) -> None:
        if not re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", self.text):
            raise ValueError(f"{self.text!r} is not a date like 2022, 2022-08 or 2022-08-22")
        _ = self.first_day  # refuses 2022-13 and 2022-02-30

    @property
    def first_day(self) -> date:
        year, month, day = ([int(part) for part in self.text.split("-")] + [1, 1])[:3]
        return date(year, month, day)

    @property
    def last_day(self) -> date:
        year, month, day = ([int(part) for part in self.text.split("-")] + [0, 0])[:3]
        month = month or 12
        return date(year, month, day or calendar.monthrange(year, month)[1])

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Source:
    """Where a fact can be read. ``date`` is the one the source itself carries, as far as it is known."""

    id: str
    title: str
    date: PartialDate
    url: str | None = None


@dataclass(frozen=True)
class Fact(Generic[T_co]):
    """One claim and where it can be read. Only "unknown", "undisclosed" and the like stand without source."""

    value: T_co
    source: Source | None = None
    note: str = ""

    @property
    def date(self) -> PartialDate | None:
        return self.source.date if self.source else None


@dataclass(frozen=True)
class Safeguards:
    """What a model does so that its pictures are recognised and its weights not turned against artists."""

    resists_fine_tuning: Fact[Answer]  # in the sense of SOPHON (arXiv:2404.12699)
    watermarks: Fact[Answer]  # an invisible mark in the pixels or the sound
    content_credentials: Fact[Answer]  # signs its output by C2PA


@dataclass(frozen=True)
class Version:
    """One release of a model. A fact stands here only where the version differs from its model."""

    name: str
    released: Fact[PartialDate] | None = None
    licence_class: Fact[LicenceClass] | None = None
    trained_on: Fact[tuple[str, ...]] | None = None
    opt_out: Fact[Answer] | None = None
    watermarks: Fact[Answer] | None = None
    content_credentials: Fact[Answer] | None = None
    weights: Fact[Weights] | None = None
    base: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()  # other words for it behind the model's name: "pro 1.1" for "1.1 [pro]"
    aliases: tuple[str, ...] = ()  # names that mean this version all by themselves: "v1-5-pruned-emaonly"


@dataclass(frozen=True)
class Model:
    """A generator or a tool that has one inside.

    ``trained_on`` holds dataset ids, empty where undisclosed. ``licence_class`` speaks of this model's own
    training data; ``None`` means it has none of its own: a tool over the models in ``base``, or an
    unversioned name that may mean any of ``family_of``. ``licences.training_licence`` puts them together.
    ``stems`` are names that mean this model only together with one of its versions ("sd" + "1.5").
    """

    id: str
    name: str
    vendor: str
    kind: Kind
    role: Role
    licence_class: Fact[LicenceClass] | None
    trained_on: Fact[tuple[str, ...]]
    opt_out: Fact[Answer]
    safeguards: Safeguards
    weights: Fact[Weights]
    released: Fact[PartialDate] | None = None
    versions: tuple[Version, ...] = ()
    base: tuple[str, ...] = ()
    family_of: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    stems: tuple[str, ...] = ()
    note: str = ""

    def version(self, name: str) -> Version | None:
        return next((version for version in self.versions if version.name == name), None)

    @property
    def first_released(self) -> PartialDate | None:
        """The earliest date known, of the model or of any version."""
        releases = (self.released, *(version.released for version in self.versions))
        return min((fact.value for fact in releases if fact), key=lambda day: day.first_day, default=None)


@dataclass(frozen=True)
class Dataset:
    id: str
    name: str
    publisher: str
    kind: Kind
    licence_class: Fact[LicenceClass]
    year: int | None = None
    size: str = ""
    aliases: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Catalogue:
    """Everything known, by id."""

    sources: Mapping[str, Source] = field(default_factory=dict)
    datasets: Mapping[str, Dataset] = field(default_factory=dict)
    models: Mapping[str, Model] = field(default_factory=dict)

    def models_for_choice(self) -> tuple[tuple[str, tuple[Model, ...]], ...]:
        """``(vendor, its models)`` for a grouped choice, both sorted by name without regard to case."""
        vendors: dict[str, list[Model]] = {}
        for model in self.models.values():
            vendors.setdefault(model.vendor, []).append(model)
        return tuple(
            (vendor, tuple(sorted(vendors[vendor], key=lambda model: model.name.casefold())))
            for vendor in sorted(vendors, key=str.casefold)
        )
