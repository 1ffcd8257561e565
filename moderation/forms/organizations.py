"""Who runs contests together, and whose signatures an organization trusts."""

from django import forms
from django.utils.translation import gettext_lazy as _

from submissions.models import Organization, Role


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
