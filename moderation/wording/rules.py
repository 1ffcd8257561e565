"""A contest's choices, explained to the organizer who makes them."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from moderation.wording.words import Text
from submissions.rules import Problem, Wrong


@dataclass(frozen=True)
class PresetWords:
    title: Text
    about: Text


PRESET_WORDS: Mapping[str, PresetWords] = {
    "apart": PresetWords(
        _("Human and AI apart"),
        _(
            "Human works hang in the human category, AI works in the AI category. Models trained on works "
            "without permission are not accepted; where the data is not known, a person decides."
        ),
    ),
    "human_only": PresetWords(
        _("Human works only"),
        _("Works that AI generated, wholly or in part, are not accepted. AI may help behind the scenes."),
    ),
    "clean_data_only": PresetWords(
        _("AI works on clean data only"),
        _("As “human and AI apart”, but a work is not accepted either where nobody knows its model's data."),
    ),
    "open": PresetWords(
        _("Open to all, labelled"),
        _(
            "AI works hang in the AI category whatever their model was trained on, under a label where works "
            "were used without permission or nobody knows. Signs of generation are only noted."
        ),
    ),
}


def problem(one: Problem) -> str:
    """What is wrong with a rules document, and where."""
    said = _PROBLEMS[one.wrong] % {"given": one.given, "allowed": ", ".join(one.allowed)}
    where = gettext("Line %(line)s") % {"line": one.line} if one.line else ""
    return ": ".join(filter(None, (where, one.key, said)))


_PROBLEMS: Mapping[Wrong, Text] = {
    Wrong.SYNTAX: _("this is no TOML (%(given)s)."),
    Wrong.TOO_LONG: _("the document is too long."),
    Wrong.FORMAT: _("format %(given)s is not known here."),
    Wrong.UNKNOWN: _("there is no such rule."),
    Wrong.NO_SECTION: _("this is the name of a section, not of a rule."),
    Wrong.CHOICE: _("“%(given)s” is not possible here. Possible are: %(allowed)s."),
    Wrong.NUMBER: _("%(given)s is not possible here. Whole numbers are, between these two: %(allowed)s."),
}
