"""What a match is to do, where, and to whom it never applies: the fields of terms, and the forms of them."""

import re
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from matching import countries
from matching.models import Artist, CoOwner, OnMatch

ON_MATCH_WORDS: dict[OnMatch, Promise] = {
    OnMatch.BLOCK: _(
        "An entry that is proved to repeat the work goes before a person, or is turned down where the "
        "contest's rules say so."
    ),
    OnMatch.AI_CATEGORY_ONLY: _(
        "An entry that repeats the work may hang among pictures made with AI, never among human work."
    ),
    OnMatch.SHARE_REVENUE: _(
        "An entry that repeats the work may hang anywhere; the share you name is written into the "
        "organizer's ledger."
    ),
    OnMatch.ALLOW_WITH_CREDIT: _(
        "An entry that repeats the work may hang anywhere, if your name stands beside it."
    ),
    OnMatch.NOTIFY_ONLY: _("Nothing happens to the entry; the match is noted."),
}


# What stands first where a work may leave its terms to the portfolio.
AS_PORTFOLIO = (
    "",
    _("As the portfolio says"),
    _("The portfolio's terms apply, also when you change them later."),
)


def _card(value: str, label: "Promise | str", words: Promise) -> tuple[str, SafeString]:
    return value, format_html('<span><b>{}</b> <span class="muted small">{}</span></span>', label, words)


def _on_match_choices() -> list[tuple[str, SafeString]]:
    return [_card(wish.value, wish.label, words) for wish, words in ON_MATCH_WORDS.items()]


def _or_as_portfolio() -> list[tuple[str, SafeString]]:
    return [_card(*AS_PORTFOLIO), *_on_match_choices()]


class OnMatchField(forms.ChoiceField):
    """The wish as cards; with ``follows``, "as the portfolio says" is one of them."""

    widget = forms.RadioSelect

    def __init__(self, *, follows: bool = True, **options: Any) -> None:
        super().__init__(
            label=_("If an entry repeats a work"),
            choices=_or_as_portfolio if follows else _on_match_choices,
            initial="" if follows else OnMatch.BLOCK,
            required=not follows,
            **options,
        )


class ShareField(forms.IntegerField):
    def __init__(self, **options: Any) -> None:
        super().__init__(
            label=_("Share of what the entry earns, in percent"),
            required=False,
            min_value=1,
            max_value=100,
            help_text=_("Only where you ask for a share. Organizers see it in their ledger."),
            **options,
        )


class ListField(forms.CharField):
    """Words that commas, semicolons or lines separate; the cleaned value is a list, each once."""

    def __init__(self, *, each: forms.Field, most: int = 200, **options: Any) -> None:
        self.each, self.most = each, most
        super().__init__(required=False, widget=forms.Textarea(attrs={"rows": 2}), **options)

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        words = [word.strip() for word in re.split(r"[,;\n]", super().clean(value) or "")]
        found = list(dict.fromkeys(self.each.clean(word) for word in words if word))
        if len(found) > self.most:
            raise forms.ValidationError(
                gettext("These are too many; %(most)d are the most.") % {"most": self.most}
            )
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(super().has_changed(self.prepare_value(initial), data))


class CountryField(forms.CharField):
    def clean(self, value: Any) -> str:
        code = str(super().clean(value)).upper()
        if code not in countries.codes():
            raise forms.ValidationError(
                gettext("%(code)s is no country code. Two letters are meant, as KR or DE.") % {"code": code}
            )
        return code


class EmailEach(forms.EmailField):
    def clean(self, value: Any) -> str:
        return str(super().clean(value)).lower()


TERMS = ["share_percent", "territories", "licensed_accounts", "licensed_organizations", "no_training"]


class WithTerms(forms.ModelForm):  # type: ignore[type-arg]
    """What an artist asks for; the fields after the wish count only where the wish is the work's own."""

    share_percent = ShareField()
    territories = ListField(
        label=_("Only in these countries"),
        each=CountryField(max_length=2),
        help_text=_("Two-letter codes, as KR, JP, DE. Empty means everywhere."),
    )
    licensed_accounts = ListField(
        label=_("Never against these accounts"),
        each=EmailEach(),
        help_text=_("E-mail addresses of people who have your licence. Your own account never counts."),
    )
    licensed_organizations = ListField(
        label=_("Never against members of these organizations"),
        each=forms.SlugField(max_length=80),
        help_text=_("As in the address of the organization's page, for instance salon-house."),
    )
    no_training = forms.BooleanField(
        label=_("Not for training models"),
        required=False,
        help_text=_("Whoever builds a data set can ask by fingerprint whether a file is opted out."),
    )

    def clean(self) -> dict[str, Any]:
        read: dict[str, Any] = super().clean() or self.cleaned_data
        return checked_share(self, read)

    @property
    def terms(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("on_match", *TERMS)}


def checked_share(form: forms.BaseForm, read: dict[str, Any]) -> dict[str, Any]:
    """A share needs its percentage, and a percentage needs the wish."""
    if read.get("on_match") != OnMatch.SHARE_REVENUE:
        read["share_percent"] = None
    elif not read.get("share_percent") and "share_percent" not in form.errors:
        form.add_error("share_percent", gettext("Say which share you ask for."))
    return read


class PortfolioTermsForm(WithTerms):
    on_match = OnMatchField(follows=False)

    class Meta:
        model = Artist
        fields = ["on_match", *TERMS, "keeps"]
        widgets = {"keeps": forms.RadioSelect}
        help_texts = {
            "keeps": _(
                "With the second, the file and its larger copy are deleted as soon as the work was read, "
                "also those of works that are here already. Reviewers then compare with the thumbnail."
            )
        }


class CoOwnerForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address of another owner"),
        help_text=_(
            "Of their account here. They are asked on their own page; until they accept, nothing changes."
        ),
    )


class ShareTermsForm(WithTerms):
    """A co-owner's own terms for a work."""

    on_match = OnMatchField()

    class Meta:
        model = CoOwner
        fields = ["on_match", *TERMS]
