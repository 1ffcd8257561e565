"""Names of tools whose output is made by a trained model, as they sign and label it.

Only names that mean generation: an editor that can also generate (Photoshop) says so in its actions. Many
names are words or people's names as well (*imagen* is Spanish for picture, Kandinsky painted, Sora is a girl,
Firefly a camera): what a tool signs must be unmistakable, what stands in a title may only hint.
"""

import re
from functools import lru_cache

_TOOLS: tuple[tuple[str, str], ...] = (
    (r"midjourney", "Midjourney"),
    (r"dall[\s·•.\-_]e\b|\bdalle[\s\-]?[23]\b", "DALL·E"),
    (r"gpt[\s\-]?image|gpt[\s\-]?4o|chatgpt", "ChatGPT"),
    (r"\bsora[\s\-]?(?:2|turbo)\b|openai sora", "Sora"),
    (r"openai", "OpenAI"),
    (
        r"image creator from (?:microsoft )?designer|bing image creator|microsoft designer",
        "Bing Image Creator",
    ),
    (r"^gemini$|google gemini|gemini[\s_\-]?\d|gemini[\s_]generated|nano[\s\-]?banana", "Gemini"),
    (r"google imagen|\bimagen[\s\-]?[2345]\b|imagefx", "Imagen"),
    (r"google(?:\s+\w+)?\s+(?:generative\s+)?ai\b", "Google AI"),
    (r"adobe[\s_]?firefly", "Adobe Firefly"),
    (r"stable[\s_\-]?diffusion|\bsdxl\b|dreamstudio|stability[\s.]?ai", "Stable Diffusion"),
    (r"comfy[\s_\-]?ui", "ComfyUI"),
    (r"invoke[\s\-]?ai", "InvokeAI"),
    (r"fooocus", "Fooocus"),
    (r"swarm[\s\-]?ui", "SwarmUI"),
    (r"automatic1111|\ba1111\b|sd[.\-]next|sd-webui", "Stable Diffusion web UI"),
    (r"easy[\s\-]?diffusion", "Easy Diffusion"),
    (r"draw[\s\-]?things(?:\s+(?:app|ai)|$)", "Draw Things"),
    (r"novel[\s\-]?ai", "NovelAI"),
    (r"ideogram[\s.]?ai|ideogram[\s\-]?v?\d", "Ideogram"),
    (r"luma[\s\-]?(?:ai|labs|dream)", "Luma"),
    (r"leonardo[\s.\-]?ai", "Leonardo.Ai"),
    (r"\bgrok\b|\bxai\b", "Grok"),
    (r"black forest labs|\bflux[.\-]?(?:1|2|pro|dev|schnell|kontext)\b", "FLUX"),
    (r"titan image generator|nova canvas|amazon bedrock", "Amazon Bedrock"),
    (r"recraft", "Recraft"),
    (r"krea[\s.\-]?ai", "Krea"),
    (r"playground[\s.\-]?(?:ai|v\d)", "Playground"),
    (r"seedream|jimeng|dreamina|doubao", "Seedream"),
    (r"qwen[\s\-]?image|tongyi", "Qwen-Image"),
    (r"hunyuan", "Hunyuan"),
    (r"\bkolors\b|kling[\s\-]?ai", "Kling"),
    (r"imagine with meta|meta ai\b", "Meta AI"),
    (r"magic media", "Canva Magic Media"),
    (r"nightcafe", "NightCafe"),
    (r"artbreeder", "Artbreeder"),
    (r"craiyon", "Craiyon"),
    (r"kandinsky[\s\-]?\d", "Kandinsky"),
    (r"deepfloyd", "DeepFloyd IF"),
    (r"bria[\s.\-]?ai", "Bria"),
)
_WORDS: tuple[tuple[str, str], ...] = (
    (r"\bgemini\b", "Gemini"),
    (r"\bimagen\b", "Imagen"),
    (r"\bfirefly\b", "Adobe Firefly"),
    (r"\bdalle\b", "DALL·E"),
    (r"\bideogram\b", "Ideogram"),
)
_STRICT = tuple((re.compile(pattern, re.IGNORECASE), name) for pattern, name in _TOOLS)
_LOOSE = _STRICT + tuple((re.compile(pattern, re.IGNORECASE), name) for pattern, name in _WORDS)
# One look tells that a text names none, as nearly all do.
_ANY_STRICT = re.compile("|".join(f"(?:{pattern})" for pattern, _ in _TOOLS), re.IGNORECASE)
_ANY_LOOSE = re.compile("|".join(f"(?:{pattern})" for pattern, _ in _TOOLS + _WORDS), re.IGNORECASE)
_LONGEST = 2_000  # characters looked at


def named_in(text: str | None) -> str | None:
    """The generator that a tool's own field (its name, a credit line) names beyond doubt, or None."""
    return _first((text or "")[:_LONGEST].strip(), strict=True)


def hinted_in(text: str | None) -> str | None:
    """The generator that a text for people (a title, an author) may mean, or None; for weak hints only."""
    return _first((text or "")[:_LONGEST].strip(), strict=False)


@lru_cache(maxsize=256)  # the same few tools sign most files
def _first(head: str, *, strict: bool) -> str | None:
    any_of_them, patterns = (_ANY_STRICT, _STRICT) if strict else (_ANY_LOOSE, _LOOSE)
    if not head or not any_of_them.search(head):
        return None
    return next((name for pattern, name in patterns if pattern.search(head)), None)
