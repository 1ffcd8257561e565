"""Words of contradictions: whether AI made the work."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from moderation.wording.words import Words

ORIGIN: Mapping[str, Words] = {
    "statement.none_but_credentials_say_ai": Words(
        _("Statement says no AI, Content Credentials say AI"),
        (
            _(
                "The file's Content Credentials say that it was made with %(generator)s, and your form says "
                "that nothing in it was generated."
            ),
            _(
                "The file's Content Credentials say that it was made with generative AI, and your form says "
                "that nothing in it was generated."
            ),
        ),
        (
            _(
                "The form says that nothing was generated; Content Credentials signed by %(signer_name)s say "
                "that %(generator)s was used (%(origin)s)."
            ),
            _(
                "The form says that nothing was generated; the Content Credentials say that %(generator)s "
                "was used."
            ),
            _(
                "The form says that nothing was generated; the Content Credentials say that generative AI "
                "was used."
            ),
        ),
    ),
    "statement.none_but_generator_trace": Words(
        _("Statement says no AI, the file carries a generator's traces"),
        (
            _(
                "The file carries data that %(generators)s leaves in pictures, and your form says that "
                "nothing in it was generated."
            ),
            _(
                "The file carries data that generators of pictures leave, and your form says that nothing in "
                "it was generated."
            ),
        ),
        (
            _("The form says that nothing was generated; the file carries data that %(generators)s leaves."),
            _("The form says that nothing was generated; the file carries data that generators leave."),
        ),
    ),
    "statement.assistive_but_part_generated": Words(
        _("Statement says AI only helped, the file says it made a part"),
        (
            _(
                "Your form says that AI helped and nothing generated is visible; the file says that a part "
                "of the picture was generated. If only a small part was, state it as a part."
            ),
        ),
        (
            _(
                "The form says that AI only helped; the file says that %(generator)s generated a part of "
                "the picture."
            ),
            _("The form says that AI only helped; the file says that a part of the picture was generated."),
        ),
    ),
    "statement.edited_but_generated": Words(
        _("Statement says a part, Content Credentials say the whole"),
        (
            _(
                "Your form says that a part of the picture was generated; the file's Content Credentials say "
                "that the whole was made with %(generator)s."
            ),
            _(
                "Your form says that a part of the picture was generated; the file's Content Credentials say "
                "that the whole was."
            ),
        ),
        (
            _(
                "The form says that a part was generated; the Content Credentials say that %(generator)s "
                "made the whole."
            ),
            _("The form says that a part was generated; the Content Credentials say that the whole was."),
        ),
    ),
    "statement.none_but_ai_possible": Words(
        _("Statement says no AI, Content Credentials leave room for it"),
        (
            _(
                "The file's Content Credentials name a kind of source that may hold generated parts, such "
                "as a composite. That alone says nothing against your form."
            ),
        ),
        (
            _(
                "The form says that nothing was generated; the Content Credentials name a kind of source "
                "under which generated parts may hide, such as a composite."
            ),
        ),
    ),
    "statement.none_but_generated_reference": Words(
        _("Statement says no AI, a tool was shown a generated picture"),
        (
            _(
                "The file's Content Credentials record that a tool was shown a generated picture. If AI "
                "gave you a reference, “AI helped” may be the truer level."
            ),
        ),
        (
            _(
                "The form says no AI; the Content Credentials record that a tool looked at a generated "
                "picture. The origin is unchanged by it."
            ),
        ),
    ),
    "statement.none_but_processed": Words(
        _("Statement says no AI, a tool that uses it ran over the file"),
        (
            _(
                "A tool that uses AI to enlarge or clean pictures has left its name in the file. If you "
                "used it, “AI helped” may be the truer level."
            ),
        ),
        (
            _("The form says no AI; %(generators)s ran over the file, which is no proof of generation."),
            _("The form says no AI; a tool that uses it ran over the file, which is no proof of generation."),
        ),
    ),
    "statement.form_tells_of_ai": Words(
        _("The form contradicts itself"),
        (
            _(
                "Your form says that nothing was generated, and other lines of it tell of generated parts, "
                "prompts or generators. Perhaps they are left from an earlier answer."
            ),
        ),
        (
            _(
                "By its level nothing was generated; other lines of the same form tell of generated parts, "
                "prompts or generators."
            ),
        ),
    ),
    "statement.pictures_disagree": Words(
        _("One statement for pictures of two kinds"),
        (
            _(
                "Your form describes all pictures of the entry in one; by their files, one was made with AI "
                "and another was taken by a camera. Say in the form which is which."
            ),
        ),
        (
            _(
                "One statement covers all pictures; by their files, one was made with AI and another was "
                "taken by a camera."
            ),
        ),
    ),
}
