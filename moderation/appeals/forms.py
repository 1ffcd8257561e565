"""What entrants send with an appeal, and organizers with the closing of a category."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from matching.forms.works import FilesField, FilesInput
from moderation.appeals.judgements import Judgement
from moderation.verdicts import Route
from submissions.uploads import Refused, Taken, take_process_file

ASKS: Mapping[Route, Promise] = {
    Route.HUMAN: _("That it hangs in the human category"),
    Route.AI: _("That it hangs in the AI category"),
    Route.AI_APART: _("That it hangs in the AI category, under the label “training data not cleared”"),
}
WITHOUT_LABEL = _("That it hangs in the AI category without the label")


class AppealForm(forms.Form):
    asks = forms.ChoiceField(label=_("What do you ask for?"), widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("Why is the judgement wrong?"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=_("Say what was overlooked. Only those who judge read it, and you in your receipt."),
    )
    evidence = FilesField(
        label=_("Files that show it"), required=False, widget=FilesInput(attrs={"multiple": True})
    )

    def __init__(self, *args: Any, judgement: Judgement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = dict(ASKS)
        if judgement.stood == Route.AI_APART:
            words[Route.AI] = WITHOUT_LABEL
        self.fields["asks"].choices = [(route.value, words[route]) for route in judgement.asks]  # type: ignore[attr-defined]
        if len(judgement.asks) == 1:
            self.initial.setdefault("asks", judgement.asks[0].value)
        self.fields["evidence"].help_text = gettext(
            "Layered files (PSD, KRA, XCF, ORA), sketches, a time-lapse, RAW; up to %(most)d files of "
            "%(size)s each. Only those who judge see them."
        ) % {"most": settings.UPLOAD_MAX_FILES, "size": filesizeformat(settings.UPLOAD_MAX_BYTES)}

    def clean_evidence(self) -> list[Taken]:
        """Each looked at by size and hash alone; none is opened here."""
        try:
            return [take_process_file(file) for file in self.cleaned_data["evidence"]]
        except Refused as refused:
            raise ValidationError(str(refused)) from refused

    @property
    def appeal(self) -> dict[str, Any]:
        """What ``filing.file`` takes."""
        read = self.cleaned_data
        return {"asks": Route(read["asks"]), "words": read["words"], "files": read["evidence"]}


class ClosingForm(forms.Form):
    """Closing a category. Over open appeals only with a signature and a reason."""

    sure = forms.BooleanField(label=_("Its results stand. I know that it can't be opened again."))
    signed = forms.CharField(
        label=_("Your name, as a signature"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    reason = forms.CharField(
        label=_("Why it can't wait for the open appeals"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("It stands on the record, and those who appealed read it."),
    )

    def __init__(self, *args: Any, needs_waiver: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not needs_waiver:
            del self.fields["signed"], self.fields["reason"]

    @property
    def waiver(self) -> dict[str, str]:
        """What ``closings.close`` takes."""
        return {name: self.cleaned_data[name] for name in ("signed", "reason") if name in self.cleaned_data}
