"""``make run``'s own program, as a process on a machine where no server is configured."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from django.conf import settings

from tests.processes import family

ROOT = Path(__file__).parents[2]
PATIENCE_S = 60
LEFT_TO_US = {
    "DATABASE_URL",
    "VALKEY_URL",
    "BROKER_URL",
    "SITE_URL",
    "SECRET_KEY",
    "MEDIA_ROOT",
    "STATIC_ROOT",
}
NOWHERE = (
    "http://127.0.0.1:9/none"  # the port that nobody listens on: the trust lists are out of reach at once
)

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("processes"), pytest.mark.timeout(180)]


class Machine:
    """A folder to run in, a free port, and what was started there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self._started: list[subprocess.Popen[bytes]] = []

    @property
    def environment(self) -> dict[str, str]:
        return {name: value for name, value in os.environ.items() if name not in LEFT_TO_US} | {
            "VAR_DIR": str(self.folder),
            "MODELS_DIR": str(settings.MODELS_DIR),
            "PORT": str(self.port),
            "TRUST_LIST_URL": NOWHERE,
            "TRUST_CAI_ANCHORS_URL": NOWHERE,
            "TRUST_CAI_ALLOWED_URL": NOWHERE,
        }

    def start(self) -> subprocess.Popen[bytes]:
        with (self.folder / "said").open("ab") as said:
            process = subprocess.Popen(
                [sys.executable, "-m", "config.run"],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )
        self._started.append(process)
        return process

    def start_and_wait(self) -> tuple[subprocess.Popen[bytes], float]:
        """The supervisor once the site answers, and the seconds that took."""
        began = time.monotonic()
        process = self.start()
        while not answers(self.port):
            assert process.poll() is None, self.said
            assert time.monotonic() - began < PATIENCE_S, self.said
            time.sleep(0.1)
        return process, time.monotonic() - began

    @property
    def said(self) -> str:
        return (self.folder / "said").read_text(errors="replace")

    def close(self) -> None:
        for process in self._started:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGINT)
            try:
                process.wait(PATIENCE_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        family.kill(self.folder)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    with (
        contextlib.suppress(OSError),
        urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as said,
    ):
        return bool(said.read() == b"ok\n")
    return False


@pytest.fixture
def machine() -> Iterator[Machine]:
    folder = Path(tempfile.mkdtemp(prefix="run-"))
    folder.chmod(0o755)  # PostgreSQL steps down from root and must pass
    machine = Machine(folder)
    try:
        yield machine
    finally:
        machine.close()
        shutil.rmtree(folder, ignore_errors=True)


def names(processes: set[psutil.Process]) -> set[str]:
    """Which of the parts that matter run among ``processes``."""
    lines = " ".join(family.words(processes))
    parts = {
        "gunicorn": "web",
        "worker": "worker",
        "beat": "beat",
        "postgres": "PostgreSQL",
        "valkey": "Valkey",
    }
    return {name for sign, name in parts.items() if sign in lines}


ALL_PARTS = {"web", "worker", "beat", "PostgreSQL", "Valkey"}


def test_nothing_outlives_ctrl_c_nor_a_killed_supervisor_and_the_second_start_is_quick(
    machine: Machine,
) -> None:
    supervisor, first_s = machine.start_and_wait()
    running = family.family(machine.folder)
    assert names(running) == ALL_PARTS

    began = time.monotonic()
    supervisor.send_signal(signal.SIGINT)
    status = supervisor.wait(PATIENCE_S)
    end_s = time.monotonic() - began

    assert family.wait_until_gone(machine.folder, running, seconds=1) == []
    assert status == 0
    assert machine.said.rstrip().endswith("Stopped.")
    assert "Traceback" not in machine.said

    busy = max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))  # who shares the cores waits for its share
    supervisor, second_s = machine.start_and_wait()
    running = family.family(machine.folder)
    assert names(running) == ALL_PARTS
    assert second_s < 15 * busy

    began = time.monotonic()
    supervisor.kill()
    supervisor.wait()
    left = family.wait_until_gone(machine.folder, running, seconds=30)
    kill_s = time.monotonic() - began

    assert left == []
    print(  # noqa: T201 -- times for whoever runs this with -s
        f"\nmake run: up in {first_s:.1f} s, ended in {end_s:.1f} s, up again in {second_s:.1f} s, "
        f"all gone {kill_s:.1f} s after its supervisor was killed"
    )


def test_a_taken_port_is_one_clear_sentence(machine: Machine) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", machine.port))
        taken.listen()

        status = machine.start().wait(PATIENCE_S)

    assert status == 1
    assert (
        machine.said
        == f"Port {machine.port} is taken. Free it, or choose another: make run PORT={machine.port + 1}\n"
    )
    assert family.family(machine.folder) == set()
