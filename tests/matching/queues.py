"""The real broker, asked what it was told."""

import contextlib
import uuid
from collections.abc import Iterator
from typing import Any

from celery import current_app


class Queue:
    """A queue of the real broker that tasks of this test alone go to."""

    def __init__(self) -> None:
        self.name = f"test-{uuid.uuid4().hex}"

    def take(self) -> list[list[Any]]:
        """Everything in it: each task's name and arguments."""
        found = []
        with (
            current_app.connection_for_read() as connection,
            connection.SimpleQueue(self.name) as queue,
            contextlib.suppress(queue.Empty),
        ):
            while True:
                message = queue.get(block=False)
                found.append([message.headers["task"], *message.payload[0]])
                message.ack()
        return found


@contextlib.contextmanager
def own_queue() -> Iterator[Queue]:
    """The registry's tasks go to a queue of their own for the length of the block."""
    own, routes = Queue(), current_app.conf.task_routes
    _route({"matching.tasks.*": {"queue": own.name}})
    try:
        yield own
    finally:
        _route(routes)


def _route(routes: Any) -> None:
    current_app.conf.task_routes = routes
    current_app.amqp.flush_routes()
    vars(current_app.amqp).pop("router", None)  # it is kept once made
