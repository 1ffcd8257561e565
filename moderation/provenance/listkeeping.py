"""Keeping the trust lists on disk up to date: from folders or from addresses, checked, replaced in one step.

The only part of this room that uses a network, and nothing that reads a picture imports it.
"""

import hashlib
import json
import os
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPMessage
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from moderation.provenance.trust import KNOWN_FILES, TrustListError, certificates_in

RECORD = "versions.json"
MAX_BYTES = 8 << 20
TIMEOUT = 15.0  # seconds without a byte
DEADLINE = 60.0  # seconds for one list
FILES = (*KNOWN_FILES, *(allowed for _, allowed in KNOWN_FILES.values() if allowed))


@dataclass(frozen=True)
class Kept:
    """One list on disk: how many certificates, which bytes, where from and when."""

    name: str
    certificates: int
    sha256: str
    source: str
    kept_at: str  # ISO 8601, UTC


def update_from_folders(target: Path, folders: Sequence[Path]) -> tuple[Kept, ...]:
    """Copy the known lists found in ``folders`` into ``target``; the first folder that has one wins."""
    found: dict[str, tuple[bytes, str]] = {}
    for name in FILES:
        path = next((folder / name for folder in folders if (folder / name).is_file()), None)
        if path is not None:
            found[name] = _read(path), str(path)
    if not found:
        raise TrustListError(f"no trust list ({', '.join(FILES)}) in {', '.join(map(str, folders))}")
    return _keep(target, found)


def update_from_addresses(target: Path, addresses: Mapping[str, str]) -> tuple[Kept, ...]:
    """Fetch every list in ``addresses`` (file name to address) into ``target``: all of them or none."""
    unknown = set(addresses) - set(FILES)
    if unknown:
        raise TrustListError(f"unknown list names in settings: {', '.join(sorted(unknown))}")
    return _keep(target, {name: (_fetch(address), address) for name, address in addresses.items()})


def kept(folder: Path) -> tuple[Kept, ...]:
    """What the record in ``folder`` says is there; empty where there is none."""
    try:
        record = json.loads((folder / RECORD).read_text("utf-8"))
        return tuple(Kept(name, **entry) for name, entry in record.items())
    except (OSError, ValueError, TypeError, AttributeError):
        return ()


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise TrustListError(f"{path} is larger than {MAX_BYTES >> 20} MB")
        return path.read_bytes()
    except OSError as error:
        raise TrustListError(f"{path} cannot be read: {error.strerror}") from error


def _keep(target: Path, found: Mapping[str, tuple[bytes, str]]) -> tuple[Kept, ...]:
    """Check every list before the first is replaced."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    entries = {}
    for name, (pem, source) in found.items():
        try:
            count = certificates_in(pem)
        except TrustListError as error:
            raise TrustListError(f"{source} is no list of PEM certificates") from error
        entries[name] = Kept(name, count, hashlib.sha256(pem).hexdigest(), source, now)
    record = {each.name: each for each in kept(target)} | entries
    try:
        target.mkdir(parents=True, exist_ok=True)
        for name, (pem, _) in found.items():
            _replace(target / name, pem)
        _replace(target / RECORD, json.dumps(_plain(record), indent=2).encode())
    except OSError as error:
        raise TrustListError(f"{target} cannot be written: {error.strerror}") from error
    return tuple(entries.values())


def _plain(record: Mapping[str, Kept]) -> dict[str, dict[str, Any]]:
    return {
        name: {
            "certificates": each.certificates,
            "sha256": each.sha256,
            "source": each.source,
            "kept_at": each.kept_at,
        }
        for name, each in sorted(record.items())
    }


def _replace(path: Path, content: bytes) -> None:
    """Write ``path`` so that a reader sees the old bytes or the new ones, never half."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _fetch(address: str) -> bytes:
    _require_safe(address)
    opener = urllib.request.build_opener(_SafeRedirects)
    started = time.monotonic()
    try:
        with opener.open(address, timeout=TIMEOUT) as answer:
            parts: list[bytes] = []
            while part := answer.read(1 << 16):
                parts.append(part)
                if sum(map(len, parts)) > MAX_BYTES:
                    raise TrustListError(f"{address} answered with more than {MAX_BYTES >> 20} MB")
                if time.monotonic() - started > DEADLINE:
                    raise TrustListError(f"{address} took longer than {DEADLINE:.0f} seconds")
            return b"".join(parts)
    except (urllib.error.URLError, OSError, ValueError) as error:
        if isinstance(error, TrustListError):
            raise
        reason = getattr(error, "reason", None) or error
        raise TrustListError(f"{address} could not be fetched: {reason}") from error


def _require_safe(address: str) -> None:
    """Lists decide whom we trust, so they come over TLS; a mirror on this very machine may do without."""
    parts = urlsplit(address)
    local = parts.scheme == "http" and parts.hostname in {"127.0.0.1", "::1", "localhost"}
    if parts.scheme != "https" and not local:
        raise TrustListError(f"{address} is no https address")


class _SafeRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        _require_safe(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)
