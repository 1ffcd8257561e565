"""Which tool it was: the stated tools against each other and against what the file names."""

from collections.abc import Iterator

from moderation.checks.statement.rule import Said, Severity, rule
from moderation.checks.statement.seen import Seen, model_id
from moderation.verdicts import Lane
from submissions import catalogue
from submissions.catalogue import Match, Role
from submissions.models import DisclosedTool, Purpose
from submissions.rules import AILevel

TOUCHING_UP = {Purpose.DENOISE, Purpose.COLOUR, Purpose.WORDS}


@rule(Severity.DOUBT, Lane.PROVENANCE)
def another_model(seen: Seen) -> Iterator[Said]:
    """The file names a generator that the statement does not, both known to the catalogue."""
    if seen.says_not_generated or not seen.named_models:
        return
    for finding in seen.findings("provenance", "traces"):
        named = finding.data.get("generators") or [finding.data.get("generator")]
        for words in filter(None, named):
            model = model_id(words)
            if model and not _same_family(seen.known, model, seen.named_models):
                stated = sorted(seen.known.models[name].name for name in seen.named_models)
                yield Said(finding.artwork, {"found": words, "stated": stated})


def _same_family(known: catalogue.Catalogue, model: str, named: set[str]) -> bool:
    """Whether ``model`` is one of ``named``, a base of one, or built on one, as Photoshop is on Firefly."""

    def line(name: str) -> set[str]:
        found = {name}
        for parent in (*known.models[name].base, *known.models[name].family_of):
            found |= line(parent)
        return found

    mine = line(model)
    return any(model in line(other) or other in mine for other in named if other in known.models)


@rule(Severity.DOUBT)
def no_tool_named(seen: Seen) -> Iterator[Said]:
    """Says that AI made it, or a part of it, and names no tool."""
    if not seen.says_not_generated and not seen.tools:
        yield Said()


@rule(Severity.NOTE)
def interface_named(seen: Seen) -> Iterator[Said]:
    """Names the program alone, which runs whatever model its user loads."""
    if seen.says_not_generated or seen.named_models:
        return
    for tool in seen.tools:
        model = _resolved(tool).model
        if model and model.role == Role.INTERFACE:
            yield Said(data={"tool": str(tool)})


@rule(Severity.NOTE)
def version_not_known(seen: Seen) -> Iterator[Said]:
    """Names a version that the catalogue, which lists the model's versions, does not have."""
    for tool in seen.tools:
        found = _resolved(tool)
        unlisted = tool.version.strip() and found.match == Match.OTHER_VERSION
        typed = catalogue.resolve(tool.model_words).version_text if tool.model_words else ""
        if found.model and found.model.versions and (unlisted or typed):
            yield Said(data={"tool": str(tool)})


@rule(Severity.NOTE)
def tool_generates_nothing(seen: Seen) -> Iterator[Said]:
    """Says that AI made the whole, and every tool named enlarges or helps, and makes no picture."""
    if seen.level != AILevel.GENERATED or not seen.tools:
        return
    found = [_resolved(tool).model for tool in seen.tools]
    if all(model and model.role in (Role.UPSCALER, Role.ASSISTIVE) for model in found):
        yield Said(data={"tool": ", ".join(str(tool) for tool in seen.tools)})


@rule(Severity.NOTE)
def generator_only_touched_up(seen: Seen) -> Iterator[Said]:
    """Says that AI only cleaned, coloured or found words, and names a generator of pictures for it."""
    purposes = set(seen.disclosure.purposes)
    if seen.level != AILevel.ASSISTIVE or not purposes or not purposes <= TOUCHING_UP:
        return
    for tool in seen.tools:
        model = _resolved(tool).model
        if model and model.role == Role.GENERATOR and model.kind == catalogue.Kind.IMAGE:
            yield Said(data={"tool": str(tool)})


def _resolved(tool: DisclosedTool) -> catalogue.Resolved:
    """The catalogue's reading of the tool's name and version together."""
    known = catalogue.load().models.get(tool.model)
    name = known.name if known else tool.model_words
    found = catalogue.resolve(f"{name} {tool.version}".strip())
    return found if found.model else catalogue.resolve(name)
