"""Forms of a draft: half of one is kept as well as the whole."""

from typing import Any

from django import forms


class Kept(forms.Form):
    """A form of which the readable part can be kept while the rest is wrong."""

    @property
    def kept(self) -> dict[str, Any]:
        """What was sent and could be read."""
        self.is_valid()
        return dict(self.cleaned_data)
