"""Names of tools whose output is made by a trained model, as they sign and label it.

Only names that mean generation: an editor that can also generate (Photoshop) says so in its actions.
"""

import re

_NAMES: tuple[tuple[str, str], ...] = (
    (r"midjourney", "Midjourney"),
    (r"dall[\s·•.\-_]?e\b(?:\s*[23])?", "DALL·E"),
    (r"gpt[\s\-]?image|gpt[\s\-]?4o|chatgpt", "ChatGPT"),
    (r"openai", "OpenAI"),
    (
        r"image creator from (?:microsoft )?designer|bing image creator|microsoft designer",
        "Bing Image Creator",
    ),
    (r"gemini(?:[\s_\-]|\b)|nano[\s\-]?banana", "Gemini"),
    (r"\bimagen\b|imagefx", "Imagen"),
    (r"google(?:\s+\w+)?\s+(?:generative\s+)?ai\b", "Google AI"),
    (r"firefly", "Adobe Firefly"),
    (r"stable[\s_\-]?diffusion|\bsdxl\b|dreamstudio|stability[\s.]?ai", "Stable Diffusion"),
    (r"comfy[\s_\-]?ui", "ComfyUI"),
    (r"invoke[\s\-]?ai", "InvokeAI"),
    (r"fooocus", "Fooocus"),
    (r"swarm[\s\-]?ui", "SwarmUI"),
    (r"automatic1111|\ba1111\b|sd[\s.\-]next|sd-webui", "Stable Diffusion web UI"),
    (r"easy[\s\-]?diffusion", "Easy Diffusion"),
    (r"draw[\s\-]?things", "Draw Things"),
    (r"novel[\s\-]?ai", "NovelAI"),
    (r"ideogram", "Ideogram"),
    (r"luma[\s\-]?(?:ai|labs|dream)", "Luma"),
    (r"leonardo[\s.\-]?ai", "Leonardo.Ai"),
    (r"\bgrok\b|\bx\.?ai\b(?=.*(?:image|aurora|grok))", "Grok"),
    (r"black forest labs|\bflux[\s.\-]?(?:1|2|pro|dev|schnell|kontext)", "FLUX"),
    (r"titan image generator|nova canvas|amazon bedrock", "Amazon Bedrock"),
    (r"recraft", "Recraft"),
    (r"krea[\s.\-]?ai", "Krea"),
    (r"playground[\s.\-]?(?:ai|v\d)", "Playground"),
    (r"seedream|jimeng|dreamina|doubao", "Seedream"),
    (r"qwen[\s\-]?image|tongyi", "Qwen-Image"),
    (r"hunyuan", "Hunyuan"),
    (r"kolors|kling[\s\-]?ai", "Kling"),
    (r"imagine with meta|meta ai\b", "Meta AI"),
    (r"magic media", "Canva Magic Media"),
    (r"nightcafe", "NightCafe"),
    (r"artbreeder", "Artbreeder"),
    (r"craiyon", "Craiyon"),
    (r"kandinsky", "Kandinsky"),
    (r"deepfloyd", "DeepFloyd IF"),
    (r"bria[\s.\-]?ai", "Bria"),
    (r"\bsora\b", "Sora"),
)
_PATTERNS = tuple((re.compile(pattern, re.IGNORECASE), name) for pattern, name in _NAMES)


def named_in(text: str | None) -> str | None:
    """The generator that ``text`` (a tool's name, a credit line) names, or None."""
    if not text:
        return None
    head = text[:2000]
    return next((name for pattern, name in _PATTERNS if pattern.search(head)), None)
