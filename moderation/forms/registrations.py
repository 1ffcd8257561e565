"""What organizers decide about registered works."""

from django import forms
from django.utils.translation import gettext_lazy as _

from matching.models import ConflictOutcome, ProofState


class ProofForm(forms.Form):
    """Accept or refuse a proof; the artist reads the note."""

    state = forms.ChoiceField(
        choices=[(state.value, state.label) for state in (ProofState.ACCEPTED, ProofState.REFUSED)]
    )
    note = forms.CharField(max_length=2000)


class LiftForm(forms.Form):
    because = forms.CharField(max_length=2000)


class ConflictForm(forms.Form):
    """Who stands when two artists registered one picture; both read the reason."""

    outcome = forms.ChoiceField(
        label=_("Decision"),
        widget=forms.RadioSelect,
        choices=[
            (outcome.value, outcome.label)
            for outcome in (
                ConflictOutcome.OLDER_STANDS,
                ConflictOutcome.NEWER_STANDS,
                ConflictOutcome.BOTH_STAND,
            )
        ],
    )
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 5}), max_length=5000)
