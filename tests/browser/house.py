"""The whole site as processes of its own: web server, worker, beat, broker, and a database made for it.

Nothing here touches the test process's own Django: Playwright keeps an event loop running in it, under which
Django refuses to speak to a database.
"""

import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

from tests import databases
from tests.processes import letters
from tests.processes.letters import Letter
from tests.processes.site import ROOT, Site

SET_THE_STAGE = "from moderation.demo import story; story.the_stage()"


class House(Site):
    """A running site. ``set_up`` once, then open it at ``address``."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.address = f"http://127.0.0.1:{self.port}"
        self.extra_environment = {
            "SITE_URL": self.address,
            "MEDIA_ROOT": str(folder / "media"),
            "STATIC_ROOT": str(folder / "static"),
            "UNDO_SECONDS": "30",  # letters about decisions wait as long
        }

    @property
    def database(self) -> str:
        return f"browser_{os.getpid()}"

    def set_up(self) -> None:
        """An empty database with the demonstration's people and its contest, and every process running."""
        self.start_broker()
        static = self._manage("collectstatic", "--noinput", "--verbosity", "0")
        databases.create(self.database)
        self.start_worker()
        self.start_beat()
        stage = self._manage("shell", "--no-imports", "-c", SET_THE_STAGE)
        assert static.wait() == 0, self.log_end()
        self.start_web(self.port)
        assert stage.wait() == 0, self.log_end()
        self.wait(self._answers, "the web server's word")

    def do(self, code: str) -> None:
        """Run ``code`` in a process of the site's own, where its database is."""
        process = self._manage("shell", "--no-imports", "-c", code)
        assert process.wait() == 0, self.log_end()

    def _manage(self, *command: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=self.environment,
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )
        self._processes.append(process)
        return process

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/healthz", timeout=10) as answer:
                return bool(answer.status == 200)
        except (OSError, urllib.error.URLError):
            return False

    def close(self) -> None:
        super().close()
        databases.drop(self.database)

    def letters_to(self, email: str) -> list[Letter]:
        return [letter for letter in letters.read(self.mail) if letter.to == email]

    def wait_for_letter(self, email: str, subject: str) -> Letter:
        """The first letter to ``email`` with ``subject`` in its subject, once it is written."""

        def found() -> list[Letter]:
            return [letter for letter in self.letters_to(email) if subject in letter.subject]

        self.wait(lambda: bool(found()), f"a letter “{subject}” to {email}")
        return found()[0]
