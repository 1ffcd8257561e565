"""``make run``: everything on one machine, and nothing left of it after Ctrl-C."""

import contextlib
import ctypes
import errno
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import django
from django.conf import settings
from django.core.management import CommandError, call_command

from config.messages import compile_messages
from config.services import Places, ServiceError, kept

ROOT = Path(__file__).parent.parent
PR_SET_PDEATHSIG = 1  # prctl(2): the kernel ends the child when its parent dies


class CannotRun(Exception):
    """Why nothing runs; one sentence for the person at the terminal."""


@dataclass(frozen=True)
class Part:
    """A process that makes up the running site, started with the interpreter we run in."""

    name: str
    arguments: list[str]
    patience_s: float = 10  # how long it may take to finish what it has in hand


def parts(host: str, port: int) -> list[Part]:
    celery = ["-m", "celery", "-A", "config", "--quiet"]
    processes = str(min(os.cpu_count() or 1, 2))
    return [
        Part(
            "worker",
            [*celery, "worker", "-Q", "desk,vision", "-c", processes, "--loglevel", "WARNING", "--without-mingle"],
            patience_s=20,
        ),
        Part("beat", [*celery, "beat", "--loglevel", "WARNING", "--pidfile="]),
        Part(
            "web",
            [
                "-m",
                "gunicorn",
                "config.wsgi",
                f"--bind={host}:{port}",
                "--workers=2",
                "--threads=4",
                "--worker-class=gthread",
                "--log-level=warning",
                "--forwarded-allow-ips=127.0.0.1",
            ],
        ),
    ]


def main() -> None:
    host, port = "127.0.0.1", int(os.environ.get("PORT", "8000"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("SITE_URL", f"http://{host}:{port}")
    os.environ.setdefault("TORCH_THREADS", "1")  # two worker processes share the cores
    try:
        _run(host, port)
    except KeyboardInterrupt:
        _say("Stopped.")
    except (CannotRun, ServiceError, CommandError) as error:
        sys.exit(str(error))
    except OSError as error:
        if error.errno == errno.ENOSPC:
            sys.exit(f"The disk is full: {settings.VAR_DIR} needs about 2 GB.")
        raise


def _run(host: str, port: int) -> None:
    signal.signal(signal.SIGTERM, _interrupt)
    _check_port(host, port)
    django.setup()
    _prepare_files()
    with kept(Places.of(settings)), contextlib.ExitStack() as running:
        call_command("migrate", verbosity=0)
        processes = {part.name: running.enter_context(_started(part)) for part in parts(host, port)}
        _wait_for_web(host, port, processes["web"])
        _say(f"\nVernissage is at http://{host}:{port}/ - Ctrl-C stops it.")
        call_command("demo", if_empty=True)
        _wait_for_an_end(processes)


def _prepare_files() -> None:
    """What the processes need before they start; each step does nothing where it was done before."""
    call_command("weights", verbosity=0)
    compile_messages()
    call_command("collectstatic", interactive=False, verbosity=0)
    try:
        call_command("trust", "update", "--if-older", "7", verbosity=0)
    except CommandError as error:
        _say(f"Going on without fresh trust lists: {error}")


def _check_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise CannotRun(f"Port {port} is taken. Free it, or choose another: make run PORT={port + 1}") from None


@contextlib.contextmanager
def _started(part: Part) -> Iterator["subprocess.Popen[bytes]"]:
    """Run ``part`` for the length of the block, in a session of its own, so that Ctrl-C reaches only us and we
    can let each part finish what it has in hand."""
    process = subprocess.Popen(
        [sys.executable, *part.arguments],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=_die_with_parent,  # noqa: PLW1509 -- one prctl call, no locks, no threads yet
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        try:
            process.wait(part.patience_s)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _die_with_parent() -> None:
    with contextlib.suppress(OSError, AttributeError):  # other systems than Linux go without
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _wait_for_web(host: str, port: int, web: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if web.poll() is not None:
            raise CannotRun("The web server ended while starting; its last words are above.")
        with contextlib.suppress(OSError), socket.create_connection((host, port), timeout=1):
            return
        time.sleep(0.1)
    raise CannotRun("The web server did not answer within a minute.")


def _wait_for_an_end(processes: dict[str, "subprocess.Popen[bytes]"]) -> None:
    while True:
        for name, process in processes.items():
            if process.poll() is not None:
                raise CannotRun(f"The {name} process ended by itself (status {process.returncode}).")
        time.sleep(0.5)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _say(words: str) -> None:
    print(words, flush=True)  # noqa: T201 -- this is a person's terminal


if __name__ == "__main__":
    main()
