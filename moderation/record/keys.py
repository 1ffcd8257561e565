"""With which key the house signs receipts: the one that settings name, or one made once beside the data."""

import contextlib
import hashlib
import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from django.conf import settings


class KeyUnusable(Exception):
    """Settings name a key that cannot be read, or that is of another kind."""


def signing_key() -> Ed25519PrivateKey:
    path = Path(settings.RECEIPT_KEY)
    if not settings.RECEIPT_KEY:
        path = Path(settings.VAR_DIR) / "receipt_key.pem"
        if not path.exists():
            _make(path)
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise KeyUnusable(f"{path.name} cannot be read: {error}") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyUnusable(f"{path.name} holds no Ed25519 key")
    return key


def public_pem() -> bytes:
    """What a receipt is checked with."""
    return signing_key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def fingerprint() -> str:
    """SHA-256 of the raw public key, hex: for people to compare."""
    raw = signing_key().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return hashlib.sha256(raw).hexdigest()


def _make(path: Path) -> None:
    """The first process wins, the others read its key."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.touch(mode=0o600)
    fresh.write_bytes(
        Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    with contextlib.suppress(FileExistsError):
        os.link(fresh, path)
    fresh.unlink()
