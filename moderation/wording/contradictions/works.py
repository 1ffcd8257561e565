"""Words of contradictions: works that are in it."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from moderation.wording.words import Words

WORKS: Mapping[str, Words] = {
    "statement.another_persons_entry": Words(
        _("Entered before by another person"),
        (
            _(
                "The same picture was entered before. If both entries are yours, or you made it together, "
                "say so."
            ),
        ),
        (
            _(
                "The form signs it as the entrant's own; another person entered the same picture before. It "
                "may be a second account or a work made together."
            ),
        ),
    ),
    "statement.credit_stripped": Words(
        _("A registered work without its credit"),
        (
            _(
                "The picture repeats the registered work “%(reference)s”. The registered file carries its "
                "author's credentials; yours carries none. Many sites remove them without being asked."
            ),
            _(
                "The picture repeats a registered work whose file carries its author's credentials; yours "
                "carries none. Many sites remove them without being asked."
            ),
        ),
        (
            _(
                "It repeats “%(reference)s” of %(artist)s. The registered file carries credentials "
                "(%(carried)s); the entry carries none. Most sites strip them without being asked."
            ),
            _("It repeats a registered work whose file carries credentials; the entry carries none."),
        ),
    ),
    "statement.reference_is_registered": Words(
        _("A reference is a registered work"),
        (
            _(
                "One of the reference pictures is the work “%(reference)s”, registered for protection. If "
                "you have its maker's leave, say so."
            ),
            _(
                "One of the reference pictures is a work registered for protection. If you have its maker's "
                "leave, say so."
            ),
        ),
        (
            _(
                "The reference “%(file)s” is “%(reference)s” of %(artist)s, registered for protection. "
                "Leave may have been given outside this site."
            ),
            _("A reference picture is a work registered for protection."),
        ),
    ),
    "statement.references_not_compared": Words(
        _("References not compared"),
        (
            _(
                "The reference pictures could not be compared with registered works, so a person looks at "
                "them."
            ),
        ),
        (_("The reference pictures could not be compared: the registry could not be searched."),),
    ),
}
