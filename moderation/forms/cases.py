"""What reviewers send from a case's page beside the decision."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from moderation.models import CannedReason, Decision, Ground, Guess
from moderation.verdicts import Route
from submissions.models import User

WORDS = forms.Textarea(attrs={"rows": 3})
MOST_DAYS_ASIDE = 60


class CommentForm(forms.Form):
    text = forms.CharField(
        label=_("Comment"), widget=WORDS, max_length=5000, help_text=_("Only those who review read it.")
    )
    to = forms.ModelMultipleChoiceField(
        label=_("Mention"),
        queryset=User.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("They find it on their first page, and get a letter."),
    )

    def __init__(self, *args: Any, colleagues: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "comment_%s", **kwargs})
        self.fields["to"].queryset = colleagues  # type: ignore[attr-defined]


class AsideForm(forms.Form):
    until = forms.DateField(
        label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    text = forms.CharField(label=_("Why it is put aside"), widget=WORDS, max_length=5000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "aside_%s", **kwargs})

    def clean_until(self) -> datetime:
        """The beginning of that day, by the reader's own clock."""
        day = self.cleaned_data["until"]
        today = timezone.localdate()
        if not today < day <= today + timedelta(days=MOST_DAYS_ASIDE):
            raise forms.ValidationError(
                gettext("A day from tomorrow on, and no more than %(days)s days ahead.")
                % {"days": MOST_DAYS_ASIDE}
            )
        return timezone.make_aware(datetime.combine(day, time.min))


class EscalateForm(forms.Form):
    text = forms.CharField(label=_("What the owners should look at"), widget=WORDS, max_length=5000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "escalate_%s", **kwargs})


class ReassignForm(forms.Form):
    to = forms.ModelChoiceField(label=_("To"), queryset=User.objects.none())
    text = forms.CharField(label=_("What they should know"), widget=WORDS, max_length=5000, required=False)

    def __init__(self, *args: Any, colleagues: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "reassign_%s", **kwargs})
        self.fields["to"].queryset = colleagues  # type: ignore[attr-defined]


class ImpressionForm(forms.Form):
    guess = forms.ChoiceField(choices=Guess.choices)

    @property
    def said(self) -> Guess:
        return Guess(self.cleaned_data["guess"])


class CannedForm(forms.ModelForm):  # type: ignore[type-arg]  # generic to the type checker only
    """A text for reasons. One for a rejection says for which ground."""

    class Meta:
        model = CannedReason
        fields = ["name", "route", "ground", "text_en", "text_ko"]
        widgets = {"text_en": forms.Textarea(attrs={"rows": 4}), "text_ko": forms.Textarea(attrs={"rows": 4})}

    route = forms.ChoiceField(label=_("For the decision"), choices=Decision.ROUTES)
    ground = forms.ChoiceField(
        label=_("For the ground of a rejection"),
        choices=[("", _("none")), *Ground.choices],
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        read: dict[str, Any] = super().clean() or self.cleaned_data
        if read.get("route") == Route.REJECT and not read.get("ground"):
            self.add_error("ground", gettext("Name the ground of the rejection."))
        elif read.get("route") != Route.REJECT:
            read["ground"] = ""
        return read


class DeskViewForm(forms.Form):
    """One switch of how the desk looks to a person."""

    switch = forms.ChoiceField(choices=[(name, name) for name in ("blur", "grey", "keys")])
    next = forms.CharField(required=False)
