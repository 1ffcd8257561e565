"""What the reviewed data must keep to, whatever is added to it."""

from datetime import date
from itertools import chain

import pytest

from submissions.catalogue import (
    Answer,
    Fact,
    Kind,
    LicenceClass,
    Model,
    Role,
    Version,
    load,
    models_for_choice,
    resolve,
    resolve_dataset,
    training_licence,
)

# Issue 2 promises these; a rename must not lose one.
PROMISED_MODELS = [
    "Stable Diffusion 1.5",
    "Stable Diffusion 2.1",
    "SDXL",
    "Stable Diffusion 3.5 Large",
    "FLUX",
    "Midjourney",
    "DALL·E 2",
    "DALL·E 3",
    "GPT-image",
    "Imagen",
    "Gemini image",
    "Adobe Firefly",
    "Stable Cascade",
    "Kandinsky",
    "DeepFloyd IF",
    "StyleGAN 1",
    "StyleGAN 2",
    "StyleGAN 3",
    "BigGAN",
    "VQGAN+CLIP",
    "DeepDream",
    "NovelAI",
    "Bria",
    "Mitsua",
    "Public Diffusion",
]
PROMISED_DATASETS = [
    "LAION-5B",
    "LAION-Aesthetics",
    "ImageNet",
    "FFHQ",
    "WikiArt",
    "PD12M",
    "Adobe Stock",
    "vAIsual",
    "datasetshop",
]


def facts_of(part: Model | Version) -> list[Fact[object]]:
    found = [value for value in vars(part).values() if isinstance(value, Fact)]
    if isinstance(part, Model):
        found += [value for value in vars(part.safeguards).values() if isinstance(value, Fact)]
    return found


def all_facts() -> list[Fact[object]]:
    catalogue = load()
    models = list(catalogue.models.values())
    versions = [version for model in models for version in model.versions]
    return [
        *chain.from_iterable(facts_of(model) for model in models),
        *chain.from_iterable(facts_of(version) for version in versions),
        *(dataset.licence_class for dataset in catalogue.datasets.values()),
    ]


@pytest.mark.parametrize("name", PROMISED_MODELS)
def test_promised_models_are_known(name: str) -> None:
    assert resolve(name).known


def test_the_catalogue_is_as_large_as_promised() -> None:
    assert len(load().models) >= 60
    assert len(load().datasets) >= 30
    assert {model.kind for model in load().models.values()} == set(Kind)


@pytest.mark.parametrize("name", PROMISED_DATASETS)
def test_promised_datasets_are_known(name: str) -> None:
    assert resolve_dataset(name).known


def test_every_claim_carries_a_source_and_its_date() -> None:
    silent = (Answer.UNKNOWN, "unknown", LicenceClass.UNDISCLOSED, ())

    claims = [fact for fact in all_facts() if fact.value not in silent]

    assert len(claims) > 500
    assert [fact for fact in claims if fact.source is None or fact.date is None] == []


def test_no_source_lies_in_the_future() -> None:
    late = [source.id for source in load().sources.values() if source.date.first_day > date.today()]  # noqa: DTZ011

    assert late == []


def test_every_source_is_cited() -> None:
    cited = {fact.source.id for fact in all_facts() if fact.source}

    assert set(load().sources) - cited == set()


def test_public_domain_and_licensed_models_never_stand_on_scraped_data() -> None:
    catalogue = load()
    clean = {LicenceClass.PUBLIC_DOMAIN, LicenceClass.LICENSED_OR_CONSENTED}

    contradictions = [
        (model.id, name)
        for model in catalogue.models.values()
        if model.licence_class and model.licence_class.value in clean
        for name in model.trained_on.value
        if catalogue.datasets[name].licence_class.value not in clean
    ]

    assert contradictions == []


def test_a_public_domain_model_names_public_domain_data_only() -> None:
    catalogue = load()

    contradictions = [
        (model.id, name)
        for model in catalogue.models.values()
        if model.licence_class and model.licence_class.value == LicenceClass.PUBLIC_DOMAIN
        for name in model.trained_on.value
        if catalogue.datasets[name].licence_class.value != LicenceClass.PUBLIC_DOMAIN
    ]

    assert contradictions == []


def test_versions_with_their_own_data_agree_with_it() -> None:
    catalogue = load()
    clean = {LicenceClass.PUBLIC_DOMAIN, LicenceClass.LICENSED_OR_CONSENTED}

    contradictions = [
        (model.id, version.name, name)
        for model in catalogue.models.values()
        for version in model.versions
        if version.licence_class and version.licence_class.value in clean and version.trained_on
        for name in version.trained_on.value
        if catalogue.datasets[name].licence_class.value not in clean
    ]

    assert contradictions == []


def test_every_model_and_version_has_a_training_licence() -> None:
    for model in load().models.values():
        for version in (None, *model.versions):
            found = training_licence(model, version)

            assert found.fact is not None, (model.id, version)


def test_every_name_finds_its_own_entry() -> None:
    for model in load().models.values():
        for name in (model.id, model.name, *model.aliases):
            assert resolve(name).model == model, name
        for version in model.versions:
            for name in (f"{model.name} {version.name}", *version.aliases):
                found = resolve(name)

                assert (found.model, found.version) == (model, version), name


def test_every_dataset_name_finds_its_own_entry() -> None:
    for dataset in load().datasets.values():
        for name in (dataset.id, dataset.name, *dataset.aliases):
            assert resolve_dataset(name).dataset == dataset, name


def test_choice_holds_every_model_once_sorted_by_vendor() -> None:
    groups = models_for_choice()

    vendors = [vendor for vendor, _ in groups]
    assert vendors == sorted(vendors, key=str.casefold)
    assert all(model.vendor == vendor for vendor, models in groups for model in models)
    listed = [model.id for _, models in groups for model in models]
    assert sorted(listed) == sorted(load().models)


def test_every_kind_and_role_is_plain_lower_case() -> None:
    assert {str(kind) for kind in Kind} == {"image", "video", "music", "text", "3d"}
    assert {str(role) for role in Role} == {"generator", "editor", "upscaler", "assistive", "interface"}
