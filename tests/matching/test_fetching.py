"""The way out leads to public addresses only, whatever a name, a redirect or a slow server tries."""

import ipaddress
import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest

from matching import fetching
from matching.fetching import FetchRefused, fetch, is_public
from tests.matching.web import Web, serving


@pytest.fixture
def web() -> Iterator[Web]:
    with serving() as found:
        yield found


@pytest.fixture
def allowed(web: Web, settings: Any) -> Web:
    settings.FETCH_ALLOW = [web.host]
    return web


def get(url: str, **options: Any) -> fetching.Fetched:
    return fetch(url, **{"most_bytes": 1000, "seconds": 5, **options})


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",  # where clouds keep their secrets
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2002:a00:1::",
    ],
)
def test_addresses_that_are_not_everybodys_are_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "64:ff9b::101:101"])
def test_addresses_of_the_open_net_are_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


def test_a_private_address_is_not_knocked_at(web: Web) -> None:
    web.bodies["/"] = b"secret"

    with pytest.raises(FetchRefused):
        get(web.url("/"))

    assert web.asked == []


@pytest.mark.parametrize("host", ["localhost", "2130706433", "0x7f.1", "127.1", "[::ffff:127.0.0.1]"])
def test_other_spellings_of_this_machine_are_refused_too(web: Web, host: str) -> None:
    with pytest.raises(FetchRefused):
        get(f"http://{host}/")


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://example.org/",
        "gopher://example.org/",
        "http://user:word@example.org/",
        "http://example.org:22/",
        "http:///nothing",
        "https://example.org:99999/",
        "not an address",
    ],
)
def test_only_plain_web_addresses_are_fetched(url: str) -> None:
    with pytest.raises(FetchRefused):
        get(url)


def test_a_host_that_is_named_in_the_settings_is_fetched_from(allowed: Web) -> None:
    allowed.bodies["/page"] = b"here it is"
    allowed.headers["/page"] = {"Content-Type": "text/plain; charset=utf-8"}

    found = get(allowed.url("/page"))

    assert (found.data, found.media_type, found.url) == (b"here it is", "text/plain", allowed.url("/page"))


def test_a_redirect_goes_through_the_same_door(allowed: Web) -> None:
    with serving() as inside:  # another port: not in the settings
        inside.bodies["/"] = b"secret"
        allowed.redirects["/out"] = inside.url("/")

        with pytest.raises(FetchRefused):
            get(allowed.url("/out"))

        assert (allowed.asked, inside.asked) == (["/out"], [])


def test_redirects_are_followed_but_not_for_ever(allowed: Web) -> None:
    allowed.redirects |= {"/one": "/two", "/round": "/round"}
    allowed.bodies["/two"] = b"there"

    assert get(allowed.url("/one")).data == b"there"
    with pytest.raises(FetchRefused):
        get(allowed.url("/round"))
    assert allowed.asked.count("/round") == fetching.MOST_REDIRECTS + 1


def test_a_name_that_answers_differently_the_second_time_gains_nothing(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rebinding: public when it is checked, private when it is used. It is asked once, and that is used."""
    asked: list[str] = []

    def rebinding(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["192.0.2.1"] if len(asked) == 1 else ["127.0.0.1"]

    connected: list[tuple[str, int]] = []

    def refuse(address: tuple[str, int], **_options: Any) -> Any:
        connected.append(address)
        raise OSError("nobody answers there")

    monkeypatch.setattr(fetching, "resolve", rebinding)
    monkeypatch.setattr(fetching, "is_public", lambda address: str(address) == "192.0.2.1")
    monkeypatch.setattr(socket, "create_connection", refuse)

    with pytest.raises(FetchRefused):
        get("http://rebinding.example/")

    assert (asked, connected) == (["rebinding.example"], [("192.0.2.1", 80)])


def test_one_private_address_among_public_ones_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "resolve", lambda _host, _port: ["1.1.1.1", "10.0.0.1"])
    monkeypatch.setattr(socket, "create_connection", pytest.fail)

    with pytest.raises(FetchRefused):
        get("http://mixed.example/")


def test_more_bytes_than_were_allowed_are_not_read(allowed: Web) -> None:
    allowed.bodies["/large"] = bytes(1001)
    allowed.bodies["/fits"] = bytes(1000)

    assert len(get(allowed.url("/fits")).data) == 1000
    with pytest.raises(FetchRefused):
        get(allowed.url("/large"))


def test_a_server_that_drips_is_cut_off(allowed: Web) -> None:
    allowed.drips.add("/slow")
    begun = time.monotonic()

    with pytest.raises(FetchRefused):
        get(allowed.url("/slow"), seconds=0.5)

    assert time.monotonic() - begun < 3


def test_compression_that_was_not_asked_for_is_refused(allowed: Web) -> None:
    allowed.bodies["/bomb"] = b"\x1f\x8b"
    allowed.headers["/bomb"] = {"Content-Encoding": "gzip"}

    with pytest.raises(FetchRefused):
        get(allowed.url("/bomb"))


def test_an_answer_that_is_no_page_is_refused(allowed: Web) -> None:
    with pytest.raises(FetchRefused):
        get(allowed.url("/missing"))
