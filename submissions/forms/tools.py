"""One generator of a statement, with the sheet for a model that the entrant has trained."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from submissions import catalogue
from submissions.catalogue import Kind
from submissions.forms.kept import Kept
from submissions.models import LicenceClass, TrainingItem

MOST_TOOLS = 20
Choices = list[tuple[str, Any]]

YES_OR_NO = {TrainingItem.PURCHASED, TrainingItem.PERSONAL, TrainingItem.CONSUMER, TrainingItem.SYNTHETIC}


def model_choices() -> Choices:
    """Image models of the catalogue, grouped by vendor."""
    grouped = (
        (vendor, [(model.id, model.name) for model in models if model.kind == Kind.IMAGE])
        for vendor, models in catalogue.models_for_choice()
    )
    return [("", _("Another one, named below")), *((vendor, models) for vendor, models in grouped if models)]


def dataset_choices() -> Choices:
    known = catalogue.load().datasets.values()
    pictures = [dataset for dataset in known if dataset.kind == Kind.IMAGE]
    return [(one.id, one.name) for one in sorted(pictures, key=lambda dataset: dataset.name.casefold())]


class ToolForm(Kept):
    """A generator. Names of fields are those of ``DisclosedTool``; the sheet's begin ``training_``."""

    model = forms.ChoiceField(label=_("Tool or model"), choices=model_choices, required=False)
    model_words = forms.CharField(
        label=_("Its name, if it is not in the list"), max_length=200, required=False
    )
    version = forms.CharField(label=_("Version"), max_length=80, required=False)
    licence_class = forms.ChoiceField(
        label=_("Rights in its training data, as far as you know"),
        choices=LicenceClass.choices,
        initial=LicenceClass.UNKNOWN,
        required=False,
    )
    datasets = forms.MultipleChoiceField(
        label=_("Datasets it was trained on"),
        choices=dataset_choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    dataset_words = forms.CharField(label=_("Other datasets"), max_length=500, required=False)
    is_fine_tuned = forms.BooleanField(label=_("Fine-tuned, or used with a LoRA"), required=False)
    fine_tune_words = forms.CharField(
        label=_("What the fine-tune or LoRA was made with"),
        max_length=500,
        required=False,
        help_text=_("For example: 40 of my own drawings."),
    )
    fine_tune_licence_class = forms.ChoiceField(
        label=_("Rights in that data"),
        choices=[("", _("Choose")), *LicenceClass.choices],
        required=False,
    )
    is_self_trained = forms.BooleanField(
        label=_("I trained this model, fine-tune or LoRA myself"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for item in TrainingItem:
            self.fields[f"training_{item}"] = _training_field(item)

    def clean_licence_class(self) -> str:
        return self.cleaned_data["licence_class"] or LicenceClass.UNKNOWN

    @property
    def training(self) -> list[forms.BoundField]:
        """The fields of the sheet, in the law's order."""
        return [self[f"training_{item}"] for item in TrainingItem]

    @property
    def facts(self) -> dict[str, Any]:
        """What was sent and could be read, as ``DisclosedTool`` keeps it."""
        kept = self.kept
        told = {str(item): kept.pop(f"training_{item}", "") for item in TrainingItem}
        return kept | {"training": {item: value for item, value in told.items() if value}}

    @property
    def is_blank(self) -> bool:
        """A row that was added and never filled. Rights in the data alone name no tool."""
        kept = self.kept
        return not self.errors and not any(kept[name] for name in kept if kept[name] != LicenceClass.UNKNOWN)


def _training_field(item: TrainingItem) -> forms.Field:
    if item in YES_OR_NO:
        answers = [("", _("Unknown")), ("yes", _("Yes")), ("no", _("No"))]
        return forms.ChoiceField(label=item.label, choices=answers, required=False)
    return forms.CharField(label=item.label, max_length=500, required=False)


ToolForms = forms.formset_factory(ToolForm, extra=0, max_num=MOST_TOOLS, absolute_max=MOST_TOOLS)
