"""What the tools were trained on: the stated rights against the catalogue's facts and the contest's own."""

from collections.abc import Iterator

from moderation.checks.statement.rule import Said, Severity, rule
from moderation.checks.statement.seen import Seen, facts_of_dataset, is_cleaner, stated_model
from submissions import catalogue
from submissions.models import DisclosedTool, LicenceClass


def known_licence(tool: DisclosedTool, known: catalogue.Catalogue) -> catalogue.TrainingLicence | None:
    """What ``known`` has of the data behind a stated tool: its model, and every dataset named."""
    facts = [*_facts_of_model(tool, known)]
    facts += [(name, dataset.licence_class) for name, dataset in facts_of_dataset(known, tool).items()]
    return _together(facts)


Facts = list[tuple[str, catalogue.Fact[catalogue.LicenceClass]]]


def _facts_of_model(tool: DisclosedTool, known: catalogue.Catalogue) -> Facts:
    model = known.models.get(stated_model(tool) or "")
    if model is None:
        return []
    return list(catalogue.training_licence(model, tool.version or None, catalogue=known).facts)


def _together(facts: Facts) -> catalogue.TrainingLicence | None:
    classes = [fact.value for _, fact in facts if fact.value != catalogue.LicenceClass.UNDISCLOSED]
    return catalogue.TrainingLicence(catalogue.combine(classes), tuple(facts)) if classes else None


def _cleaner_than_model(seen: Seen, tool: DisclosedTool) -> Iterator[Said]:
    known = _together(_facts_of_model(tool, seen.known))
    if known and is_cleaner(tool.licence_class, known.licence_class):
        fact = known.fact
        yield Said(
            data={
                "tool": str(tool),
                "stated": tool.licence_class,
                "known": str(known.licence_class),
                "source": fact.source.title if fact and fact.source else "",
            }
        )


@rule(Severity.DOUBT)
def cleaner_data_than_known(seen: Seen) -> Iterator[Said]:
    """States cleaner data than the catalogue, or the contest's organizers, have of the model."""
    for tool in seen.tools:
        if not tool.is_fine_tuned:
            yield from _cleaner_than_model(seen, tool)


@rule(Severity.DOUBT)
def cleaner_base_than_known(seen: Seen) -> Iterator[Said]:
    """A fine-tune or LoRA stands on its base: the base's stated data is cleaner than it is known to be."""
    for tool in seen.tools:
        if tool.is_fine_tuned:
            yield from _cleaner_than_model(seen, tool)


@rule(Severity.DOUBT)
def dataset_is_otherwise(seen: Seen) -> Iterator[Said]:
    """States cleaner data than a dataset that the form itself names is known to hold."""
    for tool in seen.tools:
        for dataset in facts_of_dataset(seen.known, tool).values():
            if is_cleaner(tool.licence_class, dataset.licence_class.value):
                yield _otherwise(dataset, tool.licence_class)


@rule(Severity.DOUBT)
def fine_tune_data_otherwise(seen: Seen) -> Iterator[Said]:
    """States cleaner data for a fine-tune than a dataset named for it is known to hold."""
    for tool in seen.tools:
        for words in tool.fine_tune_words.split(",") if tool.is_fine_tuned else ():
            found = catalogue.resolve_dataset(words).dataset if words.strip() else None
            dataset = seen.known.datasets[found.id] if found else None
            if dataset and is_cleaner(tool.fine_tune_licence_class, dataset.licence_class.value):
                yield _otherwise(dataset, tool.fine_tune_licence_class)


def _otherwise(dataset: catalogue.Dataset, stated: str) -> Said:
    source = dataset.licence_class.source
    return Said(
        data={
            "dataset": dataset.name,
            "stated": stated,
            "known": str(dataset.licence_class.value),
            "source": source.title if source else "",
        }
    )


@rule(Severity.NOTE)
def fine_tune_without_data(seen: Seen) -> Iterator[Said]:
    """Says fine-tuned and leaves out on what."""
    for tool in seen.tools:
        if tool.is_fine_tuned and not tool.fine_tune_words.strip():
            yield Said(data={"tool": str(tool)})


@rule(Severity.NOTE)
def another_dataset_than_known(seen: Seen) -> Iterator[Said]:
    """Names datasets for a known model of which its makers published others, and none of these."""
    for tool in seen.tools:
        model = seen.known.models.get(stated_model(tool) or "")
        version = model.version(tool.version) if model else None
        fact = (version and version.trained_on) or (model and model.trained_on)
        named = facts_of_dataset(seen.known, tool)
        if fact and fact.value and named and not tool.is_fine_tuned and not set(named) & set(fact.value):
            yield Said(
                data={
                    "tool": str(tool),
                    "datasets": [one.name for one in named.values()],
                    "published": [seen.known.datasets[one].name for one in fact.value],
                }
            )


@rule(Severity.NOTE)
def opt_outs_not_honoured(seen: Seen) -> Iterator[Said]:
    """States that the makers consented, of a model that is known not to have honoured who opted out.

    Silent where the catalogue knows of consent as well: contributors agreed to terms without a way out.
    """
    for tool in seen.tools:
        model = seen.known.models.get(stated_model(tool) or "")
        if model is None or tool.licence_class != LicenceClass.LICENSED:
            continue
        known = catalogue.training_licence(model, tool.version or None, catalogue=seen.known).licence_class
        version = model.version(tool.version)
        fact = (version and version.opt_out) or model.opt_out
        if known in (catalogue.LicenceClass.LICENSED_OR_CONSENTED, catalogue.LicenceClass.PUBLIC_DOMAIN):
            continue
        if fact.value == catalogue.Answer.NO:
            source = fact.source.title if fact.source else ""
            yield Said(data={"tool": str(tool), "source": source})
