"""A contest's rules: as questions, as days, as a document."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from moderation.wording import rules as wording
from moderation.wording.rules import PRESET_WORDS
from submissions.reading import ABOUT, CLOCK_WORDS, TITLES, Words, choice_words
from submissions.rules import (
    CHOICES,
    CLOCKS,
    MOST_CHARACTERS,
    MOST_DAYS,
    PRESETS,
    QUESTIONS,
    Clocks,
    InvalidRules,
    Rules,
    parse,
)

OWN_CHOICE = "own"
# What there is only one answer to is not asked.
ASKED = {name: allowed for name, allowed in CHOICES.items() if len(allowed) > 1}


class RulesForm(forms.Form):
    """A contest's rules: a ready set, or each by itself."""

    preset = forms.ChoiceField(
        label=_("Rules"),
        choices=[
            *((name, words.title) for name, words in PRESET_WORDS.items()),
            (OWN_CHOICE, _("My own choice")),
        ],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, rules: Rules = PRESETS["apart"], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault(
            "preset", next((name for name in PRESETS if PRESETS[name] == rules), OWN_CHOICE)
        )
        for name, allowed in ASKED.items():
            options = [(choice.value, capfirst(choice_words(name, choice))) for choice in allowed]
            self.fields[name] = forms.ChoiceField(
                label=ABOUT[name], choices=options, widget=forms.RadioSelect, required=False
            )
            self.initial.setdefault(name, str(getattr(rules, name)))

    @property
    def presets(self) -> list[dict[str, Any]]:
        """The ready sets with their words, for radio cards."""
        chosen = self["preset"].value()
        return [
            {"value": name, "title": words.title, "about": words.about, "checked": chosen == name}
            for name, words in PRESET_WORDS.items()
        ] + [
            {
                "value": OWN_CHOICE,
                "title": _("My own choice"),
                "about": _("Each question below counts as it is answered there."),
                "checked": chosen == OWN_CHOICE,
            }
        ]

    @property
    def chapters(self) -> list[tuple[Words, list[forms.BoundField]]]:
        """The single questions by what they are about."""
        sections = (("levels", "data"), ("lanes",), ("automatic",))
        return [
            (TITLES[among[0]], [self[name] for name in ASKED if QUESTIONS[name].section in among])
            for among in sections
        ]

    def clean(self) -> dict[str, Any]:
        read: dict[str, Any] = super().clean() or self.cleaned_data
        if read.get("preset") == OWN_CHOICE:
            for name in ASKED:
                if name not in self.errors and not read.get(name):
                    self.add_error(name, gettext("Choose one."))
        return read

    @property
    def rules(self) -> Rules:
        preset = self.cleaned_data["preset"]
        if preset != OWN_CHOICE:
            return PRESETS[preset]
        answers: dict[str, Any] = {
            name: next(one for one in allowed if one == self.cleaned_data[name])
            for name, allowed in ASKED.items()
        }
        return Rules(**answers)


class ClockForm(forms.Form):
    """Days that people have."""

    def __init__(self, *args: Any, clocks: Clocks, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in CLOCKS:
            field = forms.IntegerField(
                label=CLOCK_WORDS[name], min_value=1, max_value=MOST_DAYS, required=False
            )
            self.fields[f"days_{name}"] = field
            self.initial.setdefault(f"days_{name}", getattr(clocks, name))

    @property
    def clocks(self) -> Clocks:
        """An empty field is the usual number of days."""
        given = {name: self.cleaned_data.get(f"days_{name}") for name in CLOCKS}
        return Clocks(**{name: days for name, days in given.items() if days is not None})


class RulesTextForm(forms.Form):
    """The rules as a document in TOML; what is wrong with it is said line by line."""

    text = forms.CharField(
        label=_("The document"),
        max_length=MOST_CHARACTERS,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 40, "spellcheck": "false", "class": "code"}),
    )

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"].replace("\r\n", "\n")
        try:
            self.rules = parse(text)
        except InvalidRules as invalid:
            raise ValidationError([wording.problem(one) for one in invalid.problems]) from invalid
        return text
