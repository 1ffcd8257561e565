"""Words of contradictions: when it was made."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from moderation.wording.words import Words

DATES: Mapping[str, Words] = {
    "statement.older_than_its_model": Words(
        _("Older than the model that made it"),
        (
            _(
                "Your form says that the work was finished on %(made_on)s; %(tool)s could be used from "
                "%(released)s on. Look whether day and version are right."
            ),
            _(
                "By the days in your form the work is older than the model that made it. Look whether day "
                "and version are right."
            ),
        ),
        (
            _(
                "Finished on %(made_on)s by the form; %(tool)s could be used from %(released)s on. A slip "
                "of the date, or early access, is possible."
            ),
            _("By the form the work is older than the model that made it."),
        ),
    ),
    "statement.signed_before_its_model": Words(
        _("Signed before the model existed"),
        (
            _(
                "The file was signed on %(signed)s; %(tool)s, which your form names, could be used from "
                "%(released)s on."
            ),
            _("The file was signed before the model that your form names could be used."),
        ),
        (
            _("The file was signed on %(signed)s; %(tool)s could be used from %(released)s on."),
            _("The file was signed before the stated model could be used."),
        ),
    ),
    "statement.generated_after_it_was_finished": Words(
        _("AI recorded after the work was finished"),
        (
            _(
                "The file's Content Credentials record AI on a later day than the one on which your form "
                "says the work was finished. A later export may have signed it."
            ),
        ),
        (
            _(
                "Finished on %(made_on)s by the form; Content Credentials that speak of AI were signed on "
                "%(signed)s. A later export may have signed them."
            ),
            _("Content Credentials that speak of AI were signed after the work was finished by the form."),
        ),
    ),
    "statement.taken_after_it_was_finished": Words(
        _("Taken after it was finished"),
        (
            _(
                "The camera dates the picture after the day on which your form says it was finished. "
                "Cameras' clocks are often wrong."
            ),
        ),
        (
            _(
                "Finished on %(made_on)s by the form; the camera dates it %(taken)s. Cameras' clocks are "
                "often wrong."
            ),
            _("The camera dates the picture after the day on which it was finished by the form."),
        ),
    ),
}
