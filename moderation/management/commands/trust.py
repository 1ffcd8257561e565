"""The lists of signers we recognise: ``manage.py trust update``, ``manage.py trust show``."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from moderation.provenance import TrustListError, TrustLists
from moderation.provenance.listkeeping import kept, update_from_addresses, update_from_folders


class Command(BaseCommand):
    help = "Fetch or copy the lists of Content Credentials signers, or show those in force."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        update = verbs.add_parser("update", help="replace the lists in the first of TRUST_DIRS")
        update.add_argument(
            "--from",
            dest="folders",
            action="append",
            type=Path,
            metavar="DIR",
            help="copy from a folder instead of the addresses in TRUST_LIST_URLS; may be given several times",
        )
        verbs.add_parser("show", help="name the lists in force, their versions and dates")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["verb"] == "update":
            self._update(options["folders"])
        else:
            self._show()

    def _update(self, folders: list[Path] | None) -> None:
        target = Path(settings.TRUST_DIRS[0])
        try:
            lists = (
                update_from_folders(target, folders)
                if folders
                else update_from_addresses(target, settings.TRUST_LIST_URLS)
            )
        except TrustListError as error:
            raise CommandError(f"Trust lists not updated: {error}.") from error
        for each in lists:
            self.stdout.write(f"{each.name}: {each.certificates} certificates, version {each.sha256[:16]}")

    def _show(self) -> None:
        folders = [Path(folder) for folder in settings.TRUST_DIRS]
        lists = TrustLists.load(*folders)
        dates = {each.name: each for folder in reversed(folders) for each in kept(folder)}
        for each in lists.lists:
            kept_as = dates.get(each.name)
            since = f", kept {kept_as.kept_at} from {kept_as.source}" if kept_as else ""
            self.stdout.write(f"{each.name}: {each.uri}, version {each.version}{since}")
        for path, problem in lists.problems.items():
            self.stderr.write(f"{path} is left out: {problem}")
        if not lists.lists:
            places = ", ".join(map(str, folders))
            self.stdout.write(f"No trust lists in {places}: every signer reads as not recognised.")
