"""What a person may ask for, for those who run the site: ``manage.py person export|erase ADDRESS``."""

import shutil
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from moderation.people import exporting, leaving
from submissions.models import ErasedBy, User


class Command(BaseCommand):
    help = "Write everything kept of a person into a zip, or erase the person; the record stays valid."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        export = verbs.add_parser("export", help="everything kept of the person, as a zip")
        export.add_argument("address")
        export.add_argument("file", type=Path)
        erase = verbs.add_parser("erase", help="erase the person; nothing of it comes back")
        erase.add_argument("address")
        erase.add_argument("--yes", action="store_true", help="do it: without, it says what would be erased")

    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.filter(email__iexact=options["address"]).first()
        if person is None:
            raise CommandError("No account has this address.")
        if options["verb"] == "export":
            with exporting.export(person) as source, options["file"].open("wb") as target:
                shutil.copyfileobj(source, target)
            self.stdout.write(str(options["file"]))
        elif options["yes"]:
            self._erase(person)
        else:
            entries, artists = person.entries.count(), person.artists.count()
            self.stdout.write(f"{entries} entries, {artists} portfolios and the account. Say --yes to erase.")

    def _erase(self, person: User) -> None:
        try:
            leaving.erase_person(person, by=ErasedBy.OPERATOR)
        except leaving.OwnsAlone as error:
            raise CommandError(f"Somebody else must own these first: {error}") from error
        self.stdout.write("Erased.")
