"""A contest's page, dates and categories."""

import zoneinfo
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from matching import countries
from submissions.forms.account import time_zones
from submissions.models import CategoryKind, Contest


def country_choices() -> list[tuple[str, str]]:
    return [("", gettext("Online, or in several countries")), *countries.names()]


class WallClockField(forms.DateTimeField):
    """Date and time as a clock on a wall shows them; whose wall, the form's time zone says."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def to_python(self, value: Any) -> datetime | None:
        with timezone.override(UTC):  # a zone without summer time: every time of day exists in it
            read: datetime | None = super().to_python(value)
        return read.replace(tzinfo=None) if read else None


class ContestForm(forms.ModelForm):  # type: ignore[type-arg]  # generic to the type checker only
    """A contest's page, dates and categories. Dates are on the clock of the contest's own time zone."""

    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zones)
    opens_at = WallClockField(label=_("Opens"))
    country = forms.ChoiceField(
        label=_("Country"),
        choices=country_choices,
        required=False,
        help_text=_("Artists may ask that their wishes count in some countries only."),
    )
    closes_at = WallClockField(label=_("Closes"), help_text=_("By the clock of the time zone above."))
    human_name = forms.CharField(label=_("Name of the human category"), max_length=120)
    ai_name = forms.CharField(label=_("Name of the AI category"), max_length=120)

    class Meta:
        model = Contest
        fields = ["title", "description", "time_zone", "country", "opens_at", "closes_at", "published"]
        help_texts = {
            "description": _("Markdown: headings, lists, links, tables."),
            "published": _(
                "Anyone can find the contest and read its rules; entries are taken between the dates."
            ),
        }
        widgets = {"description": forms.Textarea(attrs={"rows": 8})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        contest = self.instance
        names = {kind: str(kind.label) for kind in CategoryKind}
        if contest.pk:
            names |= {
                CategoryKind(kind): name for kind, name in contest.categories.values_list("kind", "name")
            }
            for field in ("opens_at", "closes_at"):
                moment = getattr(contest, field).astimezone(contest.zone)
                self.initial[field] = moment.replace(tzinfo=None)
        self.initial.setdefault("human_name", names[CategoryKind.HUMAN])
        self.initial.setdefault("ai_name", names[CategoryKind.AI])

    def clean(self) -> dict[str, Any]:
        read: dict[str, Any] = super().clean() or self.cleaned_data
        zone = zoneinfo.ZoneInfo(read.get("time_zone", "UTC"))
        for field in ("opens_at", "closes_at"):
            if read.get(field):
                read[field] = read[field].replace(tzinfo=zone)
        opens, closes = read.get("opens_at"), read.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", gettext("A contest closes after it opens."))
        return read

    @property
    def category_names(self) -> dict[CategoryKind, str]:
        return {
            CategoryKind.HUMAN: self.cleaned_data["human_name"],
            CategoryKind.AI: self.cleaned_data["ai_name"],
        }
