"""A worker's process does one thing at a time.

Beside a busy thread, reading Content Credentials is many times slower: the library takes the lock of Python
for every block (docs/provenance.md, "What it costs").
"""

from collections.abc import Mapping
from pathlib import Path

from django.conf import settings
from kombu import Connection

from config.celery import app
from config.run import parts
from moderation import tasks


def test_tasks_have_processes_and_not_threads_of_one() -> None:
    start = (Path(__file__).parents[2] / "docker" / "start").read_text()
    workers = [line for line in start.splitlines() if " worker " in line]
    ours = next(part for part in parts("127.0.0.1", 1) if part.name == "worker")

    assert app.conf.worker_pool == "prefork"
    assert app.conf.worker_prefetch_multiplier == 1
    assert len(workers) == 2
    assert not any(option in f"{line} " for line in workers for option in (" -P ", "--pool"))
    assert not {"-P", "--pool"} & {argument.partition("=")[0] for argument in ours.arguments}


def test_a_message_carries_no_limits_of_the_process_that_sent_it() -> None:
    assert tasks.screen.time_limit == settings.CELERY_TASK_TIME_LIMIT  # known here, so it could travel

    with Connection("memory://") as connection:
        app.send_task("moderation.tasks.screen", args=[1], connection=connection)
        headers: Mapping[str, object] = connection.SimpleQueue("desk").get(timeout=5).headers

    assert headers["task"] == "moderation.tasks.screen"
    assert headers["timelimit"] == [None, None]
