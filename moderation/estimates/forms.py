"""What organizers and reviewers tell the detector."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from moderation.detector import Medium
from moderation.models import Making
from moderation.wording import labels
from submissions.rules import HELD_OF_1000, MOST_HELD_OF_1000, Rules


class MediumForm(forms.Form):
    medium = forms.ChoiceField(choices=[(medium.value, medium.value) for medium in Medium])

    @property
    def chosen(self) -> Medium:
        return Medium(self.cleaned_data["medium"])


class KnownMakingForm(forms.Form):
    """Nothing is chosen beforehand: a golden case is a person's certainty."""

    making = forms.ChoiceField(
        label=_("How the work was made"), choices=Making.choices, widget=forms.RadioSelect
    )
    source = forms.CharField(
        label=_("How it is known"),
        max_length=500,
        help_text=_("For instance: the process files show every step, or the entrant told us."),
    )


class BudgetForm(forms.Form):
    """Of 1,000 human works of each medium, how many the lane may hold."""

    def __init__(self, *args: Any, rules: Rules, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for medium in Medium:
            name = f"held_{medium.value}"
            self.fields[name] = forms.IntegerField(
                label=labels.MEDIUMS[medium], min_value=0, max_value=MOST_HELD_OF_1000, required=False
            )
            self.initial.setdefault(name, rules.budget(medium))

    @property
    def held(self) -> dict[str, int]:
        """By medium; an empty field is the usual budget."""
        read = self.cleaned_data
        return {
            medium.value: HELD_OF_1000 if (given := read.get(f"held_{medium.value}")) is None else int(given)
            for medium in Medium
        }
