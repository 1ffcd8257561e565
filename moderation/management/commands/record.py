"""The record of what happened to entries: ``manage.py record verify|head|publish``."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from moderation.record import heads, verifying
from submissions.models import Contest


class Command(BaseCommand):
    help = "Walk the chained record and name the first broken link; show or publish its heads."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        for verb, says in (
            ("verify", "walk the chain; exit status 1 where a link does not hold"),
            ("head", "the last link of each chain"),
            ("publish", "publish the heads now, as the clock does every night"),
        ):
            one = verbs.add_parser(verb, help=says)
            one.add_argument("--contest", metavar="SLUG", help="this contest only")
            one.add_argument("--json", action="store_true", help="one JSON object a contest and line")

    def handle(self, *args: Any, **options: Any) -> None:
        contests = _contests(options["contest"])
        whole = {"verify": self._verify, "head": self._head, "publish": self._publish}[options["verb"]](
            contests, in_json=options["json"]
        )
        if not whole:
            sys.exit(1)

    def _verify(self, contests: Sequence[Contest], *, in_json: bool) -> bool:
        whole = True
        for contest in contests:
            found = verifying.walk(contest)
            whole = whole and found.broken is None
            self._say(in_json, found.as_json, _told(found))
        return whole

    def _head(self, contests: Sequence[Contest], *, in_json: bool) -> bool:
        for contest in contests:
            last = heads.head(contest)
            position, hash_ = (last.position, last.hash) if last else (0, verifying.FIRST)
            said = {"contest": contest.slug, "position": position, "hash": hash_}
            self._say(in_json, said, f"{contest.slug} {position} {hash_}")
        return True

    def _publish(self, contests: Sequence[Contest], *, in_json: bool) -> bool:
        for contest in contests:
            made = len(heads.publish(contest))
            self._say(
                in_json, {"contest": contest.slug, "published": made}, f"{contest.slug}: {made} published"
            )
        return True

    def _say(self, in_json: bool, said: dict[str, Any], line: str) -> None:
        self.stdout.write(json.dumps(said) if in_json else line)


def _contests(slug: str | None) -> list[Contest]:
    found = Contest.objects.order_by("pk")
    if slug is None:
        return list(found)
    if not found.filter(slug=slug).exists():
        raise CommandError(f"There is no contest “{slug}”.")
    return list(found.filter(slug=slug))


def _told(found: verifying.Walk) -> str:
    if found.broken is None:
        return (
            f"{found.contest}: {found.links} links hold ({found.erased} with erased words), "
            f"{found.published} published heads lie on them, head {found.head}"
        )
    broken = found.broken
    where = f"link {broken.position}" if broken.position is not None else "a row without a link"
    what = f" ({broken.kind} {broken.row})" if broken.kind else ""
    return f"{found.contest}: BROKEN at {where}{what}: {broken.why}; {found.links} links before it hold"
