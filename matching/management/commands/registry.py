"""The registry from the command line: ``manage.py registry import|match|list|withdraw|snapshot``."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from matching import importing, live, registry
from matching.engine.images import PictureError, open_picture
from matching.engine.weights import WeightsError
from matching.models import Artist, OnMatch, Work, WorkState


class Command(BaseCommand):
    help = "Import works, match files against them, list and withdraw them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        add = verbs.add_parser("import", help="register a folder, a zip, or a CSV with a column “file”")
        add.add_argument("path", type=Path)
        add.add_argument("--artist", required=True, metavar="NAME")
        add.add_argument("--owner", metavar="EMAIL", help="the account that the artist belongs to")
        add.add_argument("--on-match", choices=OnMatch.values, default=OnMatch.BLOCK)
        match = verbs.add_parser("match", help="one JSON line a file: which works are in it")
        match.add_argument("paths", type=Path, nargs="+", metavar="FILE|DIR")
        match.add_argument("--most", type=int, default=10)
        verbs.add_parser("list", help="one JSON line a work")
        withdraw = verbs.add_parser("withdraw", help="take works out, bytes and vectors included")
        withdraw.add_argument("works", nargs="+", metavar="ID")
        verbs.add_parser("snapshot", help="write the index's snapshot now")

    def handle(self, *args: Any, **options: Any) -> None:
        verb = getattr(self, f"do_{options['verb']}")
        try:
            verb(**options)
        except WeightsError as error:
            raise CommandError(str(error)) from error
        except registry.RegistryUnavailable as error:
            raise CommandError(str(error)) from error

    def say(self, **words: Any) -> None:
        self.stdout.write(json.dumps(words, ensure_ascii=False))

    def do_import(self, *, path: Path, artist: str, owner: str | None, on_match: str, **_: Any) -> None:
        """Register, then read in this very process: no worker needed. Run again, it goes on where it stopped."""
        try:
            items = importing.read(path)
        except importing.ImportRefused as error:
            raise CommandError(str(error)) from error
        whose = self._artist(artist, owner)
        counts: dict[str, int] = {}
        for outcome in tqdm(
            importing.import_items(whose, items, on_match=on_match),
            total=len(items),
            desc="works",
            unit="work",
        ):
            state = "error"
            error = outcome.error
            if outcome.work is not None:
                state = str(registry.embed(outcome.work))
                error = Work.objects.values_list("failure", flat=True).get(pk=outcome.work.pk)
                self.say(
                    file=outcome.name, work=str(outcome.work.public_id), state=state, error=error or None
                )
            else:
                self.say(file=outcome.name, work=None, state=state, error=error)
            counts[state] = counts.get(state, 0) + 1
        self.say(artist=whose.name, **counts)

    def _artist(self, name: str, owner: str | None) -> Artist:
        if owner is None:
            return Artist.objects.get_or_create(name=name, owner=None)[0]
        user = get_user_model().objects.filter(email__iexact=owner).first()
        if user is None:
            raise CommandError(f"There is no account with the address {owner}.")
        return Artist.objects.get_or_create(name=name, owner=user)[0]

    def do_match(self, *, paths: list[Path], most: int, **_: Any) -> None:
        files = [file for path in paths for file in _files(path)]
        for file in tqdm(files, desc="files", unit="file"):
            try:
                found = registry.match(open_picture(file, limits=registry.limits()), most=most)
            except (PictureError, OSError) as error:
                self.say(file=str(file), error=str(error))
                continue
            self.say(
                file=str(file),
                matches=[match.as_json() for match in found.matches],
                index=found.index,
                works=found.size,
            )

    def do_list(self, **_: Any) -> None:
        for work in Work.objects.select_related("artist").order_by("pk").iterator():
            self.say(
                work=str(work.public_id),
                artist=work.artist.name,
                title=work.title,
                file=work.original_name,
                state=work.state,
                matchable_since=work.matchable_since.isoformat() if work.matchable_since else None,
            )

    def do_withdraw(self, *, works: list[str], **_: Any) -> None:
        for name in works:
            try:
                work = Work.objects.filter(public_id=name).first()
            except ValidationError:
                work = None
            if work is None:
                raise CommandError(f"There is no work {name}.")
            registry.withdraw(work)
            self.say(work=name, state=WorkState.WITHDRAWN)

    def do_snapshot(self, **_: Any) -> None:
        index = live.index()
        self.say(snapshot=str(index.save()), works=index.size, index=index.version)


def _files(path: Path) -> Iterator[Path]:
    """A file itself, or the pictures below a folder in order. Missing ones are named by whoever opens them."""
    if not path.is_dir():
        yield path
        return
    yield from (
        file
        for file in sorted(path.rglob("*"))
        if file.suffix.lower() in importing.PICTURES and file.is_file()
    )
