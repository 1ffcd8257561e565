"""What people send."""

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
