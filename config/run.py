"""``make run``: everything on one machine, and nothing left of it after Ctrl-C."""

import contextlib
import ctypes
import errno
import hashlib
import io
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
from django.contrib.staticfiles.finders import get_finders
from django.core.management import CommandError, call_command

from config.messages import compile_messages
from config.services import Places, ServiceError, kept

ROOT = Path(__file__).parent.parent
TRUST_LISTS_FRESH_S = 7 * 24 * 3600
PR_SET_PDEATHSIG = 1  # prctl(2): the kernel ends the child when its parent dies


class CannotRun(Exception):
    """Why nothing runs; one sentence for the person at the terminal."""


@dataclass(frozen=True)
class Part:
    """A process that makes up the running site, started with the interpreter we run in."""

    name: str
    arguments: tuple[str, ...]
    patience_s: float = 10  # how long it may take to finish what it has in hand
    may_end: bool = False


Processes = dict[Part, "subprocess.Popen[bytes]"]


def parts(host: str, port: int) -> list[Part]:
    # Celery warns root at length; whoever runs this as root on their own machine knows.
    celery = ("-W", "ignore:You're running the worker", "-m", "celery", "-A", "config.celery", "--quiet")
    quiet = ("--loglevel", "WARNING")
    processes = str(min(os.cpu_count() or 1, 2))
    worker = (*celery, "worker", "-Q", "desk,vision,sweep", "-c", processes, "--without-mingle", *quiet)
    web = ("-m", "gunicorn", "config.wsgi", f"--bind={host}:{port}", "--log-level=warning")
    threads = ("--workers=2", "--worker-class=gthread", "--threads=4")
    return [
        Part("worker", worker, patience_s=20),
        Part("beat", (*celery, "beat", "--pidfile=", *quiet)),
        Part("web", (*web, *threads)),
        Part("demo", ("manage.py", "demo", "--if-empty"), may_end=True),
    ]


def main() -> None:
    host, port = "127.0.0.1", int(os.environ.get("PORT", "8000"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("SITE_URL", f"http://{host}:{port}")
    os.environ.setdefault("TORCH_THREADS", "1")  # two worker processes share the cores
    os.environ.setdefault("LOG_LEVEL", "WARNING")  # a person reads this terminal
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
    for asked in (signal.SIGTERM, signal.SIGINT):  # the latter is ignored where a script started us with "&"
        signal.signal(asked, _interrupt)
    _check_port(host, port)
    django.setup()
    _prepare_files()
    with kept(Places.of(settings)), _running() as processes:
        call_command("migrate", verbosity=0)
        *site, demo = parts(host, port)
        for part in site:
            processes[part] = _start(part)
        _wait_for_web(host, port, processes)
        _say(f"\nVernissage is at http://{host}:{port}/ - Ctrl-C stops it.")
        processes[demo] = _start(demo)
        while True:
            _check_that_all_run(processes)
            time.sleep(0.5)


def _prepare_files() -> None:
    """What the processes need before they start; each step does nothing where it was done before."""
    call_command("weights", stdout=io.StringIO())
    compile_messages()
    _collect_static()
    _try_to_fetch_trust_lists()


def _collect_static() -> None:
    """Collect and compress style sheets and scripts, which takes seconds, unless none has changed."""
    files = (storage.path(name) for finder in get_finders() for name, storage in finder.list([]))
    state = sorted((path, Path(path).stat().st_mtime_ns) for path in files)
    digest = hashlib.sha256(repr(state).encode()).hexdigest()
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    if stamp.exists() and stamp.read_text() == digest:
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(digest)


def _try_to_fetch_trust_lists() -> None:
    """Once a week; without them signers are "not recognised", which is true and harms nobody."""
    listed = settings.TRUST_DIRS[0] / "C2PA-TRUST-LIST.pem"
    if listed.exists() and time.time() - listed.stat().st_mtime < TRUST_LISTS_FRESH_S:
        return
    try:
        call_command("trust", "update", stdout=io.StringIO(), stderr=io.StringIO())
    except CommandError:
        _say("The C2PA trust lists are out of reach; going on without: signers will show as not recognised.")


def _check_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise CannotRun(
                f"Port {port} is taken. Free it, or choose another: make run PORT={port + 1}"
            ) from None


@contextlib.contextmanager
def _running() -> Iterator[Processes]:
    """A place for processes; all of them end together, each in its own time, when the block does."""
    processes: Processes = {}
    try:
        yield processes
    finally:
        for process in processes.values():
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
        began = time.monotonic()
        for part, process in processes.items():
            _end(process, began + part.patience_s - time.monotonic())


def _end(process: "subprocess.Popen[bytes]", patience_s: float) -> None:
    try:
        process.wait(max(0.0, patience_s))
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _start(part: Part) -> "subprocess.Popen[bytes]":
    """In a session of its own: Ctrl-C reaches only us, and each part may finish what it has in hand."""
    return subprocess.Popen(
        [sys.executable, *part.arguments],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=_die_with_parent,  # noqa: PLW1509 -- one prctl call, no locks, no threads yet
    )


def _die_with_parent() -> None:
    with contextlib.suppress(OSError, AttributeError):  # other systems than Linux go without
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _wait_for_web(host: str, port: int, processes: Processes) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        _check_that_all_run(processes)
        with contextlib.suppress(OSError), socket.create_connection((host, port), timeout=1):
            return
        time.sleep(0.1)
    raise CannotRun("The web server did not answer within a minute.")


def _check_that_all_run(processes: Processes) -> None:
    for part, process in processes.items():
        if process.poll() is not None and not part.may_end:
            raise CannotRun(
                f"The {part.name} process ended by itself (status {process.returncode}); "
                "its last words are above."
            )


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _say(words: str) -> None:
    print(words, flush=True)  # noqa: T201 -- this is a person's terminal


if __name__ == "__main__":
    main()
