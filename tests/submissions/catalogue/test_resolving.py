import pytest
from hypothesis import given
from hypothesis import strategies as st

from submissions.catalogue import Match, load, resolve, resolve_dataset


@pytest.mark.parametrize(
    ("typed", "model", "version"),
    [
        ("SD 1.5", "stable-diffusion-1", "1.5"),
        ("stable-diffusion-v1-5", "stable-diffusion-1", "1.5"),
        ("v1-5-pruned-emaonly.safetensors", "stable-diffusion-1", "1.5"),
        ("스테이블 디퓨전 1.5", "stable-diffusion-1", "1.5"),
        ("SDXL", "stable-diffusion-xl", None),
        ("sd_xl_base_1.0.safetensors", "stable-diffusion-xl", "1.0"),
        ("stabilityai/stable-diffusion-xl-base-1.0", "stable-diffusion-xl", "1.0"),
        ("Stable Diffusion 3.5 Large", "stable-diffusion-3", "3.5 Large"),
        ("스테이블 디퓨전", "stable-diffusion", None),
        ("스테이블디퓨전", "stable-diffusion", None),
        ("FLUX.1 [dev]", "flux-1", "dev"),
        ("flux dev", "flux-1", "dev"),
        ("flux1-dev-fp8.safetensors", "flux-1", "dev"),
        (r"C:\models\flux1-dev-Q4_K_S.gguf", "flux-1", "dev"),
        ("FLUX1.1 [pro] ultra", "flux-1", "1.1 pro ultra"),
        ("Midjourney v6.1", "midjourney", "6.1"),
        ("MJ v6", "midjourney", "6"),
        ("mjv6", "midjourney", "6"),
        ("Midjourney version 7.0", "midjourney", "7"),
        ("미드저니 버전 6", "midjourney", "6"),
        ("Midjourney V7 --ar 3:2 --style raw", "midjourney", "7"),
        ("생성형 채우기", "photoshop-generative-fill", None),
        ("Gen-3 Alpha", "runway", "3"),
        ("수노 v4.5", "suno", "4.5"),
        ("Made with Google AI", "gemini-image", None),
        ("Edited with Apple Photos Clean Up", "apple-clean-up", None),
        ("ＭＩＤＪＯＵＲＮＥＹ", "midjourney", None),
        ("gpt-image-1", "gpt-image", "1"),
        ("DALL·E3", "dall-e-3", None),
        ("dalle-3", "dall-e-3", None),
        ("달리 3", "dall-e-3", None),
        ("Adobe Firefly Image 3", "adobe-firefly", "3"),
        ("나노 바나나", "gemini-image", None),
        ("나노바나나", "gemini-image", None),
        ("Nano Banana Pro", "gemini-image", "3 Pro"),
        ("NovelAI Diffusion V4.5 4BDE2A90", "novelai", "4.5"),
        ("stylegan2-ffhq-config-f.pkl", "stylegan-2", "FFHQ"),
    ],
)
def test_resolve_knows_the_ways_people_and_files_write_names(
    typed: str, model: str, version: str | None
) -> None:
    found = resolve(typed)

    assert found.match == Match.EXACT
    assert found.model == load().models[model]
    assert (found.version.name if found.version else None) == version


@pytest.mark.parametrize(
    ("typed", "model", "version"),
    [
        ("midjorney 6", "midjourney", "6"),
        ("Midjuorney", "midjourney", None),
        ("미드져니", "midjourney", None),
        ("stable difusion 1.5", "stable-diffusion-1", "1.5"),
        ("스테이블 디퓨젼 1.5", "stable-diffusion-1", "1.5"),
        ("Adobe Firefley", "adobe-firefly", None),
        ("kandinski 2.2", "kandinsky", "2.2"),
    ],
)
def test_resolve_forgives_a_slip(typed: str, model: str, version: str | None) -> None:
    found = resolve(typed)

    assert found.match == Match.MISSPELT
    assert found.model == load().models[model]
    assert (found.version.name if found.version else None) == version


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "...",
        "oil on canvas",
        "Canvas",
        "Photoshop",
        "Adobe Photoshop 26.0 (Windows)",
        "Adobe Lightroom Classic 13.0",
        "Clip Studio Paint",
        "Krita",
        "Procreate",
        "Blender 4.2",
        "colors",
        "watercolour",
        "Sony ILCE-7M4",
        "수채화",
        "1.5",
        "v6",
        "my own model",
    ],
)
def test_resolve_leaves_the_unknown_unknown(typed: str) -> None:
    found = resolve(typed)

    assert found.match == Match.UNKNOWN
    assert (found.text, found.model, found.version, found.candidates) == (typed, None, None, ())


def test_resolve_keeps_a_version_that_is_not_listed() -> None:
    found = resolve("Midjourney v99.3")

    assert found.match == Match.OTHER_VERSION
    assert (found.model, found.version, found.version_text) == (load().models["midjourney"], None, "99.3")


def test_resolve_takes_the_licence_along() -> None:
    assert resolve("Midjourney 6").training_licence.licence_class == "scraped_without_permission"
    assert resolve("Midjourney 99").training_licence.licence_class == "undisclosed"
    assert resolve("Photoshop Generative Fill 26").training_licence.licence_class == "licensed_or_consented"
    assert resolve("no such thing").training_licence.licence_class == "undisclosed"


def test_resolve_does_not_take_a_later_model_for_a_version_of_this_one() -> None:
    found = resolve("DALL·E 3.5")

    assert (found.match, found.version_text) == (Match.OTHER_VERSION, "3.5")
    assert found.model == load().models["dall-e"]
    assert found.training_licence.licence_class == "undisclosed"


def test_resolve_never_chooses_between_two_models_in_one_line() -> None:
    found = resolve("Midjourney v6, then DALL·E 3 for the hands")

    assert (found.match, found.model) == (Match.UNCLEAR, None)
    assert [(model.id, version and version.name) for model, version in found.candidates] == [
        ("midjourney", "6"),
        ("dall-e-3", None),
    ]


def test_resolve_asks_when_a_name_stands_within_a_sentence() -> None:
    found = resolve("trained by me on top of SDXL 1.0 with my drawings")

    assert (found.match, found.model) == (Match.UNCLEAR, None)
    assert [(model.id, version and version.name) for model, version in found.candidates] == [
        ("stable-diffusion-xl", "1.0")
    ]


@pytest.mark.parametrize(
    ("typed", "dataset"),
    [
        ("LAION 5B", "laion-5b"),
        ("laion-aesthetics v2 5+", "laion-aesthetics"),
        ("라이온", "laion"),
        ("CC3M", "conceptual-captions-3m"),
        ("PD12M", "pd12m"),
        ("datasetshop.com", "vaisual"),
        ("어도비 스톡", "adobe-stock"),
        ("imagnet", "imagenet"),
    ],
)
def test_resolve_dataset_knows_names_and_slips(typed: str, dataset: str) -> None:
    assert resolve_dataset(typed).dataset == load().datasets[dataset]


def test_resolve_dataset_leaves_the_unknown_unknown() -> None:
    found = resolve_dataset("photographs of my dog")

    assert (found.match, found.dataset, found.text) == (Match.UNKNOWN, None, "photographs of my dog")


def test_resolve_dataset_does_not_confuse_numbers() -> None:
    assert resolve_dataset("CC4M").dataset is None
    assert resolve_dataset("LAION-7B").dataset is None


@given(st.text(max_size=80))
def test_resolve_takes_any_text(typed: str) -> None:
    found = resolve(typed)

    assert found.text == typed
    assert found.known == (found.match in (Match.EXACT, Match.OTHER_VERSION, Match.MISSPELT))
    assert found.version is None or (found.model is not None and found.version in found.model.versions)


@given(st.sampled_from(sorted(load().models)), st.sampled_from([str.upper, str.title, str.swapcase]))
def test_resolve_does_not_mind_case(name: str, change: object) -> None:
    assert callable(change)

    assert resolve(change(name)).model == load().models[name]
