"""Moves, statements and what holds in every contest, in plain words, for the people they concern."""

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from submissions import catalogue
from submissions.models import DisclosedTool
from submissions.states import State

ALWAYS: Sequence[Promise] = (
    _("No score rejects a work. A likeness of style is information only."),
    _("Every decision comes with its reasons, and you can answer them."),
    _("Your file is kept as you sent it and stays private; what hangs is a copy without hidden data."),
    _("A work protected by Glaze, Nightshade or Mist never counts against its maker for that."),
)


MOVES: dict[tuple[State, State], Promise] = {
    (State.DRAFT, State.RECEIVED): _("You handed it in. The desk began to check it."),
    (State.RECEIVED, State.HELD): _("The checks left a question open. A person looks at it."),
    (State.RECEIVED, State.HUNG): _("It was accepted and hangs."),
    (State.RECEIVED, State.REJECTED): _("It was not accepted."),
    (State.RECEIVED, State.WITHDRAWN): _("You withdrew it."),
    (State.HELD, State.HUNG): _("A person looked at it. It was accepted and hangs."),
    (State.HELD, State.REJECTED): _("A person looked at it. It was not accepted."),
    (State.HELD, State.RECEIVED): _("It is being checked once more."),
    (State.HELD, State.WITHDRAWN): _("You withdrew it."),
    (State.HUNG, State.HELD): _("It was taken down for now. A person looks at it once more."),
    (State.HUNG, State.HUNG): _("It hangs in another category, or under another label, now."),
    (State.HUNG, State.REJECTED): _("It was taken down and is no longer accepted."),
    (State.HUNG, State.WITHDRAWN): _("You withdrew it, and it was taken down."),
    (State.REJECTED, State.HELD): _("The rejection is being looked at once more by another person."),
    (State.REJECTED, State.HUNG): _("The rejection was overturned. It was accepted and hangs."),
}


TAKEN_BACK = _("The decision was taken back before it was sent. A person looks at the work once more.")


def move_sentence(old: str, new: str, because: str = "") -> Promise:
    if because.startswith("undoing "):
        return TAKEN_BACK
    return MOVES[State(old), State(new)]


def tool_name(tool: DisclosedTool) -> str:
    """The catalogue's name for a tool, or the entrant's own words, with the version they gave."""
    known = catalogue.load().models.get(tool.model)
    return f"{known.name if known else tool.model_words or tool.model} {tool.version}".strip()


def dataset_names(tool: DisclosedTool) -> list[str]:
    known = catalogue.load().datasets
    named = [known[one].name if one in known else one for one in tool.datasets]
    return [*named, tool.dataset_words] if tool.dataset_words else named
