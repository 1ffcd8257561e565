"""What owners, reviewers and both sides of a case send about who decides."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from moderation.models import Absence, Acquaintance, Decision, InterestSource, ReviewSettings
from submissions.models import User


class ReviewSettingsForm(forms.ModelForm):  # type: ignore[type-arg]  # generic to the type checker only
    """How a contest's cases are reviewed, each in words that say what it does to people."""

    class Meta:
        model = ReviewSettings
        fields = ["two_for_rejection", "blind", "impression_first", "assigned", "twice_of_100"]
        labels = {
            "two_for_rejection": _("A rejection needs two people"),
            "blind": _("Reviewers do not see whose work it is"),
            "impression_first": _("A first impression before the estimate"),
            "assigned": _("The desk gives cases to people"),
            "twice_of_100": _("Of 100 decided cases, how many a second person reads"),
        }
        help_texts = {
            "two_for_rejection": _(
                "Whoever would reject an entry first moves nothing: somebody else reads it, without knowing "
                "that anybody has. Only if they would reject it too is it rejected, and the entrant reads "
                "what both wrote, without names. You need two organizers at least."
            ),
            "blind": _(
                "No name, file name, metadata, certificate, exact time, original file or process file, until "
                "the contest is judged. Owners can lift it for one case, with a reason that stays on the "
                "record. Jurors never see any of it, whatever stands here."
            ),
            "impression_first": _(
                "Reviewers say what they see before the detector's number is shown to them, so that the "
                "number does not decide for them."
            ),
            "assigned": _(
                "Each new case goes to whoever has the fewest and may decide it. Nobody who is away is given "
                "one. Others may still work it."
            ),
            "twice_of_100": _(
                "A second person is asked the same question without knowing the first answer. Nothing "
                "changes for the entry; you see how far your reviewers agree. 0: nobody is asked."
            ),
        }


class NameForm(forms.Form):
    """A side says that somebody should not decide."""

    named = forms.CharField(
        label=_("Name or e-mail address of the person"),
        max_length=200,
        help_text=_("As the organizers would know them. We do not tell you whether they judge here."),
    )
    reason = forms.CharField(
        label=_("Why they should not decide"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The contest's owners read it, and may ask. Write only what they must know."),
    )


class AbstainForm(forms.Form):
    """A reviewer takes themselves off an entry."""

    source = forms.ChoiceField(
        label=_("Why not you"),
        widget=forms.RadioSelect,
        choices=[
            (InterestSource.DECLARED.value, _("I have a conflict of interest with this work or its maker")),
            (InterestSource.ABSTAINED.value, _("I would rather not decide this one")),
        ],
    )
    reason = forms.CharField(
        label=_("Why you leave it to others"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The contest's owners read it. The entry leaves your queues for good."),
    )


class WhyForm(forms.Form):
    reason = forms.CharField(
        label=_("Why you do so"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class RecogniseForm(forms.Form):
    """Whom a side meant by a name that nobody bears."""

    NOBODY = "nobody"

    who = forms.ChoiceField(label=_("Who is meant"))
    reason = forms.CharField(label=_("How you know"), max_length=2000)

    def __init__(self, *args: Any, people: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        self.fields["who"].choices = [  # type: ignore[attr-defined]
            ("", "---------"),
            *((key, str(person)) for key, person in self.people.items()),
            (self.NOBODY, gettext("Nobody who decides here")),
        ]

    def clean_who(self) -> User | None:
        """None is nobody; that nothing was chosen, the field has refused."""
        return self.people.get(self.cleaned_data["who"])


class AwayForm(forms.ModelForm):  # type: ignore[type-arg]  # generic to the type checker only
    class Meta:
        model = Absence
        fields = ["until"]
        widgets = {"until": forms.DateInput(attrs={"type": "date"})}
        help_texts = {"until": _("Empty: until you say so.")}

    def clean_until(self) -> object:
        until = self.cleaned_data["until"]
        if until is not None and until <= timezone.localdate():
            raise forms.ValidationError(_("That day is not ahead of us."))
        return until


class AcquaintanceForm(forms.ModelForm):  # type: ignore[type-arg]  # generic to the type checker only
    class Meta:
        model = Acquaintance
        fields = ["address"]
        help_texts = {
            "address": _(
                "Of somebody about whose entries you should not decide. We do not tell you whether they have "
                "an account. It cannot be taken back here: that would tell which entry is theirs."
            )
        }


class GoldenForm(forms.Form):
    """The known right answer of a decided case."""

    route = forms.ChoiceField(label=_("Right answer"), choices=Decision.ROUTES, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("How you know"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
