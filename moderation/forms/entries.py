"""What an entrant chooses about an entry beside the entry itself."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class ChoicesForm(forms.Form):
    """What only the entrant may choose about an entry's credentials and its use."""

    named = forms.BooleanField(required=False)
    lent = forms.BooleanField(required=False, label=_("Lend the picture to the desk's detector"))

    def __init__(self, *args: Any, name: str, may_lend: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["named"].label = gettext("Name me in signed copies: %(name)s") % {"name": name}
        self.fields["named"].help_text = _(
            "Without this, copies name nobody, and what your file's own credentials say of its author and "
            "place is redacted in them."
        )
        self.fields["lent"].disabled = not may_lend
        self.fields["lent"].help_text = (
            _("It may then be used to measure and improve our estimate. Nothing is used without this.")
            if may_lend
            else _("The file itself asks not to be trained on, or was not read yet. We keep to that.")
        )
