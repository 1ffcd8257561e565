"""Files of an entry, as a browser sends them."""

from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

ACCEPT = "image/jpeg,image/png,image/webp,image/tiff,image/avif,image/heic,image/heif,image/gif"


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        return cast(list[Any], files.getlist(name))


class FilesField(forms.FileField):
    """Any number of files. What is in them is looked at one by one, by ``submissions.uploads``."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list["UploadedFile[bytes]"]:
        return list(data or [])


class FilesForm(forms.Form):
    pictures = FilesField(
        label=_("Add pictures"),
        required=False,
        widget=FilesInput(attrs={"accept": ACCEPT, "multiple": True}),
    )
    process_files = FilesField(
        label=_("Add process evidence"), required=False, widget=FilesInput(attrs={"multiple": True})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        most, size = settings.UPLOAD_MAX_FILES, filesizeformat(settings.UPLOAD_MAX_BYTES)
        self.fields["pictures"].help_text = gettext(
            "JPEG, PNG, WebP, TIFF, AVIF, HEIC or GIF; up to %(most)d files of %(size)s each."
        ) % {"most": most, "size": size}
        self.fields["process_files"].help_text = gettext(
            "Sketches, layered files, recordings, RAW; up to %(most)d files of %(size)s each. Only those who "
            "judge see them."
        ) % {"most": most, "size": size}
