"""Give credentials back: ``manage.py credentials sign ENTRY… [--out DIR]`` and ``credentials show``."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from moderation.credentials import copies
from moderation.credentials.authority import demonstration_root, signs_for
from moderation.models import SignedCopy
from moderation.provenance.signing import SigningError
from moderation.wording.credentials import ENDINGS, PROBLEMS
from submissions.models import Entry, Organization


class Command(BaseCommand):
    help = "Sign copies of hung works with the house's certificate, or show with what it signs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        sign = verbs.add_parser("sign", help="sign a copy of every picture of these entries now")
        sign.add_argument("entries", nargs="+", type=UUID, metavar="ENTRY", help="public id of a hung entry")
        sign.add_argument("--out", type=Path, metavar="DIR", help="also write the copies into this folder")
        show = verbs.add_parser("show", help="name the certificate that signs for each organization")
        show.add_argument("--root", action="store_true", help="print the demonstration's root (PEM) instead")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["verb"] == "show":
                self._show(root=options["root"])
            else:
                self._sign(options["entries"], options["out"])
        except SigningError as error:
            raise CommandError(str(error)) from error

    def _sign(self, public_ids: list[UUID], out: Path | None) -> None:
        found = Entry.objects.select_related("contest__organization", "category").in_bulk(
            public_ids, field_name="public_id"
        )
        if missing := [str(one) for one in public_ids if one not in found]:
            raise CommandError(f"No entry has the public id {', '.join(missing)}.")
        for public_id in dict.fromkeys(public_ids):
            entry = found[public_id]
            try:
                asked = copies.ask(entry, by=None)
            except copies.NotHung as error:
                raise CommandError(f"“{entry}” does not hang, so it is not signed.") from error
            for copy in asked:
                self._tell(copies.fulfil(copy), out)

    def _tell(self, copy: SignedCopy, out: Path | None) -> None:
        name = f"{copy.artwork.public_id}.{ENDINGS.get(copy.artwork.media_type, 'bin')}"
        if not copy.file:
            self.stderr.write(f"{name}: {PROBLEMS.get(copy.problem, copy.problem)}")
            return
        if out is not None:
            out.mkdir(parents=True, exist_ok=True)
            with copy.file.open("rb") as file:
                (out / name).write_bytes(file.read())
        whose = "a demonstration's certificate" if copy.is_demonstration else copy.signer_name
        self.stdout.write(f"{name}: {copy.size} bytes, signed with {whose}")

    def _show(self, *, root: bool) -> None:
        if root:
            self.stdout.write(demonstration_root())
            return
        for organization in Organization.objects.order_by("slug"):
            house = signs_for(organization)
            ends = house.signatory.certificate.not_valid_after_utc.date()
            marked = " (demonstration)" if house.is_demonstration else ""
            self.stdout.write(f"{organization.slug}: {house.signatory.name}, valid until {ends}{marked}")
