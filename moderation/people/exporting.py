"""Everything the house keeps of a person, as one zip: what they wrote and sent, and what was said to them.

What concerns others as well stands there as the person may see it on their pages: the reasons of a decision,
not who made it.
"""

import json
import tempfile
import zipfile
from collections.abc import Iterator
from typing import IO, Any

from allauth.account.models import EmailAddress
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, QuerySet
from django.db.models.fields.files import FieldFile
from django.utils import translation

from matching.models import Answer, Artist
from moderation import seconding
from moderation.models import (
    Absence,
    Acquaintance,
    AppealEnd,
    CategoryClosing,
    Claim,
    ClaimAnswer,
    Decision,
    Dismissal,
    GoldenCase,
    Interest,
    NameConsent,
    Opinion,
    Reading,
    Recognition,
    SavedFilter,
    Unveiling,
)
from submissions import reasons
from submissions.models import Entry, FileReading, ProcessPreview, User

# Columns that say something only to a machine, or that are a secret of the door.
LEFT_OUT = {"password", "pdq", "features", "digest"}
A_PIECE = 1 << 20


def export(person: User) -> IO[bytes]:
    """A temporary file with the zip, to be read from its beginning; who closes it removes it."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 -- whoever sends it closes it
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        with translation.override(person.language):
            told = json.dumps(about(person), cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
        archive.writestr("about-you.json", told)
        for name, stored in _files(person):
            _add(archive, name, stored)
    file.seek(0)
    return file


def about(person: User) -> dict[str, Any]:
    entries = Entry.objects.filter(entrant=person).select_related("contest").order_by("pk")
    artists = Artist.objects.filter(owner=person).order_by("pk")
    return {
        "account": _row(person),
        "addresses": _rows(EmailAddress.objects.filter(user=person)),
        "memberships": [
            {"organization": one.organization.name, "role": one.role}
            for one in person.memberships.select_related("organization")
        ],
        "entries": [_entry(entry, person) for entry in entries],
        "portfolios": [_artist(artist) for artist in artists],
        "dry_runs": _rows(person.dry_runs.order_by("pk")),
        "answers": _rows(Answer.objects.filter(by=person)),
        "case_notes_you_wrote": _rows(person.case_notes.order_by("pk")),
        "first_impressions_you_said": _rows(person.impressions.order_by("pk")),
        "saved_filters": _rows(SavedFilter.objects.filter(person=person).order_by("pk")),
        "cases_assigned_to_you": list(person.assigned_cases.order_by("pk").values("pk", "opened_at")),
        "claims": [_claim(claim) for claim in person.claims.order_by("pk")],
        "answers_to_claims": _rows(ClaimAnswer.objects.filter(by=person).order_by("pk")),
        "decisions_you_made": _rows(Decision.objects.filter(by=person).order_by("pk")),
        "categories_you_closed": _rows(CategoryClosing.objects.filter(by=person).order_by("pk")),
        "opinions_you_gave": _rows(Opinion.objects.filter(by=person).order_by("pk")),
        "readings_you_gave": _rows(Reading.objects.filter(by=person).order_by("pk")),
        "interests_you_named": _rows(Interest.objects.filter(by=person)),
        "names_you_recognised": _rows(Recognition.objects.filter(by=person)),
        "interests_you_dismissed": _rows(Dismissal.objects.filter(by=person)),
        "veils_you_lifted": _rows(Unveiling.objects.filter(by=person)),
        "golden_cases_you_marked": _rows(GoldenCase.objects.filter(by=person)),
        "people_you_know": _rows(Acquaintance.objects.filter(reviewer=person)),
        "absence": _rows(Absence.objects.filter(person=person)),
    }


def _entry(entry: Entry, person: User) -> dict[str, Any]:
    return {
        **_row(entry),
        "contest": entry.contest.title,
        "files": _rows(entry.artworks.all()),
        "what_files_say": _rows(FileReading.objects.filter(artwork__entry=entry).order_by("pk")),
        "process_files": _rows(entry.process_files.order_by("pk")),
        "previews": _rows(ProcessPreview.objects.filter(file__entry=entry).order_by("pk")),
        "statements": [
            {**_row(one), "tools": _rows(one.tools.all())} for one in entry.disclosures.order_by("version")
        ],
        "names_in_signed_copies": _rows(NameConsent.objects.filter(entry=entry)),
        "moves": _rows(entry.moves.all()),
        "appeals": _rows(entry.appeals.order_by("pk")),
        "ends_of_appeals": _rows(AppealEnd.objects.filter(appeal__entry=entry).order_by("pk")),
        "reasons": reasons.of(entry, person),
        "who_should_not_decide": [
            {"named": one.named, "reason": one.reason, "at": one.at}
            for one in Interest.objects.filter(entry=entry, by=person)
        ],
        "record": list(entry.links.order_by("position").values("position", "kind", "content", "hash")),
    }


def _claim(claim: Claim) -> dict[str, Any]:
    """With what was told the artist: the answer's kind and words, and how it ended."""
    answer, end = ClaimAnswer.objects.filter(claim=claim).first(), claim.end
    return {
        **_row(claim),
        "answer": {"kind": answer.kind, "words": answer.words} if answer else None,
        "outcome": end.outcome if end else None,
        "reasons": seconding.said(end.decision).reasons if end else (),
        "suspensions": [
            {"reason": one.reason, "at": one.at, "until": one.until} for one in claim.suspensions.all()
        ],
    }


def _artist(artist: Artist) -> dict[str, Any]:
    return {
        **_row(artist),
        "works": _rows(artist.works.order_by("pk")),
        "proofs": _rows(artist.proofs.order_by("pk")),
        "imports": _rows(artist.imports.order_by("pk")),
        "tokens": _rows(artist.tokens.order_by("pk")),
    }


def _rows(found: "QuerySet[Any]") -> list[dict[str, Any]]:
    return [_row(one) for one in found]


def _row(row: Model) -> dict[str, Any]:
    """A row as it is stored; a file by its name."""
    told = {}
    for field in row._meta.concrete_fields:
        if field.name in LEFT_OUT:
            continue
        value = field.value_from_object(row)
        told[field.name] = value.name if isinstance(value, FieldFile) else value
    return told


def _files(person: User) -> Iterator[tuple[str, FieldFile]]:
    for entry in Entry.objects.filter(entrant=person).order_by("pk"):
        folder = f"entries/{entry.public_id}"
        for number, artwork in enumerate(entry.artworks.all(), start=1):
            yield f"{folder}/{number}-{_plain(artwork.original_name)}", artwork.original
        for kept in entry.process_files.order_by("pk"):
            yield f"{folder}/process-{kept.pk}-{_plain(kept.original_name)}", kept.original
        for answer in ClaimAnswer.objects.filter(claim__entry=entry).order_by("pk"):
            yield f"{folder}/answer-{answer.pk}-{_plain(answer.file_name)}", answer.file
    for artist in Artist.objects.filter(owner=person).order_by("pk"):
        for work in artist.works.kept().order_by("pk"):
            stored = work.original or work.thumbnail
            yield f"portfolios/{artist.public_id}/{work.pk}-{_plain(work.original_name)}", stored


def _plain(name: str) -> str:
    """A person's file name as a last part of a path that leads nowhere else."""
    return name.replace("/", "_").replace("\\", "_").lstrip(".") or "file"


def _add(archive: zipfile.ZipFile, name: str, stored: FieldFile) -> None:
    if not stored:
        return
    try:
        source = stored.open("rb")
    except FileNotFoundError:
        return
    with source, archive.open(name, "w", force_zip64=True) as target:
        while piece := source.read(A_PIECE):
            target.write(piece)
