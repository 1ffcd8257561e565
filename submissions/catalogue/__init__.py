"""Known models and datasets: what they were trained on, on what terms, and who says so.

The facts live in ``data/*.toml`` and are reviewed like code. ``resolve`` finds what a person typed or a file
named; ``training_licence`` says on what terms a model was trained. Pure Python, no Django.
"""

from submissions.catalogue.licences import TrainingLicence, combine, training_licence
from submissions.catalogue.loader import load
from submissions.catalogue.overruling import overrule
from submissions.catalogue.reading import CatalogueError
from submissions.catalogue.resolving import Match, Resolved, ResolvedDataset, resolve, resolve_dataset
from submissions.catalogue.values import (
    Answer,
    Catalogue,
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

__all__ = [
    "Answer",
    "Catalogue",
    "CatalogueError",
    "Dataset",
    "Fact",
    "Kind",
    "LicenceClass",
    "Match",
    "Model",
    "PartialDate",
    "Resolved",
    "ResolvedDataset",
    "Role",
    "Safeguards",
    "Source",
    "TrainingLicence",
    "Version",
    "Weights",
    "combine",
    "load",
    "models_for_choice",
    "overrule",
    "resolve",
    "resolve_dataset",
    "training_licence",
]


def models_for_choice() -> tuple[tuple[str, tuple[Model, ...]], ...]:
    """``(vendor, its models)``, sorted, for a grouped choice on a page."""
    return load().models_for_choice()
