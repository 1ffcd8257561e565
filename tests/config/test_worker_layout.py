"""A worker's process does one thing at a time.

Beside a busy thread, reading Content Credentials is many times slower: the library takes the lock of Python
for every block (docs/provenance.md, "What it costs").
"""

from pathlib import Path

from config.celery import app
from config.run import parts


def test_tasks_have_processes_and_not_threads_of_one() -> None:
    start = (Path(__file__).parents[2] / "docker" / "start").read_text()
    workers = [line for line in start.splitlines() if " worker " in line]
    ours = next(part for part in parts("127.0.0.1", 1) if part.name == "worker")

    assert app.conf.worker_pool == "prefork"
    assert app.conf.worker_prefetch_multiplier == 1
    assert len(workers) == 2
    assert not any(option in f"{line} " for line in workers for option in (" -P ", "--pool"))
    assert not {"-P", "--pool"} & {argument.partition("=")[0] for argument in ours.arguments}
