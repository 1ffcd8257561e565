"""The containers' own start commands, by hand, against servers that Debian packages; all by environment."""

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import pytest
from django.conf import settings

from tests.processes import family, letters

ROOT = Path(__file__).parents[2]
PATIENCE_S = 120
GRACE_S = 10  # what "docker stop" gives a container between SIGTERM and SIGKILL
OLDEST_POSTGRES = 15
PASSWORD = "between-containers"
HAND_IN = """
from moderation.demo import story
contest, entrant, artist = story.the_stage()
next(story.hand_in(contest, entrant))
"""

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("processes")]


def postgres_programs() -> Path | None:
    """The newest of Debian's PostgreSQL that is new enough."""
    folders = Path("/usr/lib/postgresql").glob("*/bin/postgres")
    versions = {int(path.parts[-3]): path.parent for path in folders if path.parts[-3].isdecimal()}
    newest = max(versions, default=0)
    return versions[newest] if newest >= OLDEST_POSTGRES else None


def postgres_user() -> str | None:
    """Who runs PostgreSQL, which refuses root: Debian's own user; None for ourselves."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Machine:
    """Debian's servers and our processes, with one folder for everything that they write."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.web_port, self.postgres_port, self.redis_port = free_port(), free_port(), free_port()
        self.address = f"http://127.0.0.1:{self.web_port}"
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def environment(self) -> dict[str, str]:
        """Nothing of the test run's own environment but where programs lie."""
        return {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "LANG": "C.UTF-8",
            "SECRET_KEY": "only-for-this-test-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
            "SITE_URL": self.address,
            "BIND": f"127.0.0.1:{self.web_port}",
            "DATABASE_URL": f"postgres://vernissage:{PASSWORD}@127.0.0.1:{self.postgres_port}/vernissage",
            "VALKEY_URL": f"redis://127.0.0.1:{self.redis_port}/0",
            "VAR_DIR": str(self.folder / "var"),
            "MODELS_DIR": str(settings.MODELS_DIR),
            "BEAT_SCHEDULE": str(self.folder / "beat"),
            "SWEEP_SECONDS": "1",
            "TORCH_THREADS": "1",
            "WORKERS": "1",
            "WEB_WORKERS": "1",
        }

    def start_servers(self, programs: Path, user: str | None) -> None:
        data, secret = self.folder / "postgres", self.folder / "secret"
        secret.write_text(PASSWORD)
        data.mkdir(mode=0o700)
        if user:
            shutil.chown(data, user)
            shutil.chown(secret, user)
        owner = ("-U", "vernissage", "--auth=scram-sha-256", f"--pwfile={secret}")
        made = self._run(
            "initdb", [programs / "initdb", "-D", data, *owner, "--locale=C.UTF-8", "--no-sync"], user
        )
        assert made == 0, self.log("initdb")
        only_here = ("-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off")
        self.start(
            "postgres",
            [programs / "postgres", "-D", data, "-p", str(self.postgres_port), *only_here],
            user=user,
        )
        quiet = ("--save", "", "--appendonly", "no", "--dir", str(self.folder), "--bind", "127.0.0.1")
        self.start("redis", ["redis-server", "--port", str(self.redis_port), *quiet])
        ready: list[str | Path] = [programs / "pg_isready", "-h", "127.0.0.1", "-p", str(self.postgres_port)]
        self.wait(lambda: self._run("ready", ready) == 0, "PostgreSQL's first word")
        create: list[str | Path] = [
            programs / "createdb",
            "-h",
            "127.0.0.1",
            "-p",
            str(self.postgres_port),
            "vernissage",
        ]
        login = {"PGUSER": "vernissage", "PGPASSWORD": PASSWORD}
        assert self._run("createdb", create, extra=login) == 0, self.log("createdb")

    def _run(
        self,
        name: str,
        command: Sequence[str | Path],
        user: str | None = None,
        extra: dict[str, str] | None = None,
    ) -> int:
        self.start(name, command, user=user, extra=extra)
        return self.finish(name)

    def start(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        user: str | None = None,
        extra: dict[str, str] | None = None,
    ) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(
                command,
                cwd="/" if user else ROOT,
                env=self.environment | (extra or {}),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                user=user,
                start_new_session=True,
            )

    def finish(self, name: str) -> int:
        return self._running.pop(name).wait(PATIENCE_S)

    def stop(self, name: str, within_s: float) -> int:
        """End it as "docker stop" does, and return its status."""
        process = self._running.pop(name)
        process.terminate()
        try:
            return process.wait(within_s)
        finally:
            process.kill()

    def page(self, path: str) -> str:
        with contextlib.suppress(OSError), urllib.request.urlopen(self.address + path, timeout=20) as answer:
            return str(answer.read().decode())
        return ""

    @property
    def subjects(self) -> list[str]:
        """Of the letters that the entrant got."""
        posted = letters.read(self.folder / "var" / "mail")
        return [letter.subject for letter in posted if letter.to == "entrant@example.org"]

    def wait(self, until: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not until():
            ended = [name for name, process in self._running.items() if process.poll() is not None]
            assert not ended, f"ended by themselves:\n{self.last_words(ended)}"
            assert time.monotonic() < deadline, f"{what} did not come:\n{self.last_words(self._running)}"
            time.sleep(0.2)

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def last_words(self, names: Iterable[str]) -> str:
        return "\n".join(f"{name}: {self.log(name)[-2000:]}" for name in names)

    def close(self) -> None:
        for process in self._running.values():
            process.kill()
            process.wait()
        family.kill(self.folder)


@pytest.fixture
def machine() -> Iterator[Machine]:
    programs = postgres_programs()
    if programs is None or not shutil.which("redis-server"):
        pytest.skip(f"needs Debian's packages postgresql (≥ {OLDEST_POSTGRES}) and redis-server")
    folder = Path(tempfile.mkdtemp(prefix="debian-"))
    folder.chmod(0o755)  # PostgreSQL runs as another user and must pass
    machine = Machine(folder)
    try:
        machine.start_servers(programs, postgres_user())
        yield machine
    finally:
        machine.close()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.timeout(300)
def test_the_containers_commands_bring_an_entry_to_the_wall_on_debians_servers(machine: Machine) -> None:
    machine.start("collectstatic", ["python", "manage.py", "collectstatic", "--noinput", "--verbosity", "0"])
    machine.start("migrate", ["docker/start", "migrate"])
    assert machine.finish("migrate") == 0, machine.log("migrate")
    for name in ("worker", "vision", "beat"):
        machine.start(name, ["docker/start", name])
    assert machine.finish("collectstatic") == 0, machine.log("collectstatic")
    machine.start("web", ["docker/start", "web"])
    machine.wait(lambda: machine.page("/healthz") == "ok\n", "the web server's word")

    machine.start("shell", ["python", "manage.py", "shell", "--no-imports", "-c", HAND_IN])
    assert machine.finish("shell") == 0, machine.log("shell")

    gallery = "/contests/spring-salon/gallery/?category=human"
    machine.wait(lambda: "Morning cup" in machine.page(gallery), "the entry's place in the gallery")
    machine.wait(lambda: "“Morning cup” hangs" in machine.subjects, "the letter to the entrant")
    assert "moderation.tasks.screen" in machine.log("worker")
    assert "moderation.tasks.see" in machine.log("vision")
    ours = ("web", "beat", "vision", "worker")
    assert {name: machine.stop(name, GRACE_S) for name in ours} == dict.fromkeys(ours, 0)
    assert machine.stop("redis", GRACE_S) == 0
    machine.stop("postgres", GRACE_S)
    assert family.wait_until_gone(machine.folder, [], seconds=5) == []


def compose() -> list[str]:
    for command in (["docker", "compose"], ["docker-compose"]):
        if (
            shutil.which(command[0])
            and subprocess.run([*command, "version"], capture_output=True).returncode == 0
        ):
            return [*command, "-f", "docker/compose.yaml"]
    pytest.skip("needs docker compose, to read compose.yaml")


def read_compose(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Docker's own reading of compose.yaml; no engine has to run for it."""
    return subprocess.run(
        [*compose(), "config", *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_compose_reads_the_file_with_every_service() -> None:
    read = read_compose("--services", SECRET_KEY="long and random", POSTGRES_PASSWORD=PASSWORD)

    assert read.returncode == 0, read.stderr
    services = {"migrate", "web", "worker", "vision", "beat", "postgres", "valkey"}
    assert set(read.stdout.split()) == services


def test_compose_refuses_to_start_without_a_secret_key() -> None:
    read = read_compose("--quiet", POSTGRES_PASSWORD=PASSWORD)

    assert read.returncode != 0
    assert "a long random text" in read.stderr
