"""Whom an organization recognises beside the public lists: an art school's own authority, say."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from moderation.models import TrustedAuthority
from moderation.provenance import TrustList, TrustLists
from submissions.models import Organization, User

MAX_BYTES = 256 * 1024
MAX_CERTIFICATES = 50
MAX_LISTS = 20  # of one organization


class NotTrustable(Exception):
    """The file is no list of authorities; ``why`` is a word that the form turns into a sentence."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Authorities:
    """A readable list: its certificates as clean PEM, and when the first of them ends."""

    pem: str
    certificates: int
    expires_at: datetime


def public_lists() -> TrustLists:
    """The lists as they lie in their folders now; read again only where a file has changed."""
    folders = tuple(map(Path, settings.TRUST_DIRS))
    return _loaded(folders, tuple(_files_in(folders)))


@lru_cache(maxsize=1)
def _loaded(folders: tuple[Path, ...], _files: tuple[tuple[str, int, int], ...]) -> TrustLists:
    return TrustLists.load(*folders)


def _files_in(folders: Iterable[Path]) -> Iterator[tuple[str, int, int]]:
    for folder in folders:
        for path in sorted(folder.glob("*.pem")):
            with suppress(FileNotFoundError):  # replaced in this moment
                state = path.stat()
                yield str(path), state.st_mtime_ns, state.st_size


def lists_for(organization: Organization) -> TrustLists:
    """The public lists and the organization's own; what it adds or takes off counts from the next file on."""
    own = tuple(
        TrustList(f"{organization.slug}/{each.pk}", uri_of(organization), each.pem)
        for each in organization.trusted_authorities.filter(removed_at=None)
    )
    public = public_lists()
    return TrustLists((*public.lists, *own), public.problems)


def uri_of(organization: Organization) -> str:
    return f"urn:x-list:organization:{organization.slug}"


def add(organization: Organization, *, name: str, pem: bytes, by: User) -> TrustedAuthority:
    """Recognise what is signed under the authorities in ``pem``; raises ``NotTrustable``."""
    found = read_authorities(pem)
    version = TrustList(name, uri_of(organization), found.pem).version
    if organization.trusted_authorities.filter(removed_at=None).count() >= MAX_LISTS:
        raise NotTrustable("too_many")
    try:
        with transaction.atomic():
            return TrustedAuthority.objects.create(
                organization=organization,
                name=name,
                pem=found.pem,
                certificates=found.certificates,
                expires_at=found.expires_at,
                version=version,
                added_by=by,
            )
    except IntegrityError as error:
        raise NotTrustable("there_already") from error


def remove(authority: TrustedAuthority, *, by: User) -> bool:
    """Recognise it no longer. What was found before stays found; False where somebody was quicker."""
    return bool(
        TrustedAuthority.objects.filter(pk=authority.pk, removed_at=None).update(
            removed_at=timezone.now(), removed_by=by
        )
    )


def read_authorities(pem: bytes) -> Authorities:
    """The authorities in ``pem``; raises ``NotTrustable`` for whatever would not do what its owner means."""
    if len(pem) > MAX_BYTES:
        raise NotTrustable("too_large")
    if b"PRIVATE KEY" in pem:
        raise NotTrustable("private_key")
    try:
        found = x509.load_pem_x509_certificates(pem)
    except ValueError as error:
        raise NotTrustable("unreadable") from error
    if len(found) > MAX_CERTIFICATES:
        raise NotTrustable("too_many_certificates")
    if not all(_may_certify(each) for each in found):
        raise NotTrustable("no_authority")
    ends = min(each.not_valid_after_utc for each in found)
    if ends <= timezone.now():
        raise NotTrustable("expired")
    if any(_only_stamps_time(each) for each in found):
        raise NotTrustable("time_stamps")
    # Written anew: only certificates, whatever else stood in the file.
    clean = "".join(each.public_bytes(Encoding.PEM).decode() for each in found)
    return Authorities(clean, len(found), ends)


def _may_certify(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (x509.ExtensionNotFound, ValueError):
        return False


def _only_stamps_time(certificate: x509.Certificate) -> bool:
    """An authority for time-stamps: the library would trust it as a signer of claims."""
    try:
        uses = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except (x509.ExtensionNotFound, ValueError):
        return False
    return set(uses) == {ExtendedKeyUsageOID.TIME_STAMPING}
