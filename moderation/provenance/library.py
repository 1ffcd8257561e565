"""The one door to the C2PA library: bytes and trust lists in, the store's JSON or a kind of failure out.

Nothing here can reach a network: no host is allowed, remote manifests and OCSP answers are not fetched,
identity assertions (whose ``did:web`` would be looked up) are not decoded.
"""

import io
import json
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import c2pa

from moderation.provenance.bytesource import ByteSource
from moderation.provenance.trust import TrustLists

_MAX_JSON = 64 << 20  # characters; more than any real store, less than a parser needs to exhaust memory
_MAX_RESOURCE = 4 << 20  # bytes of one thumbnail
_MAX_RESOURCES = 24 << 20  # of all of one file
_CONTEXTS_KEPT = 8  # one per set of trust lists: the public ones, and those of a few organizations


class Failure(StrEnum):
    ABSENT = "absent"
    UNSUPPORTED = "unsupported"
    REMOTE = "remote"
    BROKEN = "broken"


@dataclass(frozen=True)
class Unread:
    """Why there is no store to judge."""

    failure: Failure
    message: str = ""


@dataclass(frozen=True)
class Store:
    """A manifest store as the library reports it. ``details`` answers the raw claims and assertions."""

    report: dict[str, Any]
    details: dict[str, Any]
    resources: dict[str, bytes] = field(default_factory=dict)  # by address in the store


def sdk_version() -> str:
    return str(c2pa.sdk_version())


def load(
    source: ByteSource,
    media: str,
    trust: TrustLists,
    *,
    details_if: Callable[[dict[str, Any]], bool],
    wanted: Callable[[dict[str, Any]], Sequence[str]] | None = None,
) -> Store | Unread:
    """Read and validate the store in ``source``.

    ``details_if`` looks at the report and says whether the raw assertions are wanted as well: they double the
    work and are needed for few files. ``wanted`` names addresses of resources, thumbnails say, to take out.
    """
    try:
        reader = c2pa.Reader.try_create(_hint(media), source.stream(), context=_context(trust))
        if reader is None:
            return Unread(Failure.ABSENT)
        with reader:
            report = _parsed(reader.json())
            details = _parsed(reader.detailed_json()) if details_if(report) else {}
            return Store(report, details, _resources(reader, wanted(report)) if wanted else {})
    except c2pa.C2paError as error:
        return Unread(_kind(error), str(error)[:500])
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError, AttributeError) as error:
        return Unread(Failure.BROKEN, f"{type(error).__name__}: {error}"[:500])
    finally:
        source.rewind()


def _resources(reader: Any, addresses: Sequence[str]) -> dict[str, bytes]:
    """What lies at ``addresses``; what is missing, too large or broken is left out."""
    found: dict[str, bytes] = {}
    room = _MAX_RESOURCES
    for address in addresses:
        output = _Bounded(min(_MAX_RESOURCE, room))
        try:
            reader.resource_to_stream(address, output)
        except (c2pa.C2paError, ValueError, TypeError):
            continue
        if output.whole and (data := output.getvalue()):
            found[address] = data
            room -= len(data)
    return found


class _Bounded(io.BytesIO):
    """Keeps no more than ``limit`` bytes and remembers whether that was all."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self.limit = limit
        self.whole = True

    def write(self, data: Any, /) -> int:
        if self.tell() + len(data) > self.limit:
            self.whole = False
            return len(data)  # the library would report a short write as an error of the file
        return super().write(data)


def _hint(media: str) -> str | None:
    """The library looks at bytes itself, except for text formats; a wrong hint does no harm."""
    return None if media == "application/octet-stream" else media


def _kind(error: c2pa.C2paError) -> Failure:
    message = str(error)
    if message.startswith("Remote:"):  # raised as the bare base class
        return Failure.REMOTE
    if message.startswith("NotSupported"):
        return Failure.UNSUPPORTED
    if message.startswith("ManifestNotFound"):
        return Failure.ABSENT
    return Failure.BROKEN


def _parsed(text: str) -> dict[str, Any]:
    if len(text) > _MAX_JSON:
        raise ValueError(f"the store's report has {len(text)} characters")
    value = json.loads(text)
    if not isinstance(value, dict):
        raise TypeError("the store's report is no object")
    return value


_contexts: OrderedDict[tuple[int, str], Any] = OrderedDict()
_lock = threading.Lock()


def _fresh_lock() -> None:
    """A thread of the parent may have held the lock while this process was forked off."""
    global _lock  # noqa: PLW0603 -- one lock a process
    _lock = threading.Lock()


os.register_at_fork(after_in_child=_fresh_lock)


def _context(trust: TrustLists) -> Any:
    """The validating context for ``trust``, built once in a process: a context does not survive a fork."""
    key = (os.getpid(), trust.digest)
    with _lock:
        if key not in _contexts:
            _contexts[key] = c2pa.Context.from_dict(_settings(trust))
            while len(_contexts) > _CONTEXTS_KEPT:
                _contexts.popitem(last=False)
        _contexts.move_to_end(key)
        return _contexts[key]


def _settings(trust: TrustLists) -> dict[str, Any]:
    # Unknown keys are silently ignored by the library, so tests hold each of these to its effect.
    return {
        "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False},
        "core": {
            "allowed_network_hosts": [],
            "allow_redirects": False,
            "decode_identity_assertions": False,
            "max_decompressed_manifest_size_in_mb": 16,
            "backing_store_memory_threshold_in_mb": 64,
        },
        "trust": trust.settings(),
    }
