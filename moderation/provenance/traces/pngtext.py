"""Keyed texts (PNG chunks, RIFF INFO): the keys that generators write, in any case and spelling."""

import re
from collections.abc import Iterable, Iterator

from moderation.provenance import generators
from moderation.provenance.containers import Text
from moderation.provenance.traces.prompts import EASY_KEY, Found, Kind, clipped, parsed, recognise
from moderation.provenance.values import Meaning, Trace

_INVOKE = {"invokeai_metadata", "invokeai_workflow", "invokeai_graph", "sd_metadata", "dream"}
_EASY = {EASY_KEY, "stable_diffusion_model", "negative_prompt"}  # nobody else gives these a text of their own
_QUOTED = re.compile(r'"([^"]{1,20000})"\s+-')  # then the options of InvokeAI's first command line
_TOOL_KEYS = {"software", "source", "comment", "creator", "generator", "model", "tool", "creatortool"}
_PEOPLE_KEYS = {"title", "author", "description", "artist", "copyright", "subject", "keywords"}


def traces(texts: Iterable[Text]) -> Iterator[Trace]:
    by_key = {_plain(text.key): text for text in texts}
    easy = next((by_key[key] for key in sorted(_EASY, reverse=True) if key in by_key), None)
    if easy:
        asked = by_key.get("prompt")
        yield Trace(
            "easydiffusion", "Easy Diffusion", where=easy.where, prompt=clipped(asked and asked.value)
        )
    for text in texts:
        yield from _of(text, easy=easy is not None)


def _plain(key: str) -> str:
    return key.strip().lower().replace("-", "_").replace(" ", "_")


def _of(text: Text, *, easy: bool) -> Iterator[Trace]:
    key, where = _plain(text.key), f"{text.where} {text.key[:60]}"
    value = text.value
    found = recognise(value)
    if key in {"postprocessing", "extras"}:
        yield Trace("a1111_postprocessing", "Stable Diffusion web UI", where=where, meaning=Meaning.PROCESSED)
    elif key in _INVOKE:
        yield Trace("invokeai", "InvokeAI", where=where, prompt=_invoke_prompt(value))
    elif key == "fooocus_scheme":
        yield Trace("fooocus", "Fooocus", where=where)
    elif key == "aigc":
        yield tc260(value, where)
    elif key == "hf_job_id":
        yield Trace("huggingface_job", "Hugging Face", where=where, meaning=Meaning.PROCESSED)
    elif novel := _novelai(key, value, found):
        yield Trace("novelai", "NovelAI", where=where, prompt=novel.prompt)
    elif found and not (easy and key == "prompt"):
        yield Trace(str(found.kind), found.generator, where=where, prompt=found.prompt)
    elif key in {"parameters", "prompt", "workflow"} and value.strip() and not easy:
        yield Trace(f"{key}_text", None, weak=True, where=where, prompt=None if text.cut else clipped(value))
    elif key in _TOOL_KEYS and (generator := generators.named_in(value)):
        yield Trace(f"generator_name:{key}", generator, where=where)
    elif key in _TOOL_KEYS | _PEOPLE_KEYS and (generator := generators.hinted_in(value)):
        yield Trace(f"generator_name:{key}", generator, weak=True, where=where)


def _novelai(key: str, value: str, found: Found | None) -> Found | None:
    signed = (key == "software" and value.strip() == "NovelAI") or (
        key == "source" and value.strip().lower().startswith("novelai diffusion")
    )
    if found and found.kind is Kind.NOVELAI:
        return found
    return Found(Kind.NOVELAI, "NovelAI") if signed else None


def _invoke_prompt(value: str) -> str | None:
    data = parsed(value)
    if isinstance(data, str):  # "Dream": the quoted prompt is JSON by itself
        return clipped(data)
    if not isinstance(data, dict):
        quoted = _QUOTED.match(value.strip())
        return clipped(quoted[1]) if quoted else None
    image = data.get("image")
    nested = image.get("prompt") if isinstance(image, dict) else None
    if isinstance(nested, list):  # prompts with weights
        nested = ", ".join(str(each.get("prompt", "")) for each in nested if isinstance(each, dict))
    return clipped(data.get("positive_prompt")) or clipped(nested)


def tc260(value: str, where: str) -> Trace:
    """The label that Chinese law asks for: 1 generated, 2 possibly, 3 suspected by the platform."""
    data = parsed(value)
    if isinstance(data, dict):
        data = next(
            (each for key, each in data.items() if key.lower() == "aigc" and isinstance(each, dict)), data
        )
    said = {str(key).lower(): each for key, each in data.items()} if isinstance(data, dict) else {}
    return tc260_label(said.get("label", ""), where)


def tc260_label(label: object, where: str) -> Trace:
    return Trace("tc260_aigc", None, weak=str(label).strip() == "3", where=where)
