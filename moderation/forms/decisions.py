"""The decision about a case."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from moderation.keys import KEYS
from moderation.models import Decision, Ground
from moderation.verdicts import Route


def keyed(name: str, **more: Any) -> dict[str, Any]:
    """A widget's attributes that tie it to its key."""
    press = KEYS[name].press
    return {"data-key": press, "aria-keyshortcuts": press, **more}


class KeyedRadios(forms.RadioSelect):
    """Each choice with the key of its name."""

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(*args, **kwargs)
        if str(option["value"]) in KEYS:
            option["attrs"] |= keyed(str(option["value"]))
        return option


ROUTE_WORDS: Mapping[Route, str | Promise] = dict(Decision.ROUTES)


class DecisionForm(forms.Form):
    """Nothing is chosen beforehand: the machine's proposal is something to read, not something to leave."""

    route = forms.ChoiceField(label=_("Decision"), choices=Decision.ROUTES, widget=KeyedRadios)
    grounds = forms.MultipleChoiceField(
        label=_("Grounds of the rejection"),
        choices=Ground.choices,
        widget=forms.CheckboxSelectMultiple(attrs=keyed("grounds")),
        required=False,
        help_text=_(
            "A rejection stands on at least one. Neither a likeness of style nor an estimate is one."
        ),
    )
    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs=keyed("reason", rows=5)),
        max_length=5000,
        help_text=_("The entrant reads these words. Say what you saw, calmly and exactly."),
    )

    def __init__(
        self,
        *args: Any,
        routes: Sequence[Route] = (),
        words: Mapping[Route, str | Promise] = ROUTE_WORDS,
        **kwargs: Any,
    ) -> None:
        """``routes``: all that is open to this decision, in the order in which to offer it; empty is all.

        ``words``: what each means for the question that is decided.
        """
        super().__init__(*args, **kwargs)
        if routes:
            self.fields["route"].choices = [(route, words[route]) for route in routes]  # type: ignore[attr-defined]
            if Route.REJECT not in routes:
                del self.fields["grounds"]

    def clean(self) -> dict[str, Any]:
        read: dict[str, Any] = super().clean() or self.cleaned_data
        if read.get("route") == Route.REJECT and not read.get("grounds"):
            self.add_error("grounds", ValidationError(gettext("Name what the rejection stands on.")))
        return read

    @property
    def decision(self) -> dict[str, Any]:
        """What ``decisions.decide`` takes."""
        read = self.cleaned_data
        return {"route": Route(read["route"]), "grounds": read.get("grounds", []), "reason": read["reason"]}
