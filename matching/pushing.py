"""Send a folder of pictures to a portfolio by its token: what ``manage.py registry push`` does.

Runs where the pictures are; needs no database. What the portfolio holds is not sent again, so that a push may
be broken off and begun anew.
"""

import hashlib
import json
import secrets
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from matching.importing import Item

AT_ONCE = 50  # fingerprints asked about in one request
SECONDS = 120


class PushRefused(Exception):
    """The site cannot be reached, or does not take the token; the text is one sentence."""


@dataclass(frozen=True)
class Sent:
    """What became of one file."""

    file: str
    state: str  # "registered", "known" or "error"
    work: str = ""
    error: str = ""


def push(items: Sequence[Item], *, url: str, token: str) -> Iterator[Sent]:
    """Send what the portfolio lacks; raises ``PushRefused`` where nothing can be sent at all."""
    base = url.rstrip("/")
    if not base.startswith(("https://", "http://")):
        raise PushRefused("The address must begin with https:// or http://.")
    for start in range(0, len(items), AT_ONCE):
        some = list(items[start : start + AT_ONCE])
        read = [_read(item) for item in some]
        hashes = [hashlib.sha256(data).hexdigest() if data is not None else "" for data in read]
        known = set(_known(base, token, [one for one in hashes if one]))
        for item, data, sha256 in zip(some, read, hashes, strict=True):
            if data is None:
                yield Sent(item.name, "error", error="The file could not be read.")
            elif sha256 in known:
                yield Sent(item.name, "known")
            else:
                known.add(sha256)
                yield _send(base, token, item, data)


def _read(item: Item) -> bytes | None:
    try:
        with item.open() as file:
            return file.read()
    except OSError:
        return None


def _known(base: str, token: str, hashes: Sequence[str]) -> list[str]:
    if not hashes:
        return []
    answer = _ask(urllib.request.Request(f"{base}/api/works/known/?sha256={','.join(hashes)}"), token)  # noqa: S310 -- checked in push
    return [str(one) for one in answer]


def _send(base: str, token: str, item: Item, data: bytes) -> Sent:
    fields = {
        "title": item.title,
        "year": item.year,
        "source": item.source,
        "rights": item.rights,
        "name": item.name[-255:],
    }
    body, kind = multipart({name: value for name, value in fields.items() if value}, data)
    request = urllib.request.Request(f"{base}/api/works/", data=body, headers={"Content-Type": kind})  # noqa: S310 -- checked in push
    try:
        told = _ask(request, token)
    except _Refused as refused:
        return Sent(item.name, "error", error=str(refused))
    return Sent(item.name, "registered" if told.get("new") else "known", work=str(told.get("work", "")))


class _Refused(Exception):
    """This one request was not taken."""


def _ask(request: urllib.request.Request, token: str) -> Any:
    request.add_header("Authorization", f"Bearer {token}")
    request.add_header("Accept", "application/json")
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310 -- checked in push
            return json.load(answer)
    except urllib.error.HTTPError as error:
        if error.code in (401, 403):
            raise PushRefused("The site does not take this token: it may be revoked, or mistyped.") from error
        raise _Refused(_told(error)) from error
    except (OSError, ValueError) as error:
        raise PushRefused(f"The site could not be reached: {error}") from error


def _told(error: urllib.error.HTTPError) -> str:
    try:
        detail = json.load(error).get("detail")
    except (OSError, ValueError, AttributeError):
        detail = None
    return detail if isinstance(detail, str) else f"The site answered {error.code}."


def multipart(fields: dict[str, str], data: bytes) -> tuple[bytes, str]:
    """A form with one file, and the content type that names its boundary."""
    boundary = secrets.token_hex(16)
    parts = bytearray()
    for name, value in fields.items():
        parts += f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode()
        parts += value.encode("utf-8", errors="replace") + b"\r\n"
    head = 'Content-Disposition: form-data; name="file"; filename="picture"'
    parts += f"--{boundary}\r\n{head}\r\nContent-Type: application/octet-stream\r\n\r\n".encode()
    parts += data + f"\r\n--{boundary}--\r\n".encode()
    return bytes(parts), f"multipart/form-data; boundary={boundary}"
