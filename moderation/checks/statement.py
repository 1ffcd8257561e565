"""The contradiction engine: the statement against the catalogue and against every other finding.

Each rule is a function that yields what it found; none of them decides. A rule speaks only where statement
and evidence cannot both be true, or where the statement leaves out what the evidence shows.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from matching.models import Artist
from moderation.checks.look import Look
from moderation.provenance import Origin
from moderation.verdicts import Finding, Lane, Outcome
from submissions import catalogue
from submissions.models import DisclosedTool, LicenceClass
from submissions.rules import AILevel

NAME = "statement"
LANE = Lane.STATEMENT
VERSION = "1"

AI_ORIGINS = {Origin.AI_GENERATED, Origin.AI_COMPOSITE}
CAMERA_ORIGINS = {Origin.CAPTURED, Origin.CAPTURED_EDITED}


@dataclass(frozen=True)
class Seen:
    """The statement beside what the other checks found."""

    look: Look

    @property
    def level(self) -> AILevel:
        return AILevel(self.look.disclosure.level)

    @property
    def says_not_generated(self) -> bool:
        return self.level in (AILevel.NONE, AILevel.ASSISTIVE)

    @cached_property
    def tools(self) -> list[DisclosedTool]:
        return list(self.look.disclosure.tools.all())

    def findings(self, check: str) -> Iterator[Finding]:
        return (finding for finding in self.look.findings if finding.check == check)

    @cached_property
    def named_models(self) -> set[str]:
        """Catalogue ids of every model the entrant names."""
        resolved = (tool.model or _model_id(tool.model_words) for tool in self.tools)
        return {model for model in resolved if model}


def run(look: Look) -> list[Finding]:
    seen = Seen(look)
    found = [finding for rule in RULES for finding in rule(seen)]
    return found or [Finding(NAME, LANE, Outcome.CLEAR, "statement.consistent", versions=_versions())]


def _flag(code: str, artwork: int | None = None, **data: Any) -> Finding:
    return Finding(NAME, LANE, Outcome.FLAG, f"statement.{code}", data, artwork=artwork, versions=_versions())


def _versions() -> dict[str, str]:
    return {"check": VERSION}


def none_but_credentials_say_ai(seen: Seen) -> Iterator[Finding]:
    """Says no AI; the file's own signed history says a machine made it.

    True even of an unknown signer: nobody signs that against themselves.
    """
    if not seen.says_not_generated:
        return
    for finding in seen.findings("provenance"):
        if finding.data.get("origin") in AI_ORIGINS:
            data = {key: finding.data.get(key) for key in ("origin", "generator", "signer", "signer_name")}
            yield _flag("none_but_credentials_say_ai", finding.artwork, **data)


def none_but_generator_trace(seen: Seen) -> Iterator[Finding]:
    if not seen.says_not_generated:
        return
    for finding in seen.findings("traces"):
        if finding.code == "traces.generator":
            yield _flag("none_but_generator_trace", finding.artwork, generators=finding.data["generators"])


def edited_but_credentials_say_generated(seen: Seen) -> Iterator[Finding]:
    if seen.level != AILevel.EDITED:
        return
    for finding in seen.findings("provenance"):
        if finding.data.get("origin") == Origin.AI_GENERATED:
            yield _flag("edited_but_generated", finding.artwork, generator=finding.data.get("generator"))


def another_model_than_stated(seen: Seen) -> Iterator[Finding]:
    """The file names a generator that the statement does not, both known to the catalogue."""
    if seen.says_not_generated or not seen.named_models:
        return
    for finding in (*seen.findings("provenance"), *seen.findings("traces")):
        named = finding.data.get("generators") or [finding.data.get("generator")]
        for words in filter(None, named):
            model = _model_id(words)
            if model and not _same_family(model, seen.named_models):
                stated = sorted(_model_name(name) for name in seen.named_models)
                yield _flag("another_model", finding.artwork, found=words, stated=stated)


def cleaner_data_than_known(seen: Seen) -> Iterator[Finding]:
    """States a cleaner licence class than the catalogue knows of the model or of a dataset named."""
    for tool in seen.tools:
        known = known_licence(tool)
        if known is None or tool.licence_class == LicenceClass.UNKNOWN:
            continue
        stated = catalogue.LicenceClass(tool.licence_class)
        if stated != known.licence_class and catalogue.combine([stated, known.licence_class]) != stated:
            fact = known.fact
            yield _flag(
                "cleaner_data_than_known",
                tool=str(tool),
                stated=str(stated),
                known=str(known.licence_class),
                source=fact.source.title if fact and fact.source else "",
            )


def generated_without_a_tool(seen: Seen) -> Iterator[Finding]:
    if not seen.says_not_generated and not seen.tools:
        yield _flag("no_tool_named")


def prompt_names_registered_artist(seen: Seen) -> Iterator[Finding]:
    """A prompt, stated or found in the file, names an artist of the registry."""
    prompts = [seen.look.disclosure.prompts]
    prompts += [prompt for finding in seen.findings("traces") for prompt in finding.data.get("prompts", ())]
    text = " ".join(prompts).casefold()
    if not text.strip():
        return
    for artist in Artist.objects.named_in(text):
        yield _flag("prompt_names_artist", artist=artist.name)


def camera_work_in_the_ai_category(seen: Seen) -> Iterator[Finding]:
    """Says generated; a camera signed the file as its own capture. Mislabelling works both ways."""
    if seen.level != AILevel.GENERATED:
        return
    for finding in seen.findings("provenance"):
        if finding.data.get("origin") in CAMERA_ORIGINS and finding.data.get("vouched"):
            yield _flag("camera_work_declared_ai", finding.artwork, generator=finding.data.get("generator"))


Rule = Callable[[Seen], Iterator[Finding]]
RULES: tuple[Rule, ...] = (
    none_but_credentials_say_ai,
    none_but_generator_trace,
    edited_but_credentials_say_generated,
    another_model_than_stated,
    cleaner_data_than_known,
    generated_without_a_tool,
    prompt_names_registered_artist,
    camera_work_in_the_ai_category,
)


def known_licence(tool: DisclosedTool) -> catalogue.TrainingLicence | None:
    """What the catalogue knows of the data behind a stated tool, fine-tune and named datasets included."""
    known = catalogue.load()
    model = known.models.get(tool.model or _model_id(tool.model_words) or "")
    facts: list[tuple[str, catalogue.Fact[catalogue.LicenceClass]]] = []
    if model is not None:
        facts.extend(catalogue.training_licence(model, tool.version or None).facts)
    facts.extend(
        (name, known.datasets[name].licence_class) for name in tool.datasets if name in known.datasets
    )
    classes = [fact.value for _, fact in facts if fact.value != catalogue.LicenceClass.UNDISCLOSED]
    if not classes:
        return None
    return catalogue.TrainingLicence(catalogue.combine(classes), tuple(facts))


def _model_id(words: str) -> str | None:
    """The catalogue's model behind some words; an interface runs what its user loads, and names none."""
    model = catalogue.resolve(words).model if words else None
    return model.id if model and model.role != catalogue.Role.INTERFACE else None


def _model_name(model: str) -> str:
    return catalogue.load().models[model].name


def _same_family(model: str, named: set[str]) -> bool:
    """Whether ``model`` is one of ``named``, a base of one, or built on one, as Photoshop is on Firefly."""
    models = catalogue.load().models

    def line(name: str) -> set[str]:
        found = {name}
        for parent in (*models[name].base, *models[name].family_of):
            found |= line(parent)
        return found

    mine = line(model)
    return any(model in line(other) or other in mine for other in named if other in models)
