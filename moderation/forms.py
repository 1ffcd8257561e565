"""What organizers and reviewers send."""

import zoneinfo
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from matching import countries
from matching.models import ConflictOutcome, ProofState
from moderation.keys import KEYS
from moderation.models import Decision, Ground, SavedFilter
from moderation.verdicts import Route
from moderation.wording import rules as wording
from moderation.wording.rules import PRESET_WORDS
from submissions.forms.account import time_zones
from submissions.models import CategoryKind, Contest, Organization, Role
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


class OrganizationForm(forms.ModelForm):  # type: ignore[type-arg]  # generic to the type checker only
    class Meta:
        model = Organization
        fields = ["name"]


class MemberForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"), help_text=_("Of an account that exists. The person signs in with it.")
    )
    role = forms.ChoiceField(
        label=_("Role"),
        choices=[(role.value, role.label) for role in (Role.ORGANIZER, Role.JUROR)],
        widget=forms.RadioSelect,
        help_text=_(
            "Organizers run contests and decide cases. Jurors see the works that hang, without names."
        ),
    )


class SignersForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=120, help_text=_("Whose authority it is, as your organizers know it.")
    )
    file = forms.FileField(
        label=_("Certificates (PEM)"),
        help_text=_("The authority's own certificates, never a private key. Up to 256 KB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".pem,.crt,.cer"}),
    )


class ChoicesForm(forms.Form):
    """What only the entrant may choose about an entry's credentials and its use."""

    named = forms.BooleanField(required=False)
    lent = forms.BooleanField(required=False, label=_("Lend the picture to the desk's detector"))

    def __init__(self, *args: Any, name: str, may_lend: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["named"].label = gettext("Name me in signed copies: %(name)s") % {"name": name}
        self.fields["named"].help_text = _(
            "Without this, copies name nobody, and what your file's own credentials say of its author and "
            "place is redacted in them."
        )
        self.fields["lent"].disabled = not may_lend
        self.fields["lent"].help_text = (
            _("It may then be used to measure and improve our estimate. Nothing is used without this.")
            if may_lend
            else _("The file itself asks not to be trained on, or was not read yet. We keep to that.")
        )


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


def keyed(name: str, **more: Any) -> dict[str, Any]:
    """A widget's attributes that tie it to its key."""
    press = KEYS[name].press
    return {"data-key": press, "aria-keyshortcuts": press, **more}


class KeyedRadios(forms.RadioSelect):
    """Each choice with the key of its name."""

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(*args, **kwargs)
        if str(option["value"]) in KEYS:
            option["attrs"] |= keyed(str(option["value"]))
        return option


ROUTE_WORDS: Mapping[Route, str | Promise] = dict(Decision.ROUTES)


class DecisionForm(forms.Form):
    """Nothing is chosen beforehand: the machine's proposal is something to read, not something to leave."""

    route = forms.ChoiceField(label=_("Decision"), choices=Decision.ROUTES, widget=KeyedRadios)
    grounds = forms.MultipleChoiceField(
        label=_("Grounds of the rejection"),
        choices=Ground.choices,
        widget=forms.CheckboxSelectMultiple(attrs=keyed("grounds")),
        required=False,
        help_text=_(
            "A rejection stands on at least one. Neither a likeness of style nor an estimate is one."
        ),
    )
    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs=keyed("reason", rows=5)),
        max_length=5000,
        help_text=_("The entrant reads these words. Say what you saw, calmly and exactly."),
    )

    def __init__(
        self,
        *args: Any,
        routes: Sequence[Route] = (),
        words: Mapping[Route, str | Promise] = ROUTE_WORDS,
        **kwargs: Any,
    ) -> None:
        """``routes``: all that is open to this decision, in the order in which to offer it; empty is all.

        ``words``: what each means for the question that is decided.
        """
        super().__init__(*args, **kwargs)
        if routes:
            self.fields["route"].choices = [(route, words[route]) for route in routes]  # type: ignore[attr-defined]
            if Route.REJECT not in routes:
                del self.fields["grounds"]

    def clean(self) -> dict[str, Any]:
        read: dict[str, Any] = super().clean() or self.cleaned_data
        if read.get("route") == Route.REJECT and not read.get("grounds"):
            self.add_error("grounds", ValidationError(gettext("Name what the rejection stands on.")))
        return read

    @property
    def decision(self) -> dict[str, Any]:
        """What ``decisions.decide`` takes."""
        read = self.cleaned_data
        return {"route": Route(read["route"]), "grounds": read.get("grounds", []), "reason": read["reason"]}


class SavedFilterForm(forms.ModelForm):  # type: ignore[type-arg]  # generic to the type checker only
    class Meta:
        model = SavedFilter
        fields = ["name"]


class NumbersField(forms.Field):
    """Numbers of rows, each a value of its own under one name."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> list[int]:
        try:
            return [int(one) for one in value or ()]
        except ValueError as error:
            raise ValidationError(gettext("That is no number.")) from error


class ChosenForm(forms.Form):
    """Cases that were chosen in a queue, and what is to be done with them."""

    what = forms.ChoiceField(
        choices=[
            (one, one)
            for one in (
                "decide",
                "decide_page",
                "decide_first",
                "check_again",
                "take",
                "release",
                "preview",
                "change",
                "confirm",
            )
        ]
    )
    case = NumbersField(required=False)
    shown = NumbersField(required=False)  # every case of the page

    @property
    def act(self) -> str:
        return str(self.cleaned_data.get("what", "decide"))

    @property
    def keys(self) -> list[int]:
        keys: list[int] = self.cleaned_data.get("shown" if self.act == "decide_page" else "case", [])
        return keys


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
