"""Publishing how far the chains have come, so that nobody can rewrite what lies before."""

from collections.abc import Iterator

from django.db import IntegrityError, transaction

from submissions.models import Contest, Link, PublishedHead

MILESTONE = 1000
"""Between two published heads lie at most so many links: a receipt names every one of them."""


def head(contest: Contest) -> Link | None:
    """The last link of the contest's chain."""
    return contest.links.order_by("-position").first()


def published(contest: Contest) -> PublishedHead | None:
    """What was published last."""
    return contest.published_heads.order_by("-position").first()


def publish(contest: Contest) -> list[PublishedHead]:
    """Publish the head, and every thousandth link since the last one. May run twice."""
    last = published(contest)
    after = last.position if last else 0
    newest = head(contest)
    if newest is None or newest.position == after:
        return []
    wanted = [*range(after - after % MILESTONE + MILESTONE, newest.position, MILESTONE), newest.position]
    links = contest.links.filter(position__in=wanted).values_list("position", "hash")
    made = []
    for position, hash_ in links.order_by("position"):
        try:
            with transaction.atomic():
                made.append(PublishedHead.objects.create(contest=contest, position=position, hash=hash_))
        except IntegrityError:  # another worker was quicker
            continue
    return made


def publish_all() -> int:
    """Publish what is new in every contest; how many heads that were."""
    return sum(len(publish(contest)) for contest in Contest.objects.order_by("pk"))


def as_rows(contest: Contest) -> Iterator[dict[str, object]]:
    """Every published head, oldest first."""
    for one in contest.published_heads.order_by("position").iterator():
        yield {"position": one.position, "hash": one.hash, "published": one.at.isoformat(timespec="seconds")}
