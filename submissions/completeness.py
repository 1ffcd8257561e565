"""What an entry still lacks before it can be handed in, in sentences that name the place."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from submissions import levels
from submissions.models import DisclosedTool, Disclosure, Entry, Purpose
from submissions.rules import AILevel


@dataclass(frozen=True)
class Lack:
    """``place`` is the id of the part of the form that mends it."""

    place: str
    sentence: Promise | str


def lacks(entry: Entry) -> list[Lack]:
    """Everything missing but the signature. Reads the stored entry, not a form."""
    found: list[Lack] = []
    if not entry.title.strip():
        found.append(Lack("id_work-title", _("Give the work a title.")))
    if not entry.artworks.exists():
        found.append(Lack("files", _("Add at least one picture.")))
    disclosure = entry.disclosure
    if disclosure is None or not disclosure.level:
        found.append(Lack("level", _("Say how far AI was used.")))
        return found
    return found + statement_lacks(disclosure, list(disclosure.tools.all()))


def statement_lacks(disclosure: Disclosure, tools: list[DisclosedTool]) -> list[Lack]:
    """What the chosen level asks and the statement does not tell yet."""
    level = AILevel(disclosure.level)
    found: list[Lack] = []
    if levels.asks(level, "purposes"):
        found.extend(_purpose_lacks(disclosure))
    if levels.asks(level, "parts") and not disclosure.parts.strip():
        found.append(Lack("id_statement-parts", _("Say which parts were generated or edited.")))
    if level in (AILevel.EDITED, AILevel.GENERATED) and not tools:
        found.append(Lack("tools", _("Name the tool or model that was used.")))
    if levels.asks(level, "tools"):
        for tool in tools:
            found.extend(_tool_lacks(tool))
    if level == AILevel.GENERATED and not disclosure.prompts.strip():
        found.append(Lack("id_statement-prompts", _("Give the prompts, or say that there were none.")))
    return found


def _purpose_lacks(disclosure: Disclosure) -> list[Lack]:
    explained = bool(disclosure.explanation.strip())
    if not disclosure.purposes and not explained:
        return [Lack("purposes", _("Say what AI helped with."))]
    if Purpose.OTHER in disclosure.purposes and not explained:
        return [Lack("id_statement-explanation", _("Say what else AI helped with."))]
    return []


def _tool_lacks(tool: DisclosedTool) -> list[Lack]:
    found = []
    if not (tool.model or tool.model_words.strip()):
        found.append(Lack("tools", _("Name every tool or model you have described, or remove its row.")))
    if tool.is_fine_tuned and not tool.fine_tune_words.strip():
        found.append(Lack("tools", _("Say what data the fine-tune or LoRA was made with.")))
    if tool.is_fine_tuned and not tool.fine_tune_licence_class:
        found.append(Lack("tools", _("Say under what rights the fine-tune's data was used.")))
    return found
