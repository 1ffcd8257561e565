"""Who a person is to the house: name, language, time zone."""

import zoneinfo

from django import forms
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from submissions.models import User


class SignupExtras(forms.Form):
    """What signing up asks beyond address and password."""

    display_name = forms.CharField(label=_("Your name, as organizers see it"), max_length=120)

    def signup(self, request: HttpRequest, user: User) -> None:
        user.display_name = self.cleaned_data["display_name"]
        user.language = (get_language() or "en")[:2]
        user.save(update_fields=["display_name", "language"])


def time_zones() -> list[tuple[str, str]]:
    """Every place with a time zone, as ``(name, name to read)``; technical aliases are left out."""
    names = zoneinfo.available_timezones()
    places = sorted(name for name in names if "/" in name and not name.startswith("Etc/"))
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in places)]


class AccountForm(forms.ModelForm):  # type: ignore[type-arg]
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=time_zones,
        help_text=_("Deadlines are shown in your time beside the contest's."),
    )

    class Meta:
        model = User
        fields = ["display_name", "language", "time_zone"]
        labels = {"display_name": _("Name"), "language": _("Language")}
        help_texts = {"display_name": _("Organizers see it beside your entries. Jurors don't.")}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["display_name"].required = True
        self.fields["display_name"].widget.attrs["autocomplete"] = "name"
