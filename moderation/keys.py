"""What every key does at the desk. Pages, their ``aria-keyshortcuts`` and the dialog read this one table.

Keys do nothing while somebody types, nor together with Ctrl, Alt or the system's own key, and each person may
switch them off (WCAG 2.1.4).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CASE, LIST = "case", "list"
BOTH = CASE + LIST


@dataclass(frozen=True)
class Key:
    press: str
    does: Promise
    where: str = CASE


# Those of the four decisions stand by the routes of a decision, under the routes' own names.
KEYS: Mapping[str, Key] = {
    "next": Key("j", _("Next case"), BOTH),
    "previous": Key("k", _("Previous case"), BOTH),
    "open": Key("Enter", _("Open the case"), LIST),
    "human": Key("1", _("Hang in the human category")),
    "ai": Key("2", _("Hang in the AI category")),
    "ai_apart": Key("3", _("Hang in the AI category, labelled “training data not cleared”")),
    "reject": Key("4", _("Reject")),
    "grounds": Key("g", _("Go to the grounds of a rejection")),
    "reason": Key("r", _("Write the reason")),
    "text": Key("t", _("Choose a text for the reason")),
    "decide": Key("d", _("Decide and go on")),
    "undo": Key("u", _("Take back the last decision"), BOTH),
    "hold": Key("h", _("Put aside")),
    "escalate": Key("e", _("Ask the owners")),
    "reassign": Key("a", _("Give to a colleague")),
    "comment": Key("c", _("Comment")),
    "take": Key("l", _("Take or take over the case")),
    "impression": Key("i", _("Say a first impression")),
    "zoom": Key("z", _("Picture larger, and whole again")),
    "blur": Key("b", _("Blur pictures")),
    "grey": Key("w", _("Pictures without colour")),
    "again": Key("x", _("Check again")),
    "queue": Key("q", _("Back to the queue")),
    "search": Key("/", _("Search and filters"), LIST),
    "help": Key("?", _("Show all keys"), BOTH),
}


def on_cases() -> dict[str, Key]:
    return {name: key for name, key in KEYS.items() if CASE in key.where}


def on_lists() -> dict[str, Key]:
    return {name: key for name, key in KEYS.items() if LIST in key.where}
