"""Words of contradictions: what the tools were trained on."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from moderation.wording.words import Words

DATA: Mapping[str, Words] = {
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
    "statement.cleaner_base_than_known": Words(
        _("The base of a fine-tune has other rights than stated"),
        (
            _(
                "A fine-tune stands on its base. For the base of %(tool)s your form states “%(stated)s”; "
                "what is published about it says “%(known)s”."
            ),
            _(
                "A fine-tune stands on its base, and your form states other rights in the base's data than "
                "what is published about it."
            ),
        ),
        (
            _(
                "%(tool)s was fine-tuned; of its base the form states “%(stated)s”, the catalogue has "
                "“%(known)s” (%(source)s)."
            ),
            _(
                "%(tool)s was fine-tuned; of its base the form states “%(stated)s”, the catalogue has "
                "“%(known)s”."
            ),
            _("The form states other rights in the data of a fine-tune's base than the catalogue has."),
        ),
    ),
    "statement.dataset_is_otherwise": Words(
        _("A named dataset has other rights than stated"),
        (
            _(
                "Your form names %(dataset)s and states “%(stated)s”; what is published about that dataset "
                "says “%(known)s”."
            ),
            _("Your form states other rights than what is published about a dataset that it names."),
        ),
        (
            _(
                "The form names %(dataset)s and states “%(stated)s”; the catalogue has “%(known)s” "
                "(%(source)s)."
            ),
            _("The form names %(dataset)s and states “%(stated)s”; the catalogue has “%(known)s”."),
            _("The form states other rights than the catalogue has of a dataset that it names."),
        ),
    ),
    "statement.fine_tune_data_otherwise": Words(
        _("The data of a fine-tune has other rights than stated"),
        (
            _(
                "For your fine-tune the form names %(dataset)s and states “%(stated)s”; what is published "
                "about that dataset says “%(known)s”."
            ),
            _("For your fine-tune the form states other rights than what is published about its dataset."),
        ),
        (
            _(
                "For the fine-tune the form names %(dataset)s and states “%(stated)s”; the catalogue has "
                "“%(known)s”."
            ),
            _("For a fine-tune the form states other rights than the catalogue has of its dataset."),
        ),
    ),
    "statement.fine_tune_without_data": Words(
        _("A fine-tune without its data"),
        (
            _(
                "Your form says that the tool was fine-tuned, and not on what. Name the pictures it learned "
                "from."
            ),
        ),
        (
            _("%(tool)s was fine-tuned; the form does not say on what."),
            _("The form names a fine-tune and does not say on what."),
        ),
    ),
    "statement.another_dataset_than_known": Words(
        _("Other datasets than those published"),
        (
            _(
                "The datasets that your form names are not those that the model's makers published. A newer "
                "version may stand on others."
            ),
        ),
        (
            _(
                "Of %(tool)s the form names %(datasets)s; its makers published %(published)s. A newer "
                "version may stand on others."
            ),
            _("The form names other datasets than the model's makers published."),
        ),
    ),
    "statement.opt_outs_not_honoured": Words(
        _("Consent stated, opt-outs not honoured"),
        (
            _(
                "Your form states that the makers of the training data consented; of this tool it is "
                "published that those who opted out were not left out."
            ),
        ),
        (
            _(
                "The form states consent; of %(tool)s it is published that opt-outs were not honoured "
                "(%(source)s). Licensed stock may be meant."
            ),
            _("The form states consent; of the tool it is published that opt-outs were not honoured."),
        ),
    ),
}
