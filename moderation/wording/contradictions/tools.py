"""Words of contradictions: which tool it was."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from moderation.wording.words import Words

TOOLS: Mapping[str, Words] = {
    "statement.another_model": Words(
        _("The file names another tool than the statement"),
        (
            _("The file names %(found)s; your form names %(stated)s."),
            _("The file names another tool than your form does."),
        ),
        (
            _("The file names %(found)s, which belongs to no family of the stated %(stated)s."),
            _("The file names a generator that the form does not."),
        ),
    ),
    "statement.no_tool_named": Words(
        _("Use of AI stated, no tool named"),
        (_("Your form says that AI was used, but names no tool."),),
        (_("The form says that AI was used, but names no tool, so nothing is known of its data."),),
    ),
    "statement.interface_named": Words(
        _("The program is named, not the model"),
        (
            _(
                "Your form names a program that runs whichever model is loaded. Name the model that made "
                "the picture as well."
            ),
        ),
        (
            _("%(tool)s runs whichever model its user loads, so nothing is known of the data."),
            _("The form names a program that runs whichever model its user loads."),
        ),
    ),
    "statement.version_not_known": Words(
        _("A version that the catalogue does not have"),
        (
            _(
                "The version that your form names is not known here. It may be newer than our list, or "
                "mistyped."
            ),
        ),
        (
            _("%(tool)s is a version that the catalogue does not have: newer than it, or mistyped."),
            _("The form names a version that the catalogue does not have."),
        ),
    ),
    "statement.tool_generates_nothing": Words(
        _("The tool named makes no pictures"),
        (
            _(
                "Your form says that AI made the work, and the tool that it names only enlarges or helps. "
                "Name the one that made the picture."
            ),
        ),
        (
            _("The form says generated; %(tool)s only enlarges or helps."),
            _("The form says generated, and every tool that it names only enlarges or helps."),
        ),
    ),
    "statement.generator_only_touched_up": Words(
        _("A generator named for touching up"),
        (
            _(
                "Your form says that AI only touched up or found words, and names a generator of pictures. "
                "Many do both; say what it did."
            ),
        ),
        (
            _(
                "By the form AI only touched up or found words; %(tool)s generates pictures. Many such "
                "tools do both."
            ),
            _("By the form AI only touched up or found words, and a generator of pictures is named for it."),
        ),
    ),
}
