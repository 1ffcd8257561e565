"""What training data a model stands on, put together from its own, its base's and its version's facts."""

from collections.abc import Iterable
from dataclasses import dataclass

from submissions.catalogue.loader import load
from submissions.catalogue.values import Catalogue, Fact, LicenceClass, Model, Version

# From the cleanest to the least clean. ``UNDISCLOSED`` stands before the two that are known to hold works
# gathered without asking: knowing of such a part outweighs not knowing the rest.
FROM_CLEAN_TO_SCRAPED = (
    LicenceClass.PUBLIC_DOMAIN,
    LicenceClass.LICENSED_OR_CONSENTED,
    LicenceClass.UNDISCLOSED,
    LicenceClass.MIXED,
    LicenceClass.SCRAPED_WITHOUT_PERMISSION,
)


def combine(classes: Iterable[LicenceClass]) -> LicenceClass:
    """The worst of all parts, as a fine-tune stands on its base as much as on its own data.

    The order: public domain, licensed or consented, undisclosed, mixed, scraped without permission. No parts
    at all are undisclosed. ``MIXED`` is a statement about one training set: a clean part does not soften a
    scraped one into it.
    """
    return max(classes, key=FROM_CLEAN_TO_SCRAPED.index, default=LicenceClass.UNDISCLOSED)


@dataclass(frozen=True)
class TrainingLicence:
    """The class, and the facts it rests on as ``(model id, fact)``, this model's own first."""

    licence_class: LicenceClass
    facts: tuple[tuple[str, Fact[LicenceClass]], ...] = ()

    @property
    def fact(self) -> Fact[LicenceClass] | None:
        """The fact that decided: the first that is as bad as the whole."""
        return next((fact for _, fact in self.facts if fact.value == self.licence_class), None)


def training_licence(
    model: Model | str, version: Version | str | None = None, *, catalogue: Catalogue | None = None
) -> TrainingLicence:
    """On what terms ``model`` was trained, its bases included.

    A version missing from those that the catalogue lists is undisclosed: what held for the last one need not
    hold for it. No version, for a model whose versions differ, speaks for the model as a whole.
    ``version`` is the catalogue's name for it, as ``resolve`` finds it.
    Raises ``KeyError`` for an id that is not in the catalogue.
    """
    catalogue = catalogue or load()
    if isinstance(model, str):
        model = catalogue.models[model]
    if isinstance(version, str):
        listed = model.version(version)
        if version and listed is None and (model.versions or model.family_of):
            return TrainingLicence(LicenceClass.UNDISCLOSED)
        version = listed
    facts: dict[str, Fact[LicenceClass]] = {}
    gather(catalogue, model, version, facts)
    return TrainingLicence(combine(fact.value for fact in facts.values()), tuple(facts.items()))


def gather(
    catalogue: Catalogue, model: Model, version: Version | None, facts: dict[str, Fact[LicenceClass]]
) -> None:
    """Fill ``facts`` with the own class of ``model`` and of everything below it."""
    own = (version and version.licence_class) or model.licence_class
    if own is not None:
        facts[model.id] = own
    bases = (version.base if version else ()) or model.base
    for name in (*bases, *model.family_of):
        if name not in facts:
            gather(catalogue, catalogue.models[name], None, facts)
