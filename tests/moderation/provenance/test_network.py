"""No network, by construction: real servers count who comes, in this process and in a forked one."""

import multiprocessing
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import c2pa
import pytest

from moderation.provenance import Integrity, TrustLists, read, read_traces
from tests.moderation.provenance.signing import Authority, Leaf, Made, created, picture, sign


class Listener:
    """A TCP server that only counts connections."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.connections = 0
        threading.Thread(target=self._count, daemon=True).start()

    def _count(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            connection.close()

    def close(self) -> None:
        self._socket.close()


@contextmanager
def listening() -> Iterator[Listener]:
    listener = Listener()
    try:
        yield listener
    finally:
        listener.close()


@pytest.mark.parametrize("embed", [True, False])
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_the_address_of_a_manifest_is_never_visited(
    root: Authority, signer: Leaf, kind: str, *, embed: bool
) -> None:
    with listening() as listener:
        address = f"http://127.0.0.1:{listener.port}/manifest.c2pa"
        made = Made([created("digitalCapture")], remote_url=address, embed=embed)
        file = sign(picture(1, kind), signer, made, media=f"image/{kind.lower()}")

        found = read(file, trust=root.trusted)
        read_traces(file)

        assert found.integrity is (Integrity.INTACT if embed else Integrity.REMOTE_ONLY)
        assert listener.connections == 0


def test_the_counting_server_does_see_the_library_without_our_settings(signer: Leaf) -> None:
    """The test above could fail: by default the library does go there."""
    import io

    with listening() as listener:
        address = f"http://127.0.0.1:{listener.port}/manifest.c2pa"
        file = sign(picture(), signer, Made([created("digitalCapture")], remote_url=address, embed=False))

        with pytest.raises(c2pa.C2paError), c2pa.Context.from_dict({}) as context:
            c2pa.Reader.try_create("image/jpeg", io.BytesIO(file), context=context)

        assert listener.connections > 0


def test_an_identity_that_lives_on_the_web_is_not_looked_up(root: Authority, signer: Leaf) -> None:
    with listening() as listener:
        identity = {
            "signer_payload": {"sig_type": "cawg.identity_claims_aggregation", "referenced_assertions": []},
            "signature": f"did:web:127.0.0.1%3A{listener.port}",
        }
        made = Made([created("digitalCapture")], assertions=[{"label": "cawg.identity", "data": identity}])

        found = read(sign(picture(), signer, made), trust=root.trusted)

        assert "identity" in found.flags
        assert listener.connections == 0


def test_python_opens_no_socket_and_asks_for_no_name(
    root: Authority, signer: Leaf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library's own sockets are counted above; this one watches ours."""
    asked: list[str] = []

    def guard(name: str) -> Callable[..., None]:
        def refuse(*arguments: object, **_named: object) -> None:
            asked.append(f"{name}{arguments}")
            raise AssertionError(asked[-1])

        return refuse

    address = "http://127.0.0.1:9/manifest.c2pa"
    files = [
        sign(picture(), signer, Made([created("digitalCapture")], remote_url=address, embed=embed))
        for embed in (True, False)
    ]
    monkeypatch.setattr(socket.socket, "connect", guard("connect"))
    monkeypatch.setattr(socket.socket, "sendto", guard("sendto"))
    monkeypatch.setattr(socket, "getaddrinfo", guard("getaddrinfo"))
    monkeypatch.setattr(socket, "create_connection", guard("create_connection"))

    for file in files:
        read(file, trust=root.trusted)
        read_traces(file)

    assert asked == []


def _read_in_child(file: bytes, trust: TrustLists, answers: "multiprocessing.Queue[str]") -> None:
    answers.put(str(read(file, trust=trust).signer))


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_process_reads_as_its_parent_did(root: Authority, signer: Leaf) -> None:
    file = sign(picture(), signer, Made([created("digitalCapture")]))
    before = read(file, trust=root.trusted).signer
    forking = multiprocessing.get_context("fork")
    answers: multiprocessing.Queue[str] = forking.Queue()

    child = forking.Process(target=_read_in_child, args=(file, root.trusted, answers))
    child.start()
    answer = answers.get(timeout=30)
    child.join(30)

    assert (answer, child.exitcode) == (before, 0)


def test_many_threads_share_one_context(root: Authority, signer: Leaf) -> None:
    from concurrent.futures import ThreadPoolExecutor

    file = sign(picture(), signer, Made([created("digitalCapture")]))

    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(lambda _: read(file, trust=root.trusted).signer, range(64)))

    assert answers == {"trusted"}
