"""Words of contradictions: whose it is."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from moderation.wording.words import Words

PEOPLE: Mapping[str, Words] = {
    "statement.prompt_names_artist": Words(
        _("A prompt names a registered artist"),
        (
            _(
                "A prompt, in your form or in the file, names an artist whose works are registered for "
                "protection."
            ),
        ),
        (
            _(
                "A prompt, stated or found in the file, names %(artist)s, who has registered works for "
                "protection."
            ),
            _(
                "A prompt, stated or found in the file, names an artist who has registered works for "
                "protection."
            ),
        ),
    ),
    "statement.another_author_in_the_file": Words(
        _("The file names another author"),
        (
            _(
                "The file's metadata name an author whose name is not one of yours. A pen name or a "
                "borrowed camera explains it."
            ),
        ),
        (
            _(
                "The file's metadata name %(author)s as author, which is none of the entrant's names. Pen "
                "names, studios and borrowed cameras are common."
            ),
            _("The file's metadata name an author who is none of the entrant's names."),
        ),
    ),
}
