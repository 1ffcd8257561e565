"""The one way out: fetch a page or a picture that an artist named.

For workers, and never while an entry is screened. Whoever names an address must not make this machine knock
at doors that are closed to them: a name is looked up once, every address of it must be public, and the
connection goes to that very address (a name that answers otherwise the second time gains nothing). Redirects
go through the same door. Bytes, seconds and redirects are bounded, compression is refused, no cookie or
password is sent, and no proxy of the environment is used.
"""

import contextlib
import hashlib
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

MOST_REDIRECTS = 4
PIECE = 65_536
LONGEST_URL = 2_000
PORTS = {"http": 80, "https": 443}
REDIRECTS = {301, 302, 303, 307, 308}
# Networks inside which an IPv6 address carries an IPv4 one, that decides.
NAT64 = ipaddress.ip_network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], list[str]]


class FetchRefused(Exception):
    """Nothing was fetched; the text is one sentence for the person who named the address."""


@dataclass(frozen=True)
class Fetched:
    url: str
    """Where it was found in the end, after redirects."""
    data: bytes
    media_type: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def fetch(url: str, *, most_bytes: int, seconds: float, accept: str = "*/*") -> Fetched:
    """The body at ``url``, of at most ``most_bytes``, within ``seconds`` in all. Raises ``FetchRefused``."""
    until = time.monotonic() + seconds
    for _hop in range(MOST_REDIRECTS + 1):
        parts = _checked(url)
        try:
            answer = _ask(parts, most_bytes, until, accept)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise FetchRefused(
                _("%(host)s did not answer as expected: %(problem)s.")
                % {"host": parts.hostname, "problem": error or type(error).__name__}
            ) from error
        if isinstance(answer, Fetched):
            return answer
        url = urljoin(url, answer)
    raise FetchRefused(_("The address leads on to others without end."))


def is_public(address: Address) -> bool:
    """Whether ``address`` is one that anybody in the world may reach."""
    inner = _inside(address)
    if inner is not None:
        return is_public(inner)
    return address.is_global and not (
        address.is_multicast
        or address.is_reserved
        or address.is_unspecified
        or address.is_loopback
        or address.is_link_local
        or address.is_private
    )


def _inside(address: Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 one stands for, by mapping, 6to4, Teredo or NAT64."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address.teredo is not None:
        return address.teredo[1]
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def _checked(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise FetchRefused(_("This is not an address.")) from error
    if parts.scheme not in PORTS or not parts.hostname or len(url) > LONGEST_URL:
        raise FetchRefused(_("Only addresses that begin with https:// or http:// are fetched."))
    if parts.username is not None or parts.password is not None:
        raise FetchRefused(_("Addresses with a name or a password in them are not fetched."))
    if port not in (None, PORTS[parts.scheme]) and not _is_allowed(parts):
        raise FetchRefused(_("Only the usual ports of the web are fetched from."))
    return parts


def _is_allowed(parts: SplitResult) -> bool:
    """Whether those who run the machine named this very host and port, private or not."""
    return f"{parts.hostname}:{_port(parts)}" in settings.FETCH_ALLOW


def _port(parts: SplitResult) -> int:
    return parts.port or PORTS[parts.scheme]


def look_up(host: str, port: int) -> list[str]:
    """All addresses of ``host``, as the system finds them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(row[4][0]) for row in found))


resolve: Resolve = look_up


def _public_address(parts: SplitResult, until: float) -> str:
    """The address to connect to. One private one among several is enough to refuse the name."""
    host = parts.hostname or ""
    addresses = _within(until, lambda: resolve(host, _port(parts)))
    if not addresses:
        raise FetchRefused(_("%(host)s is not known.") % {"host": host})
    if not _is_allowed(parts):
        for address in addresses:
            if not is_public(ipaddress.ip_address(address.split("%", 1)[0])):
                raise FetchRefused(
                    _("%(host)s is an address inside a private network, which is not fetched from.")
                    % {"host": host}
                )
    return addresses[0]


def _within(until: float, call: Callable[[], list[str]]) -> list[str]:
    """``call``'s answer if it comes in time: the system's resolver knows no timeout."""
    box: list[list[str] | OSError] = []

    def run() -> None:
        try:
            box.append(call())
        except (OSError, UnicodeError) as error:
            box.append(OSError(str(error)))

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(max(0.0, until - time.monotonic()))
    if not box:
        raise TimeoutError("looking up the name took too long")
    if isinstance(box[0], OSError):
        raise box[0]
    return box[0]


def _ask(parts: SplitResult, most_bytes: int, until: float, accept: str) -> Fetched | str:
    """The body, or where a redirect points."""
    address = _public_address(parts, until)
    connection = _connected(parts, address, until)
    # A server that drips its answer byte by byte keeps within every timeout of a socket, not within this.
    cut = threading.Timer(_left(until), _cut, [connection.sock])
    cut.daemon = True
    cut.start()
    try:
        target = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._") + (
            f"?{parts.query}" if parts.query else ""
        )
        connection.request(
            "GET",
            target,
            headers={
                "Accept": accept,
                "Accept-Encoding": "identity",
                "User-Agent": f"Vernissage (+{settings.SITE_URL})",
                "Connection": "close",
            },
        )
        response = connection.getresponse()
        if response.status in REDIRECTS:
            return response.headers.get("Location") or ""
        if response.status != http.HTTPStatus.OK:
            raise OSError(f"HTTP {response.status}")
        if response.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise OSError("it is compressed, though that was not asked for")
        data = _read(response, most_bytes)
        _left(until)  # what was cut off is no whole
        media_type = response.headers.get_content_type()
        return Fetched(parts.geturl(), data, media_type)
    finally:
        cut.cancel()
        connection.close()


def _cut(sock: socket.socket) -> None:
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


def _connected(parts: SplitResult, address: str, until: float) -> http.client.HTTPConnection:
    """A connection to ``address`` and nowhere else, under the name that was asked for."""
    host, port = parts.hostname or "", _port(parts)
    raw = socket.create_connection((address, port), timeout=_left(until))
    try:
        peer = ipaddress.ip_address(raw.getpeername()[0].split("%", 1)[0])
        if not _is_allowed(parts) and not is_public(peer):
            raise OSError("the connection led into a private network")
        if parts.scheme == "https":
            raw = ssl.create_default_context().wrap_socket(raw, server_hostname=host)
    except BaseException:
        raw.close()
        raise
    connection = http.client.HTTPConnection(host, port)
    connection.sock = raw  # http.client then opens none of its own
    connection.auto_open = 0
    return connection


def _read(response: http.client.HTTPResponse, most_bytes: int) -> bytes:
    """Piece by piece, so that a server that pours is cut off."""
    data = bytearray()
    while piece := response.read1(PIECE):
        data += piece
        if len(data) > most_bytes:
            raise FetchRefused(
                _("What lies there is larger than %(most)d MB.") % {"most": max(1, most_bytes // 1_000_000)}
            )
    if response.length:
        raise OSError("it broke off")
    return bytes(data)


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError("it took too long")
    return left
