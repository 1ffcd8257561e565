"""Throwaway PostgreSQL and Valkey for a test run, where none are configured. Never the data of ``make run``.

Loaded by pytest before Django's settings are read (``-p tests.servers``); parallel test processes inherit the
environment and share the servers.
"""

import atexit
import contextlib
import os
import shutil
import tempfile
from pathlib import Path

from config.services import Places, kept


def _start() -> None:
    wanted = {"postgres": "DATABASE_URL" not in os.environ, "valkey": "VALKEY_URL" not in os.environ}
    if not any(wanted.values()):
        return
    folder = Path(tempfile.mkdtemp(prefix="vernissage-test-"))
    folder.chmod(0o755)  # PostgreSQL steps down from root and must pass
    places = Places(data=folder, sockets=folder / "run", durable=False, **wanted)
    servers = contextlib.ExitStack()
    servers.callback(shutil.rmtree, folder, ignore_errors=True)
    servers.enter_context(kept(places))
    atexit.register(servers.close)
    os.environ.update(places.environment)
    if wanted["postgres"]:
        os.environ["SERVERS_OF_THIS_RUN"] = str(folder)
    os.environ.setdefault("VAR_DIR", str(folder / "var"))
    os.environ.setdefault("MODELS_DIR", str(Path(__file__).parents[1] / "var" / "models"))


_start()
