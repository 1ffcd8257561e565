"""Overrules as pages show them, and the forms that organizers fill in."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from moderation.wording import labels
from submissions import catalogue, overrules
from submissions.models import Overrule, Overruled


@dataclass(frozen=True)
class Shown:
    """One overrule beside what the catalogue has."""

    row: Overrule

    @property
    def name(self) -> str:
        return overrules.name(self.row)

    @property
    def holds(self) -> str:
        """The class that holds; empty where the word was given back to the catalogue."""
        return str(self.row.get_licence_class_display()) if self.row.licence_class else ""

    @property
    def catalogue_says(self) -> str:
        known = catalogue.load()
        if self.row.kind == Overruled.DATASET:
            dataset = known.datasets.get(self.row.subject)
            return labels.label(labels.LICENCES, dataset.licence_class.value) if dataset else ""
        if self.row.subject not in known.models:
            return ""
        return labels.label(labels.LICENCES, catalogue.training_licence(self.row.subject).licence_class)


def shown(rows: Iterable[Overrule]) -> list[Shown]:
    return [Shown(row) for row in rows]


class OverruleForm(forms.Form):
    name = forms.CharField(
        label=_("Model or dataset"),
        max_length=200,
        help_text=_("As you would call it: “SDXL”, “스테이블 디퓨전”, “LAION-5B”."),
    )
    licence_class = forms.ChoiceField(
        label=_("Rights in its data, as you hold them to be"), choices=Overrule.CLASSES
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Entrants read it on the contest's page. Name what you rely on."),
    )

    def clean_name(self) -> tuple[str, str]:
        """Kind and id of what the name means in the catalogue, where that is certain."""
        typed = str(self.cleaned_data["name"])
        if model := catalogue.resolve(typed).model:
            return Overruled.MODEL, model.id
        if dataset := catalogue.resolve_dataset(typed).dataset:
            return Overruled.DATASET, dataset.id
        raise ValidationError(_("The catalogue has no model or dataset that this name surely means."))

    @property
    def facts(self) -> dict[str, Any]:
        kind, subject = self.cleaned_data["name"]
        said = self.cleaned_data
        return {
            "kind": kind,
            "subject": subject,
            "licence_class": said["licence_class"],
            "reason": said["reason"],
        }


class TakeBackForm(forms.Form):
    kind = forms.ChoiceField(choices=Overruled.choices, widget=forms.HiddenInput)
    subject = forms.CharField(max_length=80, widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Why"), max_length=2000)
