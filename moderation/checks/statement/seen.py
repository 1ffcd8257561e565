"""The statement beside what the other checks found. What several rules ask is read once."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import cached_property

from moderation.checks.look import ArtworkLook, Look
from moderation.provenance import Capture, Origin, read_capture
from moderation.verdicts import Finding, Outcome
from submissions import catalogue, overrules
from submissions.models import DisclosedTool, Disclosure, LicenceClass
from submissions.rules import AILevel

AI_ORIGINS = {Origin.AI_GENERATED, Origin.AI_COMPOSITE}
CAMERA_ORIGINS = {Origin.CAPTURED, Origin.CAPTURED_EDITED}


class Seen:
    """What a rule looks at. Findings that are unknown are never among them: they contradict nothing."""

    def __init__(self, look: Look) -> None:
        self.look = look
        self._captures: dict[int, Capture] = {}

    @property
    def disclosure(self) -> Disclosure:
        return self.look.disclosure

    @property
    def level(self) -> AILevel:
        return AILevel(self.disclosure.level)

    @property
    def says_not_generated(self) -> bool:
        return self.level in (AILevel.NONE, AILevel.ASSISTIVE)

    @cached_property
    def tools(self) -> list[DisclosedTool]:
        return list(self.disclosure.tools.all())

    def findings(self, *checks: str, artwork: int | None = None) -> Iterator[Finding]:
        """What those checks saw, of one picture or of all."""
        return (
            finding
            for finding in self.look.findings
            if finding.check in checks
            and finding.outcome != Outcome.UNKNOWN
            and (artwork is None or finding.artwork == artwork)
        )

    def speaks_of_ai(self, artwork: int | None) -> bool:
        """Whether credentials or a generator's trace say that AI made the picture, or a part of it."""
        return any(
            finding.code == "traces.generator" or finding.data.get("origin") in AI_ORIGINS
            for finding in self.findings("provenance", "traces")
            if finding.artwork == artwork
        )

    def capture(self, artwork: ArtworkLook) -> Capture:
        """What a camera or scanner wrote into the file."""
        if artwork.pk not in self._captures:
            with artwork.original() as file:
                self._captures[artwork.pk] = read_capture(file)
        return self._captures[artwork.pk]

    # The catalogue, as the contest's organizers let it stand

    @cached_property
    def overruled(self) -> overrules.InForce:
        return overrules.in_force(self.look.entry.contest)

    @property
    def known(self) -> catalogue.Catalogue:
        return self.overruled.catalogue

    @cached_property
    def named_models(self) -> set[str]:
        """Catalogue ids of every model the entrant names."""
        return {model for tool in self.tools if (model := stated_model(tool))}

    def released(self, tool: DisclosedTool) -> tuple[str, date] | None:
        """Name and first possible day of the stated model, in its stated version where that is known."""
        model = self.known.models.get(stated_model(tool) or "")
        if model is None:
            return None
        version = model.version(tool.version) or self._version_in(tool.model_words)
        day = version.released.value if version and version.released else model.first_released
        name = f"{model.name} {version.name}" if version else model.name
        return (name, day.first_day) if day else None

    @staticmethod
    def _version_in(words: str) -> catalogue.Version | None:
        return catalogue.resolve(words).version if words else None

    def versions(self, check: str) -> dict[str, str]:
        mark = self.overruled.mark
        return {"check": check} | ({"overrules": mark} if mark else {})


def stated_model(tool: DisclosedTool) -> str | None:
    """The catalogue's model behind a stated tool."""
    chosen = catalogue.load().models.get(tool.model)
    if chosen:
        return chosen.id if chosen.role != catalogue.Role.INTERFACE else None
    return model_id(tool.model_words)


def model_id(words: str) -> str | None:
    """The catalogue's model behind some words; an interface runs what its user loads, and names none."""
    model = catalogue.resolve(words).model if words else None
    return model.id if model and model.role != catalogue.Role.INTERFACE else None


def signed_on(finding: Finding) -> date | None:
    """The day on which the file's credentials were signed."""
    try:
        return datetime.fromisoformat(str(finding.data.get("signed_at"))).date()
    except ValueError:
        return None


def facts_of_dataset(known: catalogue.Catalogue, tool: DisclosedTool) -> Mapping[str, catalogue.Dataset]:
    """The catalogue's datasets that a tool names, chosen or written."""
    named = list(tool.datasets)
    for words in tool.dataset_words.split(","):
        found = catalogue.resolve_dataset(words).dataset if words.strip() else None
        named += [found.id] if found else []
    return {name: known.datasets[name] for name in named if name in known.datasets}


def is_cleaner(stated: str, known: catalogue.LicenceClass) -> bool:
    """Whether the stated class is cleaner than the known one. Not knowing contradicts nothing."""
    if stated in ("", LicenceClass.UNKNOWN) or known == catalogue.LicenceClass.UNDISCLOSED:
        return False
    said = catalogue.LicenceClass(stated)
    return said != known and catalogue.combine([said, known]) != said
