import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from celery import current_app

from tests.processes.site import Site


@pytest.fixture
def site(transactional_db: None) -> Iterator[Site]:
    """Servers and processes of one test, in a folder whose path is short enough for a socket."""
    folder = Path(tempfile.mkdtemp(prefix="site-"))
    before = current_app.conf.broker_url
    site = Site(folder)
    site.speak_to_broker()
    try:
        yield site
    finally:
        site.close()
        current_app.conf["broker_url"] = before
        site.forget_broker()
        shutil.rmtree(folder, ignore_errors=True)
