"""Words of contradictions: what was stated before."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from moderation.wording.words import Words

AMENDING: Mapping[str, Words] = {
    "statement.amended_after_finding": Words(
        _("Amended after a finding was shown"),
        (
            _(
                "You changed your form after a finding was shown. That is what amending is for; it is only "
                "noted."
            ),
        ),
        (
            _(
                "This is version %(version)s of the form, made after a finding was shown on %(at)s. "
                "Amending is invited; it is only noted."
            ),
            _("The form was changed after a finding was shown. Amending is invited; it is only noted."),
        ),
    ),
    "statement.lowered_after_finding": Words(
        _("Less AI stated than before"),
        (
            _(
                "After a finding was shown, your form tells of less AI than before. Say what the first form "
                "had wrong."
            ),
        ),
        (
            _("After a finding was shown on %(at)s, the form went from “%(before)s” to “%(now)s”."),
            _("After a finding was shown, the form tells of less AI than before."),
        ),
    ),
    "statement.cloak_without_a_change": Words(
        _("Protection stated, the file unchanged"),
        (
            _(
                "Your form names a protection such as Glaze for a file that was handed in before without "
                "it. It never counts against you."
            ),
        ),
        (
            _(
                "A protection is stated for a file that was handed in, byte for byte the same, under a form "
                "without it. The first form may have left it out. It never counts against its maker."
            ),
        ),
    ),
}
