"""Proof that works are an artist's, and what is said where two registered one picture."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from matching.models import Artist, Work

WORKS_OFFERED = 500  # in a list to choose from


class _OfWork(forms.Form):
    """Proof is of the whole portfolio, or of one work."""

    work = forms.ModelChoiceField(
        label=_("For"), queryset=Work.objects.none(), required=False, empty_label=_("the whole portfolio")
    )

    def __init__(self, *args: Any, artist: Artist, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["work"]
        assert isinstance(field, forms.ModelChoiceField)
        newest = list(artist.works.kept().values_list("pk", flat=True)[:WORKS_OFFERED])
        field.queryset = Work.objects.filter(pk__in=newest).defer("features")

    def clean_work(self) -> Work | None:
        found: Work | None = self.cleaned_data["work"]
        return found


class PublicationForm(_OfWork):
    url = forms.URLField(
        label=_("Address of the page"),
        assume_scheme="https",
        max_length=500,
        help_text=_("Your own site, a gallery's, a magazine's: where the work stands under your name."),
    )
    published_on = forms.DateField(
        label=_("Published there on"), widget=forms.DateInput(attrs={"type": "date"})
    )

    def clean_published_on(self) -> date:
        day: date = self.cleaned_data["published_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(gettext("This day is still to come."), code="future")
        return day


class VouchingForm(_OfWork):
    organization = forms.SlugField(
        label=_("Organization"),
        max_length=80,
        help_text=_("As in the address of its page, for instance salon-house."),
    )


class AnswerForm(forms.Form):
    text = forms.CharField(
        label=_("Your answer"),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=5000,
        help_text=_("The other side reads it, and whoever decides."),
    )
