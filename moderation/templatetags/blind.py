"""Words on pages of those who may not know whose work they see."""

from django import template

from moderation.blind import Veil, drawn, is_over, veil_of
from submissions.models import Entry, ProcessFile

register = template.Library()


@register.filter
def nameless(text: str, entry: Entry) -> str:
    """``text`` with the entrant's own names masked while somebody may still have to judge the work."""
    return text if not text or is_over(entry.contest) else drawn([entry])[entry.pk].over(text)


@register.filter
def masked(text: str, entry: Entry) -> str:
    """``text`` with every name that the desk knows of masked where ``entry`` is reviewed blindly."""
    veil = veil_of(entry) if text else None
    return veil.over(text) if veil else text


@register.filter
def nameless_files(files: list[ProcessFile], veil: Veil | None) -> list[ProcessFile]:
    """``files`` without names of theirs, their layers or camera, where ``veil`` lies over an entry."""
    return veil.process_files(files) if veil else files
