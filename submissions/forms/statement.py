"""How a work was made, as its entrant fills it in. Nothing is required: a draft may be half a statement."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from submissions.forms.kept import Kept
from submissions.forms.tools import MOST_TOOLS, ToolForm, ToolForms
from submissions.models import Cloak, DisclosedTool, Disclosure, FileReading, Medium, Purpose, TrainingItem
from submissions.readings import exceeds
from submissions.rules import AILevel

LEVEL_WORDS: dict[AILevel, tuple[Promise, Promise]] = {
    AILevel.NONE: (
        _("No generative AI"),
        _("Every part was made by hand, by camera or with tools that generate nothing."),
    ),
    AILevel.ASSISTIVE: (
        _("AI helped"),
        _("For ideas, references, translation or denoising. Nothing generated is to be seen."),
    ),
    AILevel.EDITED: (
        _("AI made a part"),
        _("A part of the picture was generated, filled in or changed by AI."),
    ),
    AILevel.GENERATED: (
        _("AI made the picture"),
        _("From a prompt, a sketch or another picture, whatever was done to it afterwards."),
    ),
}


class WorkForm(Kept):
    title = forms.CharField(label=_("Title"), max_length=200, required=False)
    statement = forms.CharField(
        label=_("About the work"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("What you would say beside it on the wall."),
    )


class StatementForm(Kept):
    level = forms.ChoiceField(
        label=_("How far was AI used?"),
        choices=[(level.value, words[0]) for level, words in LEVEL_WORDS.items()],
        required=False,
        widget=forms.RadioSelect,
    )
    medium = forms.ChoiceField(
        label=_("Kind of work"), choices=[("", _("Choose")), *Medium.choices], required=False
    )
    made_on = forms.DateField(
        label=_("Finished on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    purposes = forms.MultipleChoiceField(
        label=_("What AI helped with"),
        choices=Purpose.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    parts = forms.CharField(
        label=_("Which parts AI made or changed"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For example: the sky, and the hands in the lower left."),
    )
    explanation = forms.CharField(
        label=_("What AI did, and what you did"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Your own work on it counts: what you drew, chose, arranged or changed by hand."),
    )
    prompts = forms.CharField(
        label=_("Prompts"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("As you typed them, or that there were none. Seen by those who judge."),
    )
    cloaks = forms.MultipleChoiceField(
        label=_("Protection applied to the file"),
        choices=Cloak.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Never counts against you. It lets us read the file's marks correctly."),
    )

    def clean_made_on(self) -> date | None:
        made_on: date | None = self.cleaned_data["made_on"]
        if made_on is not None and made_on > timezone.localdate() + timedelta(
            days=1
        ):  # it is tomorrow somewhere
            raise forms.ValidationError(gettext("This day has not come yet."))
        return made_on


class SignatureForm(forms.Form):
    """The name that signs, and the box that has to be ticked in the same moment; a draft keeps neither."""

    name = forms.CharField(label=_("Your full name, as a signature"), max_length=200, required=False)
    agreed = forms.BooleanField(
        label=_("I have read the four sentences above and sign them."), required=False
    )

    @property
    def signed(self) -> str:
        """The signature, or nothing where name or tick is missing."""
        if not self.is_valid() or not self.cleaned_data["agreed"]:
            return ""
        return str(self.cleaned_data["name"])


class Statement:
    """Level, tools and what belongs to them: the parts of the form that make one disclosure.

    Unbound, it shows ``disclosure``; ``rows`` asks for that many tools at least, empty ones at the end.
    """

    def __init__(
        self, disclosure: Disclosure | None, data: Mapping[str, Any] | None = None, *, rows: int = 0
    ) -> None:
        stored = list(disclosure.tools.all()) if disclosure else []
        initial = [_initial(tool) for tool in stored]
        initial += [{} for _row in range(min(rows, MOST_TOOLS) - len(initial))]
        self.form = StatementForm(
            data, prefix="statement", initial=_initial(disclosure) if disclosure else {}
        )
        self.tools = ToolForms(data, prefix="tools", initial=initial if data is None else None)

    @property
    def levels(self) -> list[tuple[Any, Promise]]:
        """Each radio button with the sentence that explains it."""
        return list(zip(self.form["level"], [words[1] for words in LEVEL_WORDS.values()], strict=True))

    @property
    def wrong(self) -> list[forms.Form]:
        """The parts that hold something unreadable."""
        return [form for form in (self.form, *self.tools.forms) if form.is_bound and form.errors]

    @property
    def facts(self) -> dict[str, Any]:
        return self.form.kept

    @property
    def tool_facts(self) -> list[dict[str, Any]] | None:
        """Every row that says something, or None where the rows could not be read at all."""
        self.tools.is_valid()
        if not self.tools.management_form.is_valid():
            return None
        return [row.facts for row in self._rows() if not row.is_blank]

    def _rows(self) -> Sequence[ToolForm]:
        return cast(Sequence[ToolForm], self.tools.forms)


def _initial(stored: DisclosedTool | Disclosure) -> dict[str, Any]:
    """A stored row as what a form shows; names of fields and columns are the same."""
    shown = {field.name: getattr(stored, field.name) for field in stored._meta.concrete_fields}
    if isinstance(stored, DisclosedTool):
        shown |= {f"training_{item}": stored.training.get(item, "") for item in TrainingItem}
    return shown


def with_tool(data: QueryDict) -> QueryDict:
    """The same data with one empty tool more."""
    more = data.copy()
    total = data.get("tools-TOTAL_FORMS", "")
    if total.isdecimal():
        more["tools-TOTAL_FORMS"] = str(min(MOST_TOOLS, int(total) + 1))
    return more


def with_reading(data: QueryDict, reading: FileReading) -> QueryDict:
    """The same data with what a file says of itself; what the entrant has written stays as it is."""
    more = data.copy()
    if exceeds(reading.level, data.get("statement-level", "")):
        more["statement-level"] = reading.level
    if reading.prompts and not data.get("statement-prompts", "").strip():
        more["statement-prompts"] = reading.prompts
    total = data.get("tools-TOTAL_FORMS", "")
    row = int(total) if total.isdecimal() else 0
    for tool in reading.tools:
        if row < MOST_TOOLS and not _is_named(more, row, tool):
            for name, value in tool.items():
                more[f"tools-{row}-{name}"] = value
            row += 1
    more["tools-TOTAL_FORMS"] = str(row)
    return more


def _is_named(data: QueryDict, rows: int, tool: Mapping[str, Any]) -> bool:
    wanted = str(tool.get("model") or tool.get("model_words") or "").casefold()
    fields = [f"tools-{row}-{name}" for row in range(rows) for name in ("model", "model_words")]
    return wanted in {data.get(field, "").casefold() for field in fields}


def without_tool(data: QueryDict, row: int) -> QueryDict:
    """The same data with one tool's row taken out and the later ones moved up."""
    left = data.copy()
    total = data.get("tools-TOTAL_FORMS", "")
    if not total.isdecimal():
        return left
    for name in [name for name in data if name.startswith("tools-")]:
        number = name.split("-")[1]
        if not number.isdecimal() or int(number) < row:
            continue
        values = left.pop(name)
        if int(number) > row:
            left.setlist(name.replace(f"tools-{number}-", f"tools-{int(number) - 1}-", 1), values)
    left["tools-TOTAL_FORMS"] = str(max(0, int(total) - 1))
    return left
