"""Words about signed copies and about whom an organization recognises."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from moderation.wording.words import Text

# By ``copies.Problem``.
PROBLEMS: Mapping[str, Text] = {
    "no_longer_hung": _("It no longer hangs, so no copy was signed."),
    "unreadable": _("The file's own Content Credentials cannot be read, so they cannot be carried on."),
    "refused": _("Content Credentials cannot be written into this file."),
    "certificate": _("The house's certificate could not be used. Those who run this site must look."),
    "gave_up": _("Signing ended twice before its time. Those who run this site must look."),
}
# By ``trusting.NotTrustable.why``.
NOT_TRUSTABLE: Mapping[str, Text] = {
    "too_large": _("The file is larger than a list of certificates would be (256 KB)."),
    "private_key": _(
        "The file holds a private key. Whoever has it can sign in that name: keep it to yourself, and send "
        "the certificate alone."
    ),
    "unreadable": _("The file holds no certificates in PEM form (“-----BEGIN CERTIFICATE-----”)."),
    "too_many_certificates": _("The file holds more than 50 certificates."),
    "no_authority": _(
        "The file holds a certificate that may not issue others. Send the authority's own certificate (the "
        "root or an intermediate), not the signer's."
    ),
    "expired": _("The file holds a certificate that is no longer valid."),
    "time_stamps": _(
        "The file holds an authority for time-stamps. Added here, it would be believed as a signer of works."
    ),
    "too_many": _("There are twenty lists already. Take one off first."),
    "there_already": _("The same certificates are on your list already."),
}

# What a file of that kind ends in when it is handed out.
ENDINGS: Mapping[str, str] = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/tiff": "tif",
    "image/avif": "avif",
    "image/heic": "heic",
    "image/gif": "gif",
}
