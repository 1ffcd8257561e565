"""How names are compared, and the index from every known name to what it means."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from submissions.catalogue.reading import CatalogueError
from submissions.catalogue.values import Catalogue

Key = tuple[str, ...]


@dataclass(frozen=True)
class Meaning:
    """An id and, for models, perhaps the name of a version."""

    id: str
    version: str | None = None


# A version is announced by one of these; "Midjourney v6" and "Midjourney 6" are the same name.
VERSION_WORDS = frozenset({"v", "ver", "version", "버전"})
# Words around a name that change nothing about which model is meant. Only cut where the full name is unknown.
NOISE_TEXT = """
    ai app web online beta preview official model models generator image raw 모델 앱 이미지
    checkpoint ckpt base refiner pruned emaonly ema nonema noema vae gguf bnb inpaint inpainting diffusers
"""
NOISE = frozenset(NOISE_TEXT.split())
# "fp16", "bf16", "nf4", "q4_k_m": how the numbers of a weights file are kept.
PRECISION = re.compile(r"(?<![^\W_])(?:fp|bf|f|int|nf|q)\d{1,2}(?:_k(?:_[ms])?)?(?![^\W_])")
# What Midjourney users type behind the name: --ar, --style and the like.
PARAMETERS = re.compile(r"\s(?:--|—)[a-z].*", re.IGNORECASE | re.DOTALL)
FILE_ENDING = re.compile(r"\.(safetensors|ckpt|pth?|gguf|onnx|bin|pkl|sft)$")
WEIGHTS_HASH = re.compile(r"\b(?=[0-9a-f]*\d)[0-9a-f]{8,}\b")
TRAILING_ZERO = re.compile(r"(?<=\d)\.0(?![\d.])")
# One run of letters of any script, or one number; everything between them only separates.
WORD = re.compile(r"\d+|[^\W\d_]+")


def words(text: str) -> list[str]:
    """``"FLUX.1 [dev]"`` → ``["flux", "1", "dev"]``, ``"DALL·E3"`` → ``["dall", "e", "3"]``."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = FILE_ENDING.sub("", text.strip())
    text = TRAILING_ZERO.sub("", WEIGHTS_HASH.sub(" ", text))
    found = WORD.findall(text)
    return [word for word, after in with_next(found) if not (word in VERSION_WORDS and after.isdigit())]


def with_next(parts: Sequence[str]) -> Iterator[tuple[str, str]]:
    return zip_longest(parts, parts[1:], fillvalue="")


def key(parts: Sequence[str]) -> Key:
    """Words joined between numbers: spelt apart or together is the same. ``("flux", "1", "dev")``."""
    joined: list[str] = []
    for part in parts:
        if joined and not part.isdigit() and not joined[-1].isdigit():
            joined[-1] += part
        else:
            joined.append(part)
    return tuple(joined)


def without_noise(parts: Sequence[str]) -> list[str]:
    return [part for part in parts if part not in NOISE]


def without_glued_v(parts: Sequence[str]) -> list[str]:
    """``["mjv", "6"]`` → ``["mj", "6"]``."""
    return [
        part[:-1] if len(part) > 2 and part.endswith("v") and after.isdigit() else part
        for part, after in with_next(parts)
    ]


def readings(text: str) -> Iterator[list[str]]:
    """Ways to read what was typed, the most literal first; none twice."""
    seen: set[Key] = set()
    # "stabilityai/stable-diffusion-xl-base-1.0", "models\\flux1-dev.safetensors"
    last = re.split(r"[/\\]", text.strip().rstrip("/\\"))[-1]
    for part in (text, last):
        parts = words(part)
        bare = without_noise(words(PRECISION.sub(" ", PARAMETERS.sub("", part).casefold())))
        for way in (parts, without_glued_v(parts), bare, without_glued_v(bare)):
            if way and key(way) not in seen:
                seen.add(key(way))
                yield way


@dataclass
class NameIndex:
    """Every name of every entry, by key. ``bare`` are those that a version nobody listed may follow."""

    names: dict[Key, Meaning] = field(default_factory=dict)
    bare: dict[Key, Meaning] = field(default_factory=dict)

    @classmethod
    def of_models(cls, catalogue: Catalogue) -> "NameIndex":
        """Names first, then name + version: a written alias always beats a composed one."""
        index = cls()
        for model in catalogue.models.values():
            own = (model.id, model.name, *model.aliases)
            index.add("models", own, Meaning(model.id))
            index.bare.update({key(words(name)): Meaning(model.id) for name in own})
            for version in model.versions:
                index.add("models", version.aliases, Meaning(model.id, version.name))
        written = dict(index.names)
        for model in catalogue.models.values():
            for version in model.versions:
                for name in (model.id, model.name, *model.aliases, *model.stems):
                    full = [f"{name} {label}" for label in (version.name, *version.labels)]
                    fresh = [text for text in full if key(words(text)) not in written]
                    index.add("models", fresh, Meaning(model.id, version.name))
        return index

    @classmethod
    def of_datasets(cls, catalogue: Catalogue) -> "NameIndex":
        index = cls()
        for dataset in catalogue.datasets.values():
            index.add("datasets", (dataset.id, dataset.name, *dataset.aliases), Meaning(dataset.id))
        return index

    def add(self, part: str, texts: Iterable[str], meaning: Meaning) -> None:
        for text in texts:
            name = key(words(text))
            if not name:
                raise CatalogueError(f"{part}: {meaning.id}: the name {text!r} has no letters or digits")
            known = self.names.setdefault(name, meaning)
            if known != meaning:
                raise CatalogueError(f"{part}: {meaning.id}: the name {text!r} already means {known.id}")
