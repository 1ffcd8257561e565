"""milvus-lite's local server for tests; where it is not installed, they are skipped and say so."""

import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from matching.engine.index import milvus as module
from matching.engine.index.milvus import MilvusServer


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MilvusServer]:
    """The server in a process of its own."""
    for package in ("pymilvus", "milvus_lite"):
        pytest.importorskip(
            package, reason=f"{package} is not installed: pip install -r requirements-dev.txt"
        )
    folder = tmp_path_factory.mktemp("milvus")
    with contextlib.closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = Path(sys.executable).with_name("milvus-lite")
    where = ["--data-dir", str(folder / "data"), "--host", "127.0.0.1", "--port", str(port)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([program, "server", *where], stdout=log, stderr=log)
        try:
            yield reached(MilvusServer(f"http://127.0.0.1:{port}"), process, folder / "log")
        finally:
            module._client.cache_clear()
            process.terminate()
            process.wait(20)


def reached(server: MilvusServer, process: "subprocess.Popen[bytes]", log: Path) -> MilvusServer:
    deadline = time.monotonic() + 60
    while True:
        try:
            server.client().list_collections()
        except Exception:
            if process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"milvus-lite did not start: {log.read_text()[-2000:]}")
            time.sleep(0.3)
        else:
            return server
