"""Many works at once: a folder, a zip, or a CSV with files beside it. May be interrupted and run again.

A file that is registered already is left as it is, known by its sha256. What is wrong with one file is said of that
file; the others go on.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from django.conf import settings

from matching import registry
from matching.models import Artist, OnMatch, Work

PICTURES = {".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".avif", ".heic", ".heif", ".gif"}
MOST_FILES = 20_000
MOST_CSV_BYTES = 20_000_000
COLUMNS = ("file", "title", "year", "source")


class ImportRefused(Exception):
    """The whole import can't be read; the text is one sentence."""


@dataclass(frozen=True)
class Item:
    """One picture of an import, under the name by which its owner knows it."""

    name: str
    open: "Opener"
    title: str = ""
    year: str = ""
    source: str = ""


class Opener:
    """Opens one file of an import, from a folder or out of a zip."""

    def __init__(
        self, path: Path | None = None, member: zipfile.ZipInfo | None = None, zip_: Path | None = None
    ):
        self._path, self._member, self._zip = path, member, zip_

    @contextmanager
    def __call__(self) -> Iterator[BinaryIO]:
        if self._member is None or self._zip is None:
            assert self._path is not None
            with self._path.open("rb") as file:
                yield file
            return
        with zipfile.ZipFile(self._zip) as archive, archive.open(self._member) as member:
            # Read no more than the header announced and the setting allows, whatever the stream holds.
            data = member.read(settings.UPLOAD_MAX_BYTES + 1)
        if len(data) > settings.UPLOAD_MAX_BYTES:
            raise registry.Refused("The file is larger than it may be.")
        yield io.BytesIO(data)


@dataclass(frozen=True)
class Outcome:
    """What became of one file: its work, or the sentence that says why there is none."""

    name: str
    work: Work | None = None
    error: str = ""


def read(path: Path) -> list[Item]:
    """The pictures of a folder, a zip or a CSV; raises ``ImportRefused``."""
    if path.is_dir():
        return _from_folder(path)
    if path.suffix.lower() == ".csv":
        return _from_csv(path)
    if zipfile.is_zipfile(path):
        return _from_zip(path)
    if path.is_file():
        return [Item(path.name, Opener(path))]
    raise ImportRefused(f"There is no folder, zip or CSV at {path}.")


def import_items(
    artist: Artist, items: Iterable[Item], *, on_match: str = OnMatch.BLOCK
) -> Iterator[Outcome]:
    """Register each picture for ``artist``; what cannot be is said and passed over."""
    for item in items:
        try:
            with item.open() as file:
                work = registry.register(
                    artist,
                    file,
                    title=item.title,
                    year=item.year,
                    source=item.source,
                    on_match=on_match,
                    name=item.name,
                )
        except (registry.Refused, OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
            yield Outcome(item.name, error=_sentence(error))
        else:
            yield Outcome(item.name, work)


def _sentence(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"The file could not be read: {error.strerror or error}."
    if isinstance(
        error, (RuntimeError, NotImplementedError)
    ):  # zipfile's words for encrypted or exotic members
        return "The file could not be unpacked: it is encrypted, or packed in an unknown way."
    return str(error)


def _from_folder(folder: Path) -> list[Item]:
    listed = next((path for path in sorted(folder.glob("*.csv"))), None)
    told = {item.name: item for item in _from_csv(listed)} if listed and _has_file_column(listed) else {}
    found = [
        path
        for path in sorted(folder.rglob("*"))
        if path.suffix.lower() in PICTURES and path.is_file() and not path.is_symlink()
    ]
    return [
        told.get(str(path.relative_to(folder))) or Item(str(path.relative_to(folder)), Opener(path))
        for path in found
    ]


def _has_file_column(path: Path) -> bool:
    with path.open(newline="", encoding="utf-8-sig", errors="replace") as file:
        return "file" in (csv.DictReader(file).fieldnames or ())


def _from_csv(path: Path) -> list[Item]:
    """Rows with the column ``file``, relative to the CSV's folder or to ``pictures/`` in it."""
    if path.stat().st_size > MOST_CSV_BYTES:
        raise ImportRefused(f"{path.name} is too large to be a list of works.")
    rows = _rows(path.read_text(encoding="utf-8-sig", errors="replace"), path.name)
    folder = path.parent.resolve()
    return [_row_item(row, Opener(_beside(folder, row["file"]))) for row in rows]


def _beside(folder: Path, name: str) -> Path:
    """The file a row names, inside the CSV's own folder; elsewhere is nowhere."""
    for base in (folder, folder / "pictures"):
        path = (base / name).resolve()
        if path.is_relative_to(folder) and path.is_file():
            return path
    return folder / "missing" / PurePosixPath(name).name


def _rows(text: str, name: str) -> list[dict[str, str]]:
    reader = csv.DictReader(io.StringIO(text))
    if "file" not in (reader.fieldnames or ()):
        raise ImportRefused(f"{name} has no column named “file”; its columns may be {', '.join(COLUMNS)}.")
    return [row for row in reader if row.get("file")][:MOST_FILES]


def _row_item(row: dict[str, str], opener: Opener) -> Item:
    return Item(row["file"], opener, row.get("title") or "", row.get("year") or "", row.get("source") or "")


def _from_zip(path: Path) -> list[Item]:
    with zipfile.ZipFile(path) as archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        _check_zip(members)
        lists = [member for member in members if member.filename.lower().endswith(".csv")]
        told: dict[str, dict[str, str]] = {}
        for member in lists[:1]:
            with archive.open(member) as file:
                text = file.read(MOST_CSV_BYTES).decode("utf-8-sig", errors="replace")
            told = {PurePosixPath(row["file"]).name: row for row in _rows(text, member.filename)}
    pictures = [
        member
        for member in members
        if PurePosixPath(member.filename).suffix.lower() in PICTURES
        and not PurePosixPath(member.filename).name.startswith("._")
    ]
    return [_zip_item(path, member, told) for member in pictures]


def _check_zip(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MOST_FILES:
        raise ImportRefused(
            f"The zip has {len(members)} files; {MOST_FILES} are the most that are taken at once."
        )
    total = sum(member.file_size for member in members)
    if total > settings.IMPORT_MAX_BYTES:
        most = settings.IMPORT_MAX_BYTES // 1_000_000
        raise ImportRefused(
            f"The zip unpacks to {total // 1_000_000} MB; {most} MB are the most that are taken."
        )


def _zip_item(path: Path, member: zipfile.ZipInfo, told: dict[str, dict[str, str]]) -> Item:
    name = PurePosixPath(member.filename).name  # a name to recognise it by; it never becomes a path of ours
    opener = Opener(member=member, zip_=path)
    row = told.get(name)
    return _row_item({**row, "file": name}, opener) if row else Item(name, opener)
