"""Small words that templates need."""

from django import template
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from submissions import markdown, wording
from submissions.forms import LEVEL_WORDS
from submissions.models import Cloak, Contest, DisclosedTool, Entry, FileReading, Move, Purpose
from submissions.rules import AILevel

register = template.Library()


@register.filter
def stage(contest: Contest) -> str:
    """``coming``, ``open`` or ``over``."""
    if timezone.now() >= contest.closes_at:
        return "over"
    return "open" if contest.is_open else "coming"


@register.filter
def prose(text: str) -> SafeString:
    """Markdown, made safe."""
    return markdown.render(text)


@register.filter
def named(entry: Entry) -> str:
    """A draft may have no title yet; a list still needs something to read."""
    return entry.title or _("Untitled")


@register.filter
def sentence(move: Move) -> Promise:
    return wording.move_sentence(move.old, move.new, move.because)


@register.filter
def tool_name(tool: DisclosedTool) -> str:
    return wording.tool_name(tool)


@register.filter
def dataset_names(tool: DisclosedTool) -> list[str]:
    return wording.dataset_names(tool)


@register.filter
def level_words(level: str) -> Promise | str:
    """How far AI was used, as the entrant chose it."""
    return LEVEL_WORDS[AILevel(level)][0] if level else ""


@register.filter
def cloak_names(cloaks: list[str]) -> str:
    return ", ".join(str(Cloak(cloak).label) for cloak in cloaks)


@register.filter
def purpose_names(purposes: list[str]) -> str:
    return ", ".join(str(Purpose(purpose).label) for purpose in purposes)


@register.filter
def reading_tools(reading: FileReading) -> str:
    """The tools that a file names, as the catalogue calls them."""
    return ", ".join(wording.tool_name(DisclosedTool(**tool)) for tool in reading.tools)


@register.filter
def duration_words(seconds: float) -> str:
    """``95`` as 1:35."""
    minutes, left = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"


@register.filter
def media_name(media_type: str) -> str:
    """``image/webp`` as people say it: WEBP."""
    return media_type.removeprefix("image/").upper()
