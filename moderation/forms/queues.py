"""What is sent from a queue's page."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from moderation.models import SavedFilter


class SavedFilterForm(forms.ModelForm):  # type: ignore[type-arg]  # generic to the type checker only
    class Meta:
        model = SavedFilter
        fields = ["name"]


class NumbersField(forms.Field):
    """Numbers of rows, each a value of its own under one name."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> list[int]:
        try:
            return [int(one) for one in value or ()]
        except ValueError as error:
            raise ValidationError(gettext("That is no number.")) from error


class ChosenForm(forms.Form):
    """Cases that were chosen in a queue, and what is to be done with them."""

    what = forms.ChoiceField(
        choices=[
            (one, one)
            for one in (
                "decide",
                "decide_page",
                "decide_first",
                "check_again",
                "take",
                "release",
                "preview",
                "change",
                "confirm",
            )
        ]
    )
    case = NumbersField(required=False)
    shown = NumbersField(required=False)  # every case of the page

    @property
    def act(self) -> str:
        return str(self.cleaned_data.get("what", "decide"))

    @property
    def keys(self) -> list[int]:
        keys: list[int] = self.cleaned_data.get("shown" if self.act == "decide_page" else "case", [])
        return keys
