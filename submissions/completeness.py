"""What an entry still lacks before it can be handed in, in sentences that name the place."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from submissions.models import DisclosedTool, Disclosure, Entry
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
    level = AILevel(disclosure.level)
    found: list[Lack] = []
    if level == AILevel.ASSISTIVE and not disclosure.explanation.strip():
        found.append(Lack("id_statement-explanation", _("Say what AI helped with.")))
    if level == AILevel.EDITED and not disclosure.explanation.strip():
        found.append(Lack("id_statement-explanation", _("Say which parts were generated or edited.")))
    if level in (AILevel.EDITED, AILevel.GENERATED) and not tools:
        found.append(Lack("tools", _("Name the tool or model that was used.")))
    if level != AILevel.NONE:
        for tool in tools:
            found.extend(_tool_lacks(tool))
    return found


def _tool_lacks(tool: DisclosedTool) -> list[Lack]:
    found = []
    if not (tool.model or tool.model_words.strip()):
        found.append(Lack("tools", _("Name every tool or model you have described, or remove its row.")))
    if tool.is_fine_tuned and not tool.fine_tune_words.strip():
        found.append(Lack("tools", _("Say what data the fine-tune or LoRA was made with.")))
    if tool.is_fine_tuned and not tool.fine_tune_licence_class:
        found.append(Lack("tools", _("Say under what rights the fine-tune's data was used.")))
    return found
