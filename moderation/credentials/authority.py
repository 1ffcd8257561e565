"""With which certificate the house signs: the one that settings name, or a demonstration's, marked so."""

import shutil
import tempfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils.module_loading import import_string

from moderation.provenance.signing import Signatory, SigningError, make_authority, make_leaf
from submissions.models import Organization

DEMONSTRATION = "Demonstration, nobody's signature"
_LASTS = timedelta(days=3650)


@dataclass(frozen=True)
class House:
    """Who signs for an organization, and whether that is only a demonstration."""

    signatory: Signatory
    is_demonstration: bool


def signs_for(organization: Organization) -> House:
    """Raises ``SigningError`` where settings name a certificate or key that cannot be used.

    ``{organization}`` in a path stands for the organization's slug, so that each may have its own.
    """
    certificate = settings.CREDENTIALS_CERTIFICATE.replace("{organization}", organization.slug)
    if not certificate:
        return House(_demonstration(), is_demonstration=True)
    chain = _text_of(Path(certificate))
    if settings.CREDENTIALS_SIGNER:
        # A key that never leaves its token or service: the callable alone reaches it.
        try:
            signer = import_string(settings.CREDENTIALS_SIGNER)
        except ImportError as error:
            raise SigningError(f"CREDENTIALS_SIGNER cannot be imported: {error}.") from error
        slug = organization.slug
        signatory = Signatory(chain, lambda data: bytes(signer(data, slug)))
    else:
        key = _text_of(Path(settings.CREDENTIALS_KEY.replace("{organization}", organization.slug)))
        signatory = Signatory.with_key(chain, key)
    return House(signatory, is_demonstration=False)


def demonstration_root() -> str:
    """The demonstration's root certificate (PEM), for those who want to recognise it on their own machine."""
    return _text_of(_demonstration_folder() / "root.pem")


def _demonstration() -> Signatory:
    folder = _demonstration_folder()
    return Signatory.with_key(_text_of(folder / "chain.pem"), _text_of(folder / "key.pem"))


def _demonstration_folder() -> Path:
    """Where the demonstration's certificates lie; made once, by whichever process comes first."""
    folder = Path(settings.VAR_DIR) / "credentials" / "demonstration"
    if folder.is_dir():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    root = make_authority(f"{DEMONSTRATION}: root", DEMONSTRATION, lasts=_LASTS)
    leaf = make_leaf(root, f"{DEMONSTRATION}: signer", DEMONSTRATION, lasts=_LASTS)
    fresh = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".demonstration."))
    for name, text in (("root.pem", root.pem), ("chain.pem", leaf.chain), ("key.pem", leaf.key)):
        (fresh / name).touch(mode=0o600)
        (fresh / name).write_text(text)
    try:
        fresh.rename(folder)
    except OSError:  # another process was quicker; its certificates count
        shutil.rmtree(fresh)
    return folder


def _text_of(path: Path) -> str:
    try:
        return path.read_text("ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise SigningError(f"{path.name} cannot be read: {error}.") from error
