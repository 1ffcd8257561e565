"""What artists send."""

from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from matching.importing import MOST_CSV_BYTES
from matching.models import Artist, OnMatch, Work

ACCEPT = "image/jpeg,image/png,image/webp,image/tiff,image/avif,image/heic,image/heif,image/gif"

ON_MATCH_WORDS: dict[OnMatch, Promise] = {
    OnMatch.BLOCK: _(
        "An entry that is proved to repeat the work goes before a person, or is turned down where the "
        "contest's rules say so."
    ),
    OnMatch.AI_CATEGORY_ONLY: _(
        "An entry that repeats the work may hang among pictures made with AI, never among human work."
    ),
    OnMatch.ALLOW_WITH_CREDIT: _(
        "An entry that repeats the work may hang anywhere, if your name stands beside it."
    ),
    OnMatch.NOTIFY_ONLY: _("Nothing happens to the entry; the match is noted."),
}


def _on_match_choices() -> list[tuple[str, SafeString]]:
    return [
        (
            wish.value,
            format_html('<span><b>{}</b> <span class="muted small">{}</span></span>', wish.label, words),
        )
        for wish, words in ON_MATCH_WORDS.items()
    ]


class OnMatchField(forms.ChoiceField):
    widget = forms.RadioSelect

    def __init__(self, **options: Any) -> None:
        super().__init__(
            label=_("If an entry repeats a work"), choices=_on_match_choices, initial=OnMatch.BLOCK, **options
        )


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


class WorkForm(forms.ModelForm):  # type: ignore[type-arg]
    on_match = OnMatchField()

    class Meta:
        model = Work
        fields = ["title", "year", "source", "on_match"]
        labels = {"title": _("Title"), "year": _("Year"), "source": _("Where it was published")}
        help_texts = {
            "source": _("A page, a book, an exhibition: whatever helps a person to see that it is yours.")
        }


class WorksForm(WorkForm):
    """One work or several. Only one can take the title; several are known by their file names."""

    pictures = FilesField(label=_("Pictures"), widget=FilesInput(attrs={"accept": ACCEPT, "multiple": True}))

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
