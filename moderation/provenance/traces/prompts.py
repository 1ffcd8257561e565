"""Recognises generation parameters in a text, wherever it stood, and takes the prompt out of it."""

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from moderation.provenance import generators
from moderation.provenance.values import storable

MAX_PROMPT = 20_000
_MAX_JSON = 2 << 20
_MAX_PARAMETERS = 1 << 18
_STEPS = re.compile(
    r"\bSteps:\s*\d+\s*,\s*(?:Sampler|Schedule type|CFG scale|Seed|Size|Distilled CFG Scale)\b", re.IGNORECASE
)
_NEGATIVE = re.compile(r"\n\s*Negative prompt:", re.IGNORECASE)
_CLASS_TYPE = re.compile(r'"class_type"\s*:')
_MIDJOURNEY_JOB = re.compile(
    r"\bJob ID:\s*[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", re.IGNORECASE
)
EASY_KEY = "use_stable_diffusion_model"  # Easy Diffusion's own
_WORKFLOW_KEYS = {"links", "last_node_id", "last_link_id", "groups", "extra", "version"}
_FOOOCUS_KEYS = {
    "base_model",
    "fooocus_scheme",
    "metadata_scheme",
    "performance",
    "refiner_switch",
    "fooocus_v2_expansion",
}
_GENERATION_KEYS = _FOOOCUS_KEYS | {
    "sampler", "sampler_name", "steps", "seed", "cfg_scale", "scale", "model", "negative_prompt", "uc", "c",
    "full_prompt", "strength", "lora", "loras", "scheduler",
}  # fmt: skip


class Kind(StrEnum):
    """The form of generation parameters; the value is the key of a trace that holds them."""

    A1111 = "a1111_parameters"
    SWARM = "swarmui"
    COMFY_PROMPT = "comfyui_prompt"
    COMFY_WORKFLOW = "comfyui_workflow"
    FOOOCUS = "fooocus"
    NOVELAI = "novelai"
    MIDJOURNEY = "midjourney_job_id"
    TC260 = "tc260_aigc"
    JSON = "generation_json"  # nobody's in particular
    STEALTH = "stealth"


@dataclass(frozen=True)
class Found:
    """Generation parameters: their form, the generator that they name, and the prompt."""

    kind: Kind
    generator: str | None
    prompt: str | None = None


def recognise(text: str) -> Found | None:
    """What generation parameters ``text`` is, or None where it is an ordinary text."""
    stripped = text.strip()
    if stripped.startswith(("{", "[")):
        value = parsed(stripped)
        if isinstance(value, dict):
            return _in_json(value)
        return Found(Kind.COMFY_PROMPT, "ComfyUI") if _CLASS_TYPE.search(stripped) else None
    stripped = stripped[:_MAX_PARAMETERS]
    if steps := _STEPS.search(stripped):
        return Found(
            Kind.A1111, _web_ui(stripped[steps.start() :]), _before_settings(stripped, steps.start())
        )
    if job := _MIDJOURNEY_JOB.search(stripped):
        return Found(Kind.MIDJOURNEY, "Midjourney", clipped(stripped[: job.start()]))
    return None


def parsed(text: str) -> Any:
    """``text`` as JSON, or None where it is none, too long or too deep."""
    if len(text) > _MAX_JSON:
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def clipped(value: object) -> str | None:
    """A prompt as far as it is kept, or None."""
    return (
        storable(value[: MAX_PROMPT + 100]).strip()[:MAX_PROMPT] or None if isinstance(value, str) else None
    )


def _in_json(value: dict[str, Any]) -> Found | None:
    keys = {str(key).lower().replace(" ", "_") for key in value}
    swarm = value.get("sui_image_params")
    if isinstance(swarm, dict):
        return Found(Kind.SWARM, "SwarmUI", clipped(swarm.get("prompt")))
    if any(isinstance(node, dict) and "class_type" in node for node in value.values()):
        return Found(Kind.COMFY_PROMPT, "ComfyUI", _comfy_prompt(value))
    if isinstance(value.get("nodes"), list) and keys & _WORKFLOW_KEYS:
        return Found(Kind.COMFY_WORKFLOW, "ComfyUI")
    if "aigc" in keys:
        return Found(Kind.TC260, None)
    if "signed_hash" in keys:
        return Found(Kind.NOVELAI, "NovelAI", clipped(value.get("prompt")))
    if "comment" in keys and generators.named_in(_software(value)) == "NovelAI":  # its texts in one, in WebP
        inner = parsed(str(value.get("Comment")))
        prompt = inner.get("prompt") if isinstance(inner, dict) else None
        return Found(Kind.NOVELAI, "NovelAI", clipped(prompt) or clipped(value.get("Description")))
    prompt = next(
        (clipped(value.get(key)) for key in ("prompt", "Prompt", "full_prompt", "c") if value.get(key)), None
    )
    fooocus = keys & _FOOOCUS_KEYS
    if prompt and keys & _GENERATION_KEYS:
        easy = "Easy Diffusion" if EASY_KEY in keys else None
        generator = "Fooocus" if fooocus else easy or generators.named_in(json.dumps(value)[:2000])
        return Found(Kind.FOOOCUS if fooocus else Kind.JSON, generator, prompt)
    return None


def _software(value: dict[str, Any]) -> str:
    return " ".join(str(value.get(key, ""))[:200] for key in ("Software", "Source"))


def _comfy_prompt(graph: dict[str, Any]) -> str | None:
    """The longest text given to a text-encoding node: ComfyUI keeps a graph, not a prompt."""
    texts = []
    for node in graph.values():
        inputs = node.get("inputs") if isinstance(node, dict) else None
        if isinstance(inputs, dict) and "text" in str(node.get("class_type", "")).lower():
            texts += [value for key, value in inputs.items() if isinstance(value, str) and "text" in str(key)]
    return clipped(max(texts, key=len, default=None))


def _before_settings(text: str, settings: int) -> str | None:
    negative = _NEGATIVE.search(text)
    return clipped(text[: min(settings, negative.start() if negative else settings)])


def _web_ui(settings: str) -> str:
    """Which of the web UIs that share one format wrote the settings, by its version line."""
    version = re.search(r"\bVersion:\s*([^,\n]{1,60})", settings)
    line = version[1].lower() if version else ""
    if line.startswith("f") or "forge" in line or "neo" in line:
        return "Stable Diffusion WebUI Forge"
    if "comfyui" in line:
        return "ComfyUI"
    if "sd.next" in settings.lower() or "App: SD.Next" in settings:
        return "SD.Next"
    return "Stable Diffusion web UI"
