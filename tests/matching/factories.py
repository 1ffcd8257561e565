"""Artists and works for tests.

- ``make_artist(owner=user)``
- ``make_work(artist=artist)``: stored and pending; ``make_matchable_work()`` is read by the real encoder
"""

import io
from itertools import count
from typing import Any

from matching import registry
from matching.models import Artist, Work
from tests.pictures import Pixels, as_file, draw

_numbers = count(1)


def make_artist(**fields: Any) -> Artist:
    return Artist.objects.create(**{"name": f"Artist {next(_numbers)}", **fields})


def drawing(seed: int | None = None) -> Pixels:
    return draw(next(_numbers) + 10_000 if seed is None else seed, 320, 240)


def make_work(artist: Artist | None = None, *, content: bytes | None = None, **facts: Any) -> Work:
    """A registered work nobody has read yet: its own drawing, or ``content``."""
    content = as_file(drawing()) if content is None else content
    given = {"title": "Drawing", "name": "drawing.png", **facts}
    return registry.register(artist or make_artist(), io.BytesIO(content), announce=False, **given)


def make_matchable_work(artist: Artist | None = None, **facts: Any) -> Work:
    """A work that was read: vector, hashes, features and pictures are there."""
    work = make_work(artist, **facts)
    registry.embed(work)
    work.refresh_from_db()
    return work
