"""A profile, its works one by one or many at once, and the tokens that send them."""

from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from matching import iiif
from matching.forms.terms import TERMS, OnMatchField, ShareField, WithTerms, checked_share
from matching.importing import MOST_CSV_BYTES, MOST_MANIFEST_BYTES, manifest_problem
from matching.models import ApiToken, Artist, Work

ACCEPT = "image/jpeg,image/png,image/webp,image/tiff,image/avif,image/heic,image/heif,image/gif"


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
