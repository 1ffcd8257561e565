"""Another fact in place of the catalogue's: what a contest's organizers hold to be true of a model's data."""

from collections.abc import Mapping
from dataclasses import replace

from submissions.catalogue.values import Catalogue, Fact, LicenceClass


def overrule(
    catalogue: Catalogue,
    models: Mapping[str, Fact[LicenceClass]],
    datasets: Mapping[str, Fact[LicenceClass]],
) -> Catalogue:
    """``catalogue`` with other licence classes, by id.

    An overruled model stands on that fact alone, in all its versions: its bases were weighed by whoever
    overruled it. What is built on the model stands on that fact in turn. Ids that the catalogue no longer has
    are passed over.
    """
    changed_models = {
        name: replace(
            catalogue.models[name],
            licence_class=fact,
            base=(),
            family_of=(),
            versions=tuple(
                replace(version, licence_class=None, base=()) for version in catalogue.models[name].versions
            ),
        )
        for name, fact in models.items()
        if name in catalogue.models
    }
    changed_datasets = {
        name: replace(catalogue.datasets[name], licence_class=fact)
        for name, fact in datasets.items()
        if name in catalogue.datasets
    }
    return replace(
        catalogue,
        models={**catalogue.models, **changed_models},
        datasets={**catalogue.datasets, **changed_datasets},
    )
