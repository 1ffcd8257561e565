"""Words about what the entrant stated: against the evidence, and under the contest's rules."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from moderation.wording.words import Words

CONTRADICTIONS: Mapping[str, Words] = {
    "statement.consistent": Words(
        _("Statement and evidence agree"),
        (_("Nothing that the checks found speaks against your statement."),),
        (_("No finding speaks against the statement."),),
    ),
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
    "statement.cleaner_data_than_known": Words(
        _("Stated rights in the data differ from what is published"),
        (
            _(
                "For %(tool)s your form states “%(stated)s”; what is published about its data says "
                "“%(known)s” (%(source)s)."
            ),
            _(
                "For %(tool)s your form states “%(stated)s”; what is published about its data says "
                "“%(known)s”."
            ),
            _("Your form states other rights in a tool's training data than what is published about it."),
        ),
        (
            _("%(tool)s: stated “%(stated)s”, the catalogue has “%(known)s” (%(source)s)."),
            _("%(tool)s: stated “%(stated)s”, the catalogue has “%(known)s”."),
            _("The form states other rights in a tool's data than the catalogue has."),
        ),
    ),
    "statement.no_tool_named": Words(
        _("Use of AI stated, no tool named"),
        (_("Your form says that AI was used, but names no tool."),),
        (_("The form says that AI was used, but names no tool, so nothing is known of its data."),),
    ),
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
    "statement.camera_work_declared_ai": Words(
        _("Stated as generated, signed by a camera"),
        (
            _(
                "Your form says that the work was generated; the file's Content Credentials say that a "
                "camera took it. It may belong in the human category."
            ),
        ),
        (
            _(
                "The form says that the work was generated; Content Credentials that %(generator)s signed "
                "say that a camera took it. It may belong in the human category."
            ),
            _("The form says that the work was generated; a recognised camera signed it as its own capture."),
        ),
    ),
}

DECLARED: Mapping[str, Words] = {
    "declared.none": Words(
        _("Stated: no generative AI"),
        (_("Your form says that no generative AI was used."),),
        (_("The form says that no generative AI was used."),),
    ),
    "declared.assistive": Words(
        _("Stated: AI helped, nothing generated is visible"),
        (_("Your form says that AI helped, and that nothing generated is visible in the work."),),
        (_("The form says that AI helped, and that nothing generated is visible in the work."),),
    ),
    "declared.edited": Words(
        _("Stated: a part was generated"),
        (_("Your form says that a part of the picture was generated or edited by AI."),),
        (_("The form says that a part of the picture was generated or edited by AI."),),
    ),
    "declared.generated": Words(
        _("Stated: generated by AI"),
        (_("Your form says that the work was generated by AI."),),
        (_("The form says that the work was generated by AI."),),
    ),
    "data.unpermitted": Words(
        _("Training data used without permission"),
        (
            _(
                "By your form, or by what is published about a tool that it names, the training data "
                "includes works used without permission."
            ),
        ),
        (
            _(
                "By the form or the catalogue, a named tool was trained on works used without permission. "
                "The contest's rules say what follows."
            ),
        ),
    ),
    "data.unknown": Words(
        _("Training data not known"),
        (_("It is not known with what rights the data of a tool in your form was used."),),
        (_("Neither the form nor the catalogue says with what rights a tool's training data was used."),),
    ),
    "data.mixed": Words(
        _("Training data of mixed rights"),
        (_("The data of a tool in your form was used with rights of several kinds."),),
        (_("A named tool's training data was used with rights of several kinds."),),
    ),
    "data.undisclosed": Words(
        _("Training data not disclosed"),
        (_("The maker of a tool in your form doesn't say what it was trained on."),),
        (_("The maker of a named tool doesn't say with what rights its training data was used."),),
    ),
    "data.licensed": Words(
        _("Training data licensed or given with consent"),
        (_("The data of a tool in your form was licensed for it, or given with consent."),),
        (_("A named tool's training data was licensed or given with consent; the rules ask for more."),),
    ),
    "declared.hung_by_a_person": Words(
        _("A person hangs works here"),
        (_("In this contest a person looks at every such work before it hangs."),),
        (_("Nothing speaks against it; the contest lets no such work hang before a person has looked."),),
    ),
}
