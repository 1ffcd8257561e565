"""Words of contradictions: the kind of work and what cameras write."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from moderation.wording.words import Words

CAPTURE: Mapping[str, Words] = {
    "statement.photograph_without_a_camera": Words(
        _("Stated as a photograph, no camera to be seen"),
        (
            _(
                "Your form says that this is a photograph. The file carries nothing that a camera writes, "
                "which is common, and the picture bears signs of generation, which is no proof. A RAW file "
                "or the original from the camera would settle it."
            ),
        ),
        (
            _(
                "The form says photograph without AI; the file carries nothing that a camera writes, and "
                "the estimate sees signs of generation. Messengers and editors strip what cameras write, "
                "and the estimate errs: ask for the RAW file or the original."
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
    "statement.camera_data_declared_ai": Words(
        _("Stated as generated, the file tells of a camera"),
        (
            _(
                "Your form says that the work was generated; the file carries all that a camera writes. If "
                "it is your photograph, it may belong in the human category."
            ),
        ),
        (
            _(
                "The form says that the work was generated; the file carries all that a camera writes "
                "(%(device)s), unsigned, and no trace of a generator. It may belong in the human category."
            ),
            _(
                "The form says that the work was generated; the file carries all that a camera writes, and "
                "no trace of a generator."
            ),
        ),
    ),
    "statement.another_kind_of_work": Words(
        _("Another kind of work than stated"),
        (
            _(
                "The picture looks like another kind of work than your form says. Such estimates err often, "
                "and nothing follows from this one."
            ),
        ),
        (
            _(
                "The form says %(stated_medium)s; the estimate takes it for %(medium)s. Such estimates err "
                "often."
            ),
            _("The estimate takes the picture for another kind of work than the form says."),
        ),
    ),
    "statement.drawn_but_captured": Words(
        _("Stated as drawn, signed by a camera"),
        (
            _(
                "Your form says that the work was drawn or rendered; the file's Content Credentials say "
                "that a camera took it. If it is a picture of your drawing, state a traditional work."
            ),
        ),
        (
            _(
                "The form says %(stated_medium)s; a recognised camera signed the file as its own capture. "
                "It may be a picture taken of a drawing."
            ),
            _("A recognised camera signed as its own capture what the form says was drawn or rendered."),
        ),
    ),
    "statement.photograph_but_drawn": Words(
        _("Stated as a photograph, Content Credentials say otherwise"),
        (
            _(
                "Your form says that this is a photograph; the file's Content Credentials say that it was "
                "begun in another way."
            ),
        ),
        (
            _(
                "The form says photograph; the Content Credentials say: %(origin)s. Editors that open a "
                "photograph without recording it write the same."
            ),
            _("The form says photograph; the Content Credentials say that it was begun in another way."),
        ),
    ),
}
