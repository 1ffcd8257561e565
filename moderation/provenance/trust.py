"""Lists of whom we trust to sign: PEM certificates from disk, with the versions a finding must name."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

from cryptography import x509

# File names as the two public lists are distributed, and the root that signs test and demo files.
# A list of time-stamp authorities is deliberately absent: the library then trusts them as claim signers too.
KNOWN_FILES: Mapping[str, tuple[str, str | None]] = MappingProxyType(
    {
        "C2PA-TRUST-LIST.pem": ("urn:x-list:c2pa-conformance", None),
        "cai_anchors.pem": ("urn:x-list:cai-interim-2025", "cai_allowed.pem"),
        "test_root.pem": ("urn:x-list:test-root", None),
    }
)
# Extended key uses under which the lists' signers work. Must be set even where no list is: without them every
# signer with C2PA's own key use is reported as having an invalid credential.
SIGNING_KEY_USES = (
    "1.3.6.1.5.5.7.3.4",  # e-mail protection
    "1.3.6.1.5.5.7.3.36",  # document signing
    "1.3.6.1.5.5.7.3.8",  # time stamping
    "1.3.6.1.5.5.7.3.9",  # OCSP signing
    "1.3.6.1.4.1.311.76.59.1.9",  # Microsoft C2PA signing
    "1.3.6.1.4.1.62558.2.1",  # C2PA claim signing
)


class TrustListError(ValueError):
    """A trust list that holds no certificates."""


def certificates_in(pem: bytes) -> int:
    """How many certificates ``pem`` holds; ``TrustListError`` where it is no PEM or holds none."""
    try:
        return len(x509.load_pem_x509_certificates(pem))
    except ValueError as error:
        raise TrustListError(str(error)) from error


@dataclass(frozen=True)
class TrustList:
    """One list: anchors under which a signer is trusted, and single signers allowed without an anchor."""

    name: str
    uri: str
    anchors: str  # PEM
    allowed: str = ""  # PEM

    @cached_property
    def version(self) -> str:
        return hashlib.sha256((self.anchors + self.allowed).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class TrustLists:
    """Every list in force. Empty means that no signer is recognised, never that a file is wrong."""

    lists: tuple[TrustList, ...] = ()
    problems: Mapping[str, str] = field(default_factory=dict)  # file name -> why it was left out

    @classmethod
    def load(cls, *folders: Path) -> "TrustLists":
        """The known lists found in ``folders``; the first folder that has one wins."""
        found: list[TrustList] = []
        problems: dict[str, str] = {}
        for name, (uri, allowed_name) in KNOWN_FILES.items():
            for folder in folders:
                path = Path(folder) / name
                try:
                    anchors = _checked_pem(path)
                    allowed_path = path.with_name(allowed_name) if allowed_name else None
                    allowed = _checked_pem(allowed_path) if allowed_path and allowed_path.is_file() else ""
                except FileNotFoundError:
                    continue
                except (OSError, TrustListError) as error:
                    problems[str(path)] = str(error)
                    continue
                found.append(TrustList(name, uri, anchors, allowed))
                break
        return cls(tuple(found), problems)

    def plus(self, name: str, pem: str) -> "TrustLists":
        """These lists and one more, say an art school's own certificate authority."""
        certificates_in(pem.encode())
        return replace(self, lists=(*self.lists, TrustList(name, f"urn:x-list:{name}", pem)))

    @cached_property
    def versions(self) -> Mapping[str, str]:
        return {each.name: each.version for each in self.lists}

    @cached_property  # asked for with every file
    def digest(self) -> str:
        return hashlib.sha256(repr(sorted(self.versions.items())).encode()).hexdigest()[:16]

    def settings(self) -> dict[str, Any]:
        """The library's ``trust`` settings; one anchors entry a list: only there an allow-list counts."""
        anchors = [
            {"trust_kind": "manifest", "trust_uri": each.uri, "trust_anchors": each.anchors}
            | ({"allowed_list": each.allowed} if each.allowed else {})
            for each in self.lists
        ]
        return {"trust_config": "\n".join(SIGNING_KEY_USES)} | ({"anchors": anchors} if anchors else {})


def _checked_pem(path: Path) -> str:
    pem = path.read_bytes()
    certificates_in(pem)
    return pem.decode("utf-8", "replace")
