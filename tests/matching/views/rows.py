"""Rows for tests of pages: works as they stand in each state, without a pass of the encoder."""

import hashlib
from itertools import count
from typing import Any

from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from matching.engine.descriptors import pdq
from matching.engine.features import extract
from matching.engine.images import Picture, open_picture, to_webp
from matching.models import Artist, Work, WorkState
from submissions.models import User
from tests.factories import make_user
from tests.matching.factories import make_artist
from tests.pictures import as_file, draw

_numbers = count(1)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def knock(client: Client, address: str) -> int:
    """The answer's status. A streamed file has to be read to its end, or it stays open."""
    answer = client.get(address)
    if answer.streaming:
        b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    return answer.status_code


def make_owned_artist(**fields: Any) -> Artist:
    return make_artist(owner=make_user(), **fields)


def make_work(artist: Artist, state: WorkState = WorkState.PENDING, **fields: Any) -> Work:
    """A work as it stands in ``state``. A matchable one has pictures, hash and features, but no vector."""
    content = as_file(draw(next(_numbers), 120, 90))
    work = Work(
        artist=artist, state=state, sha256=hashlib.sha256(content).hexdigest(), media_type="image/png"
    )
    if state != WorkState.WITHDRAWN:
        work.original.save("original", ContentFile(content), save=False)
    if state == WorkState.MATCHABLE:
        _derive(work, open_picture(content))
    if state == WorkState.FAILED:
        work.failure = "damaged"
    if state == WorkState.WITHDRAWN:
        work.withdrawn_at = timezone.now()
    for name, value in fields.items():
        setattr(work, name, value)
    work.save()
    return work


def _derive(work: Work, seen: Picture) -> None:
    hashed = pdq(seen)
    work.pdq, work.pdq_quality = hashed.upright.tobytes(), hashed.quality
    work.features = extract(seen).to_bytes()
    work.width, work.height, work.matchable_since = seen.width, seen.height, timezone.now()
    for stored in (work.display, work.thumbnail):
        stored.save(f"{stored.field.name}.webp", ContentFile(to_webp(seen, max_side=480)), save=False)
