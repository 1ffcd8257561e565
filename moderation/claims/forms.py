"""What artists, entrants and deciders send about claims."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.urls import Resolver404, resolve
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from matching.models import Work
from moderation.claims.ending import BAD_FAITH, UNFOUNDED, may_uphold
from moderation.claims.neutral import objection
from moderation.forms.decisions import DecisionForm
from moderation.models import AnswerKind, Case, ClaimAnswer, Ground
from moderation.verdicts import Route
from submissions.models import Entry, User
from submissions.states import State
from submissions.uploads import Refused, Taken, take_process_file

SIDES = ("left", "top", "width", "height")
MOST_DAYS_SUSPENDED = 730


class AddressForm(forms.Form):
    """Which hung entry is meant: its address on the wall."""

    entry = forms.CharField(
        label=_("Address of the work on the wall"),
        max_length=500,
        help_text=_("Open the work in a contest's gallery and copy the address of its page."),
    )

    def clean_entry(self) -> Entry:
        path = urlsplit(self.cleaned_data["entry"]).path
        nothing = ValidationError(gettext("No work hangs at this address."))
        try:
            found = resolve(path)
        except Resolver404 as error:
            raise nothing from error
        if found.view_name != "submissions:shown":
            raise nothing
        hung = Entry.objects.filter(
            public_id=found.kwargs["public_id"],
            contest__slug=found.kwargs["slug"],
            contest__published=True,
            state=State.HUNG,
        )
        entry = hung.select_related("contest__organization", "category", "entrant").first()
        if entry is None:
            raise nothing
        return entry


class WordsForm(forms.Form):
    """A claim from a match: work and region are known."""

    words = forms.CharField(
        label=_("What you say"),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=5000,
        help_text=_(
            "What of your work is in the entry, and why you did not permit it. The entrant and those who "
            "decide read these words."
        ),
    )


class ClaimForm(WordsForm):
    """A claim by hand: which work, and where it is seen, in percent of the picture."""

    work = forms.ModelChoiceField(
        label=_("Your work"), queryset=Work.objects.none(), to_field_name="public_id"
    )
    left = forms.FloatField(label=_("From the left, in percent"), min_value=0, max_value=99, initial=0)
    top = forms.FloatField(label=_("From the top, in percent"), min_value=0, max_value=99, initial=0)
    width = forms.FloatField(label=_("Width, in percent"), min_value=1, max_value=100, initial=100)
    height = forms.FloatField(label=_("Height, in percent"), min_value=1, max_value=100, initial=100)

    field_order = ("work", *SIDES, "words")

    def __init__(self, *args: Any, works: QuerySet[Work], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        work = self.fields["work"]
        assert isinstance(work, forms.ModelChoiceField)
        work.queryset = works.defer("features")
        for name in SIDES:
            self.fields[name].widget.attrs |= {"step": "any", "data-draw": name, "inputmode": "decimal"}

    def clean(self) -> dict[str, Any]:
        read: dict[str, Any] = super().clean() or self.cleaned_data
        for start, length in (("left", "width"), ("top", "height")):
            if start in read and length in read and read[start] + read[length] > 100.5:
                self.add_error(length, gettext("The region reaches beyond the picture."))
        return read

    @property
    def sides(self) -> list[forms.BoundField]:
        return [self[name] for name in SIDES]

    @property
    def region(self) -> list[list[float]]:
        """The rectangle's corners, from 0 to 1."""
        left, top, width, height = (self.cleaned_data[name] / 100 for name in SIDES)
        right, bottom = min(left + width, 1.0), min(top + height, 1.0)
        return [[left, top], [right, top], [right, bottom], [left, bottom]]


class AnswerForm(forms.Form):
    kind = forms.ChoiceField(label=_("Your answer"), choices=AnswerKind.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("Why"),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=5000,
        help_text=_("The artist reads these words too. They are not told your name; do not write it here."),
    )
    file = forms.FileField(
        label=_("A licence or other proof, as a file"),
        required=False,
        help_text=_("Only those who decide can open it."),
    )

    def clean_file(self) -> Taken | None:
        sent = self.cleaned_data["file"]
        try:
            return take_process_file(sent) if sent else None
        except Refused as refused:
            raise ValidationError(str(refused)) from refused


ROUTES: Mapping[Route, Promise] = {
    Route.HUMAN: _("Dismiss the claim: the entry keeps its place in the human category"),
    Route.AI: _("Dismiss the claim: the entry keeps its place in the AI category"),
    Route.AI_APART: _(
        "Dismiss the claim: the entry keeps its place in the AI category, under the label “training data not "
        "cleared”"
    ),
    Route.REJECT: _("Uphold the claim: the entry is rejected"),
}


class ClaimDecisionForm(DecisionForm):
    """A decision about a claim: upheld, or dismissed, and then its entry keeps the one place it has."""

    unfounded = forms.BooleanField(
        label=_("The claim was plainly unfounded"),
        required=False,
        help_text=_("It then counts against the artist's later claims as several dismissed ones do."),
    )
    bad_faith = forms.BooleanField(
        label=_("The answer was in bad faith"),
        required=False,
        help_text=_("A licence that does not exist, for instance. Who judges later entries sees the note."),
    )

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        super().__init__(*args, words=ROUTES, **kwargs)
        self.case, self.by = case, by
        self.fields["reason"].help_text = _(
            "Artist and entrant both read these words. Name neither; say what you saw, calmly and exactly."
        )
        self.fields["grounds"].help_text = _("A claim is upheld because the entry repeats a protected work.")
        if case.claim is None or not ClaimAnswer.objects.filter(claim=case.claim).exists():
            del self.fields["bad_faith"]

    def clean(self) -> dict[str, Any]:
        read = super().clean()
        if said := objection(self.case, self.by):
            raise ValidationError(said)
        if read.get("route") == Route.REJECT:
            if read.get("grounds") and Ground.COPY not in read["grounds"]:
                self.add_error("grounds", gettext("A claim is upheld on the ground of a copy."))
            if read.get("unfounded"):
                self.add_error("unfounded", gettext("What is upheld was not unfounded."))
            if self.case.claim and not may_uphold(self.case.claim):
                self.add_error(
                    "route", gettext("The entrant may still answer, so nothing is taken from them yet.")
                )
        return read

    @property
    def decision(self) -> dict[str, Any]:
        remarks = {name for name in (UNFOUNDED, BAD_FAITH) if self.cleaned_data.get(name)}
        return {**super().decision, "remarks": remarks}


class SuspendForm(forms.Form):
    days = forms.IntegerField(
        label=_("For how many days"), min_value=1, max_value=MOST_DAYS_SUSPENDED, initial=90
    )
    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        help_text=_("The artist reads it in a letter."),
    )
