"""Files of an entry, as a browser sends them."""

from typing import Any

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from matching.forms.works import ACCEPT, FilesField, FilesInput


class FilesForm(forms.Form):
    pictures = FilesField(
        label=_("Add pictures"),
        required=False,
        widget=FilesInput(attrs={"accept": ACCEPT, "multiple": True}),
    )
    process_files = FilesField(
        label=_("Add process evidence"), required=False, widget=FilesInput(attrs={"multiple": True})
    )
    references = FilesField(
        label=_("Add references"), required=False, widget=FilesInput(attrs={"multiple": True})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        most, size = settings.UPLOAD_MAX_FILES, filesizeformat(settings.UPLOAD_MAX_BYTES)
        self.fields["pictures"].help_text = gettext(
            "JPEG, PNG, WebP, TIFF, AVIF, HEIC or GIF; up to %(most)d files of %(size)s each."
        ) % {"most": most, "size": size}
        self.fields["process_files"].help_text = gettext(
            "Layered files (PSD, KRA, XCF, ORA), sketches, a time-lapse, RAW; up to %(most)d files of "
            "%(size)s each. Only those who judge see them."
        ) % {"most": most, "size": size}
        self.fields["references"].help_text = gettext(
            "Pictures that were given to the generator or worked from. Only those who judge see them."
        )
