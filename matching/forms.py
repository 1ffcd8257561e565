"""What artists send."""

import re
from datetime import date
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from matching import countries, iiif
from matching.importing import MOST_CSV_BYTES, MOST_MANIFEST_BYTES, manifest_problem
from matching.models import ApiToken, Artist, CoOwner, OnMatch, Work

ACCEPT = "image/jpeg,image/png,image/webp,image/tiff,image/avif,image/heic,image/heif,image/gif"

WORKS_OFFERED = 500  # in a list to choose from

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


class ArtistForm(forms.ModelForm):  # type: ignore[type-arg]
    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")

    class Meta:
        model = Artist
        fields = ["name", "aliases", "website", "biography"]
        labels = {"name": _("Name"), "aliases": _("Other names"), "biography": _("About")}
        widgets = {"biography": forms.Textarea(attrs={"rows": 5})}
        help_texts = {
            "name": _("The name you publish under; it stands beside your works."),
            "aliases": _("Other names and spellings, separated by commas."),
        }


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        return cast(list[Any], files.getlist(name))


class FilesField(forms.FileField):
    """Several files. What is in them is looked at one by one, where they are kept."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list["UploadedFile[bytes]"]:
        if not data and self.required:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return list(data or [])


class WorkForm(WithTerms):
    on_match = OnMatchField()

    class Meta:
        model = Work
        fields = ["title", "year", "source", "on_match", *TERMS]
        labels = {"title": _("Title"), "year": _("Year"), "source": _("Where it was published")}
        help_texts = {
            "source": _("A page, a book, an exhibition: whatever helps a person to see that it is yours.")
        }


class WorksForm(forms.ModelForm):  # type: ignore[type-arg]
    """One work or several. Only one can take the title; several are known by their file names."""

    on_match = OnMatchField()
    share_percent = ShareField()
    pictures = FilesField(label=_("Pictures"), widget=FilesInput(attrs={"accept": ACCEPT, "multiple": True}))

    class Meta(WorkForm.Meta):
        fields = ["title", "year", "source", "on_match", "share_percent"]

    def clean(self) -> dict[str, Any]:
        return checked_share(self, super().clean() or self.cleaned_data)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].help_text = gettext("For a single picture. Several are titled one by one later.")
        self.fields["pictures"].help_text = gettext(
            "JPEG, PNG, WebP, TIFF, AVIF, HEIC or GIF; up to %(most)d files of %(size)s each."
        ) % {"most": settings.DATA_UPLOAD_MAX_NUMBER_FILES, "size": filesizeformat(settings.UPLOAD_MAX_BYTES)}


class ImportForm(forms.Form):
    archive = forms.FileField(
        label=_("Zip of pictures"), widget=forms.FileInput(attrs={"accept": ".zip,application/zip"})
    )
    listed = forms.FileField(
        label=_("List of works"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        help_text=_(
            "A CSV with the columns file, title, year and source. It may also lie in the zip. "
            "Without one the works are known by their file names."
        ),
    )
    on_match = OnMatchField()
    share_percent = ShareField()

    def clean(self) -> dict[str, Any]:
        return checked_share(self, super().clean() or self.cleaned_data)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["archive"].help_text = gettext(
            "Up to %(total)s when unpacked, each picture up to %(size)s. "
            "Files that are in your portfolio already are left as they are."
        ) % {
            "total": filesizeformat(settings.IMPORT_MAX_BYTES),
            "size": filesizeformat(settings.UPLOAD_MAX_BYTES),
        }

    def clean_archive(self) -> "UploadedFile[bytes]":
        archive = _of_size(self.cleaned_data["archive"], settings.IMPORT_MAX_BYTES)
        if archive.read(2) != b"PK":  # the rest is the worker's to find out
            raise forms.ValidationError(_("This is not a zip."), code="no_zip")
        archive.seek(0)
        return archive

    def clean_listed(self) -> "UploadedFile[bytes] | None":
        listed = self.cleaned_data["listed"]
        return _of_size(listed, MOST_CSV_BYTES) if listed else None


def _of_size(file: "UploadedFile[bytes]", most: int) -> "UploadedFile[bytes]":
    if (file.size or 0) > most:
        raise forms.ValidationError(
            _("The file has %(has)s; %(most)s are the most that are taken."),
            params={"has": filesizeformat(file.size or 0), "most": filesizeformat(most)},
            code="too_large",
        )
    return file


class ManifestForm(forms.Form):
    """A IIIF manifest: the file itself. Pictures it names are fetched by a worker."""

    archive = forms.FileField(
        label=_("IIIF manifest"),
        widget=forms.FileInput(attrs={"accept": ".json,application/json,application/ld+json"}),
        help_text=_("Presentation 2 or 3, as a JSON file. The pictures it names must be public."),
    )
    on_match = OnMatchField()
    share_percent = ShareField()

    def clean(self) -> dict[str, Any]:
        return checked_share(self, super().clean() or self.cleaned_data)

    def clean_archive(self) -> "UploadedFile[bytes]":
        archive = _of_size(self.cleaned_data["archive"], MOST_MANIFEST_BYTES)
        try:
            iiif.read(archive.read())
        except iiif.NotAManifest as error:
            raise forms.ValidationError(manifest_problem(str(error)), code="no_manifest") from error
        archive.seek(0)
        return archive


class TokenForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = ApiToken
        fields = ["name"]
        labels = {"name": _("What it is for")}
        help_texts = {"name": _("For instance: the computer in the studio.")}


class _OfWork(forms.Form):
    """Proof is of the whole portfolio, or of one work."""

    work = forms.ModelChoiceField(
        label=_("For"), queryset=Work.objects.none(), required=False, empty_label=_("the whole portfolio")
    )

    def __init__(self, *args: Any, artist: Artist, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["work"]
        assert isinstance(field, forms.ModelChoiceField)
        newest = list(artist.works.kept().values_list("pk", flat=True)[:WORKS_OFFERED])
        field.queryset = Work.objects.filter(pk__in=newest).defer("features")

    def clean_work(self) -> Work | None:
        found: Work | None = self.cleaned_data["work"]
        return found


class PublicationForm(_OfWork):
    url = forms.URLField(
        label=_("Address of the page"),
        assume_scheme="https",
        max_length=500,
        help_text=_("Your own site, a gallery's, a magazine's: where the work stands under your name."),
    )
    published_on = forms.DateField(
        label=_("Published there on"), widget=forms.DateInput(attrs={"type": "date"})
    )

    def clean_published_on(self) -> date:
        day: date = self.cleaned_data["published_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(gettext("This day is still to come."), code="future")
        return day


class VouchingForm(_OfWork):
    organization = forms.SlugField(
        label=_("Organization"),
        max_length=80,
        help_text=_("As in the address of its page, for instance salon-house."),
    )


class AnswerForm(forms.Form):
    text = forms.CharField(
        label=_("Your answer"),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=5000,
        help_text=_("The other side reads it, and whoever decides."),
    )


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
