from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from submissions.catalogue import LicenceClass, combine, load, training_licence

CLASSES = st.sampled_from(LicenceClass)


@pytest.mark.parametrize(
    ("base", "own", "whole"),
    [
        ("public_domain", "public_domain", "public_domain"),
        ("public_domain", "licensed_or_consented", "licensed_or_consented"),
        ("scraped_without_permission", "public_domain", "scraped_without_permission"),
        ("undisclosed", "licensed_or_consented", "undisclosed"),
        ("undisclosed", "mixed", "mixed"),
        ("mixed", "scraped_without_permission", "scraped_without_permission"),
    ],
)
def test_combine_takes_the_worst_part(base: str, own: str, whole: str) -> None:
    assert combine([LicenceClass(base), LicenceClass(own)]) == whole
    assert combine([LicenceClass(own), LicenceClass(base)]) == whole


def test_combine_of_nothing_is_undisclosed() -> None:
    assert combine([]) == LicenceClass.UNDISCLOSED


@given(st.lists(CLASSES, min_size=1), CLASSES)
def test_combine_never_gets_milder_by_another_part(parts: list[LicenceClass], more: LicenceClass) -> None:
    whole = combine(parts)

    assert combine([*parts, more]) == combine([whole, more])
    assert combine([whole, combine([*parts, more])]) == combine([*parts, more])


def test_combine_minds_no_order() -> None:
    assert {combine(order) for order in permutations(LicenceClass)} == {
        LicenceClass.SCRAPED_WITHOUT_PERMISSION
    }


def test_a_version_may_differ_from_its_model() -> None:
    whole = training_licence("stylegan-2")
    portraits = training_licence("stylegan-2", "FFHQ")

    assert whole.licence_class == LicenceClass.MIXED
    assert portraits.licence_class == LicenceClass.LICENSED_OR_CONSENTED
    assert portraits.fact is not None
    assert portraits.fact.source == load().sources["ffhq-readme"]


def test_a_version_nobody_listed_is_undisclosed() -> None:
    assert training_licence("midjourney").licence_class == LicenceClass.SCRAPED_WITHOUT_PERMISSION
    assert training_licence("midjourney", "99").licence_class == LicenceClass.UNDISCLOSED


def test_a_tool_stands_on_the_models_below_it() -> None:
    found = training_licence("bing-image-creator")

    assert found.licence_class == LicenceClass.MIXED
    assert [name for name, _ in found.facts] == ["dall-e-3", "gpt-image"]


def test_a_fine_tune_stands_on_its_base() -> None:
    found = training_licence("niji-journey")

    assert found.licence_class == LicenceClass.SCRAPED_WITHOUT_PERMISSION
    assert [name for name, _ in found.facts] == ["niji-journey", "midjourney"]
    assert found.fact == load().models["midjourney"].licence_class


def test_a_name_without_version_takes_the_worst_it_may_mean() -> None:
    found = training_licence("stable-diffusion")

    assert found.licence_class == LicenceClass.SCRAPED_WITHOUT_PERMISSION
    assert "stable-diffusion-xl" in dict(found.facts)


def test_an_unknown_model_is_an_error() -> None:
    with pytest.raises(KeyError):
        training_licence("no-such-model")
