"""The registry from the command line: ``manage.py registry import|push|match|list|withdraw|rebuild``."""

import csv
import json
import os
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db.models import BinaryField
from django.db.models.functions import Substr
from tqdm import tqdm

from matching import importing, live, registry
from matching.compaction import compact
from matching.engine.features import MAGIC
from matching.engine.images import PictureError, open_picture
from matching.engine.weights import WeightsError
from matching.following import LiveIndex
from matching.importing import Item, Outcome
from matching.models import Artist, OnMatch, Work, WorkState
from matching.pushing import PushRefused, Sent, push
from matching.registry import proofs

AT_ONCE = 16  # works through the encoder in one pass
OPERATORS = "operators"  # who vouches from the command line: those who run the machine


class Command(BaseCommand):
    help = "Import works, match files against them, list and withdraw them, rebuild the index."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        add = verbs.add_parser("import", help="register a folder, a zip, or a CSV with a column “file”")
        add.add_argument("path", type=Path, metavar="DIR|CSV|ZIP")
        add.add_argument("--artist", required=True, metavar="NAME")
        add.add_argument("--owner", metavar="EMAIL", help="the account that the artist belongs to")
        add.add_argument("--on-match", choices=OnMatch.values, default="", help="else as the portfolio says")
        add.add_argument("--vouched", metavar="WHY", help="you know that the works are the artist's, and why")
        add.add_argument(
            "--public-domain", action="store_true", help="a listing of works that belong to nobody any more"
        )
        push = verbs.add_parser("push", help="send a folder, a zip or a CSV to a portfolio by its token")
        push.add_argument("path", type=Path, metavar="DIR|CSV|ZIP")
        push.add_argument("--url", required=True, metavar="SITE")
        push.add_argument(
            "--token", default=os.environ.get("VERNISSAGE_TOKEN", ""), help="or VERNISSAGE_TOKEN"
        )
        push.add_argument("--problems", type=Path, metavar="CSV", help="write what was not taken there")
        match = verbs.add_parser("match", help="one JSON line a file: which works are in it")
        match.add_argument("paths", type=Path, nargs="+", metavar="FILE|DIR")
        match.add_argument("--most", type=int, default=10, help="matches to tell of each file")
        verbs.add_parser("list", help="one JSON line a work")
        withdraw = verbs.add_parser("withdraw", help="take works out, bytes and vectors included")
        withdraw.add_argument("works", nargs="+", metavar="ID")
        verbs.add_parser(
            "rebuild", help="embed what lacks a vector, then make the index of everything; killed, it goes on"
        )
        verbs.add_parser("snapshot", help="bring the index's snapshot up to date now")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"do_{options['verb']}")(**options)
        except (WeightsError, registry.RegistryUnavailable, importing.ImportRefused, PushRefused) as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            raise CommandError("Stopped. Run the same command again to go on.", returncode=130) from None

    def say(self, **words: Any) -> None:
        self.stdout.write(json.dumps(words, ensure_ascii=False))
        self.stdout.flush()

    def do_import(
        self,
        *,
        path: Path,
        artist: str,
        owner: str | None,
        on_match: str,
        vouched: str | None,
        public_domain: bool,
        **_: Any,
    ) -> None:
        """Register, then read in this very process: no worker needed. Run again, it goes on where it was."""
        counts: dict[str, int] = {}
        with ExitStack() as stack:
            items = stack.enter_context(importing.opened(path))
            whose = _artist(artist, owner)
            if public_domain and not whose.public_domain:
                Artist.objects.filter(pk=whose.pk).update(public_domain=True)
                whose.public_domain = True
            if vouched:
                proofs.vouch(whose, work=None, organization=OPERATORS, by=None, note=vouched)
            bar = stack.enter_context(tqdm(total=len(items), desc="works", unit="work"))
            for start in range(0, len(items), AT_ONCE):
                for told in _take(whose, items[start : start + AT_ONCE], on_match):
                    self.say(**told)
                    counts[told["state"]] = counts.get(told["state"], 0) + 1
                    bar.update()
        self.say(artist=whose.name, works=whose.works.matchable().count(), **counts)

    def do_push(self, *, path: Path, url: str, token: str, problems: Path | None, **_: Any) -> None:
        """Send what the portfolio lacks. Broken off, it goes on where it was; needs no database."""
        counts: dict[str, int] = {}
        refused: list[Sent] = []
        with importing.opened(path) as items:
            for sent in tqdm(push(items, url=url, token=token), total=len(items), desc="files", unit="file"):
                self.say(file=sent.file, state=sent.state, work=sent.work or None, error=sent.error or None)
                counts[sent.state] = counts.get(sent.state, 0) + 1
                refused += [sent] if sent.error else []
        if problems is not None:
            with problems.open("w", encoding="utf-8-sig", newline="") as file:
                rows = csv.writer(file)
                rows.writerow(["file", "problem"])
                rows.writerows([sent.file, sent.error] for sent in refused)
        self.say(url=url, **counts)

    def do_match(self, *, paths: list[Path], most: int, **_: Any) -> None:
        files = [file for path in paths for file in _files(path)]
        for file in tqdm(files, desc="files", unit="file"):
            try:
                found = registry.match(open_picture(file, limits=registry.limits()), most=most)
            except PictureError as error:
                self.say(file=str(file), error=str(error))
            except OSError as error:
                self.say(file=str(file), error=f"The file could not be read: {error.strerror or error}.")
            else:
                matches = [match.as_json() for match in found.matches]
                self.say(file=str(file), matches=matches, index=found.index, works=found.size)

    def do_list(self, **_: Any) -> None:
        works = Work.objects.select_related("artist").defer("features").order_by("pk")
        for work in works.iterator():
            self.say(
                work=str(work.public_id),
                artist=work.artist.name,
                title=work.title,
                file=work.original_name,
                state=work.state,
                matchable_since=work.matchable_since.isoformat() if work.matchable_since else None,
                failure=work.failure_sentence or None,
            )

    def do_withdraw(self, *, works: list[str], **_: Any) -> None:
        found = [_work(name) for name in works]
        for work in found:
            registry.withdraw(work)
            self.say(work=str(work.public_id), state=WorkState.WITHDRAWN)

    def do_rebuild(self, **_: Any) -> None:
        pks = _outdated(live.feed())
        with tqdm(total=len(pks), desc="works", unit="work") as bar:
            for start in range(0, len(pks), AT_ONCE):
                some = pks[start : start + AT_ONCE]
                registry.embed_all(list(Work.objects.filter(pk__in=some)))
                bar.update(len(some))
        self._compact(anew=True)

    def do_snapshot(self, **_: Any) -> None:
        self._compact(now=True)

    def _compact(self, *, now: bool = False, anew: bool = False) -> None:
        of = live.feed()
        store = live.store(of)
        with tqdm(desc="index", unit="work") as bar:

            def progress(done: int, total: int) -> None:
                bar.total = total
                bar.update(done - bar.n)

            done = compact(of, store, seconds=float("inf"), now=now, anew=anew, progress=progress)
        if done is None:
            raise CommandError("Another process is at work on the index. Try again when it is done.")
        index = LiveIndex(of, lambda: store)
        index.follow()
        self.say(snapshot=store.describe(), works=index.size, index=index.version)


def _outdated(of: live.RegistryFeed) -> list[int]:
    """Matchable works without a vector of this encoder, or with features of another version."""
    version = Substr("features", 1, len(MAGIC), output_field=BinaryField())
    versions = Work.objects.matchable().annotate(version=version)
    return sorted(of.lacking() | set(versions.exclude(version=MAGIC).values_list("pk", flat=True)))


def _artist(name: str, email: str | None) -> Artist:
    """The artist of this name: the owner's, or one without an owner, who is the given one from now on."""
    nobodys = Artist.objects.filter(name=name, owner=None)
    if email is None:
        return nobodys.first() or Artist.objects.create(name=name)
    owner = get_user_model().objects.filter(email__iexact=email).first()
    if owner is None:
        raise CommandError(f"There is no account with the address {email}.")
    if own := Artist.objects.filter(name=name, owner=owner).first():
        return own
    nobodys.update(owner=owner)
    return Artist.objects.filter(name=name, owner=owner).first() or Artist.objects.create(
        name=name, owner=owner
    )


def _take(artist: Artist, items: Sequence[Item], on_match: str) -> Iterator[dict[str, Any]]:
    """Register and read some files; what became of each, in their order."""
    outcomes = list(importing.import_items(artist, items, on_match=on_match, announce=False))
    works = {outcome.work.pk: outcome.work for outcome in outcomes if outcome.work is not None}
    pending = [work for work in works.values() if work.state == WorkState.PENDING]
    # A file that ends the process takes its whole batch with it: what was tried before is tried alone.
    fresh = [work for work in pending if not work.attempts]
    for batch in [fresh, *([work] for work in pending if work.attempts)]:
        registry.embed_all(batch)
        for work in batch:
            registry.examine(work)
    after = Work.objects.only("public_id", "state", "failure").in_bulk(works)
    for outcome in outcomes:
        yield _told(outcome, after.get(outcome.work.pk) if outcome.work else None)


def _told(outcome: Outcome, work: Work | None) -> dict[str, Any]:
    if work is None:
        return {"file": outcome.name, "work": None, "state": "error", "error": outcome.error}
    return {
        "file": outcome.name,
        "work": str(work.public_id),
        "state": work.state,
        "error": work.failure_sentence or None,
    }


def _work(name: str) -> Work:
    try:
        return Work.objects.get(public_id=name)
    except (Work.DoesNotExist, ValidationError):
        raise CommandError(f"There is no work {name}.") from None


def _files(path: Path) -> Iterator[Path]:
    """A file itself, or the pictures below a folder in order. Whoever opens a missing one says so."""
    if not path.is_dir():
        yield path
        return
    yield from (
        file
        for file in sorted(path.rglob("*"))
        if file.suffix.lower() in importing.PICTURES and file.is_file()
    )
