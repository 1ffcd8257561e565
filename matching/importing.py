"""Many works at once: a folder, a zip, or a CSV with files beside it. May be interrupted and run again.

A file that is registered already is left as it is, known by its sha256. What is wrong with one file is said
of that file; the others go on. Names inside a zip or a CSV are only ever names: nothing is unpacked to disk,
and no path outside the CSV's own folder is opened.
"""

import csv
import io
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _

from matching import fetching, iiif, registry
from matching.models import Artist, Work

PICTURES = {".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".avif", ".heic", ".heif", ".gif"}
MOST_FILES = 20_000
MOST_DIRECTORY_BYTES = MOST_FILES * 400  # what a zip says of its files, names included
MOST_CSV_BYTES = 20_000_000
MOST_MANIFEST_BYTES = 20_000_000
COLUMNS = ("file", "title", "year", "source", "rights")
PICTURE_SECONDS = 40  # for one picture that a manifest names
LEFT_BY_SYSTEMS = {"Thumbs.db", "desktop.ini"}
PACKED = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}  # the others may ask for any amount of memory
IS_UTF8, IS_ENCRYPTED = 0x800, 0x1  # general purpose flags of a zip's member

Row = dict[str, str]


class ImportRefused(Exception):
    """The whole import can't be read; the text is one sentence."""


@dataclass(frozen=True)
class Item:
    """One picture of an import, under the name by which its owner knows it."""

    name: str
    open: Callable[[], AbstractContextManager[BinaryIO]]
    title: str = ""
    year: str = ""
    source: str = ""
    rights: str = ""  # the address of a rights statement


@dataclass(frozen=True)
class Outcome:
    """What became of one file: its work, or the sentence that says why there is none."""

    name: str
    work: Work | None = None
    error: str = ""


@contextmanager
def opened(path: Path) -> Iterator[list[Item]]:
    """The pictures of a folder, a zip, a CSV or one file; raises ``ImportRefused``."""
    if path.is_dir():
        yield _from_folder(path)
    elif path.suffix.lower() == ".csv" and path.is_file():
        yield _from_csv(path)
    elif zipfile.is_zipfile(path):
        with path.open("rb") as file, opened_zip(file) as items:
            yield items
    elif path.is_file():
        yield [Item(path.name, partial(_read, path))]
    else:
        raise ImportRefused(_("There is no folder, zip or CSV at %(path)s.") % {"path": path})


@contextmanager
def opened_zip(file: BinaryIO, listed: bytes | None = None) -> Iterator[list[Item]]:
    """The pictures of a zip, named by the CSV ``listed`` or by one inside; raises ``ImportRefused``."""
    try:
        _check_directory(file)
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise ImportRefused(_("The zip is damaged or cut off, or is none.")) from error
    with archive:
        yield _from_zip(archive, listed)


def opened_manifest(data: bytes) -> list[Item]:
    """The pictures an IIIF manifest names, each fetched when its turn comes; raises ``ImportRefused``."""
    try:
        found = iiif.read(data)
    except iiif.NotAManifest as error:
        raise ImportRefused(manifest_problem(str(error))) from error
    return [
        Item(one.url, partial(_fetched, one.url), one.title, one.year, one.source, one.rights)
        for one in found
    ]


def manifest_problem(code: str) -> str:
    if code == "no_pictures":
        return _("The manifest names no picture.")
    if code == "no_manifest":
        return _("This is JSON, but no IIIF manifest of Presentation 2 or 3.")
    return _("This is no JSON, so it is no IIIF manifest.")


@contextmanager
def _fetched(url: str) -> Iterator[BinaryIO]:
    """A picture elsewhere, in memory; raises ``registry.Refused``."""
    try:
        found = fetching.fetch(
            url, most_bytes=settings.UPLOAD_MAX_BYTES, seconds=PICTURE_SECONDS, accept="image/*"
        )
    except fetching.FetchRefused as error:
        raise registry.Refused(str(error)) from error
    yield io.BytesIO(found.data)


def import_items(
    artist: Artist,
    items: Iterable[Item],
    *,
    on_match: str = "",
    share_percent: int | None = None,
    announce: bool = True,
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
                    rights=item.rights,
                    on_match=on_match,
                    share_percent=share_percent,
                    name=item.name,
                    announce=announce,
                )
        except registry.Refused as refused:
            yield Outcome(item.name, error=str(refused))
        except FileNotFoundError:
            yield Outcome(item.name, error=_("There is no such file."))
        except OSError as error:
            sentence = _("The file could not be read: %(problem)s.") % {"problem": error.strerror or error}
            yield Outcome(item.name, error=sentence)
        else:
            yield Outcome(item.name, work)


def _from_folder(folder: Path) -> list[Item]:
    found = [
        path
        for path in sorted(folder.rglob("*"))
        if path.suffix.lower() in PICTURES and path.is_file() and not path.is_symlink()
    ]
    told: dict[str, Row] = {}
    for path in sorted(folder.glob("*.csv")):
        text = _csv_text(path)
        if "file" in _columns(text):
            told = {row["file"]: row for row in _rows(text, path.name)}
            break
    names = {path: path.relative_to(folder).as_posix() for path in found}
    return [_item(names[path], partial(_read, path), _told(names[path], told)) for path in found]


def _from_csv(path: Path) -> list[Item]:
    """Rows with the column ``file``, relative to the CSV's folder or to ``pictures/`` in it."""
    folder = path.parent.resolve()
    rows = _rows(_csv_text(path), path.name)
    return [_item(row["file"], partial(_read, _beside(folder, row["file"])), row) for row in rows]


def _read(path: Path) -> BinaryIO:
    return path.open("rb")


def _beside(folder: Path, name: str) -> Path:
    """The file a row names, inside the CSV's own folder; elsewhere is nowhere."""
    for base in (folder, folder / "pictures"):
        try:
            path = (base / name).resolve()
            if path.is_relative_to(folder) and path.is_file():
                return path
        except (OSError, ValueError):  # a name that no file system takes
            continue
    return folder / "no such file"


def _from_zip(archive: zipfile.ZipFile, listed: bytes | None) -> list[Item]:
    """Every file, so that each is answered for; what is no picture is refused when it is registered."""
    members = [member for member in archive.infolist() if not member.is_dir()]
    _check_zip(members)
    named = [(member, name) for member in members if _is_meant(name := _name(member))]
    the_list, rows = (
        _list_in(archive, named) if listed is None else (None, _rows(_text(listed), _("The CSV")))
    )
    told = {row["file"].replace("\\", "/"): row for row in rows}
    return [
        _item(name, partial(_unpacked, archive, member), _told(name, told))
        for member, name in named
        if member is not the_list
    ]


def _check_directory(file: BinaryIO) -> None:
    """A zip of nothing but names fills the memory while ``zipfile`` reads them: ask their size as it does."""
    end = zipfile._EndRecData(file)  # type: ignore[attr-defined]
    if end is not None and end[zipfile._ECD_SIZE] > MOST_DIRECTORY_BYTES:  # type: ignore[attr-defined]
        raise ImportRefused(
            _("The zip has too many files; %(most)d are the most that are taken at once.")
            % {"most": MOST_FILES}
        )


def _check_zip(members: list[zipfile.ZipInfo]) -> None:
    """A member can't hold more than its header announces: ``zipfile`` reads no further."""
    if len(members) > MOST_FILES:
        raise ImportRefused(
            _("The zip has %(count)d files; %(most)d are the most that are taken at once.")
            % {"count": len(members), "most": MOST_FILES}
        )
    total = sum(member.file_size for member in members)
    if total > settings.IMPORT_MAX_BYTES:
        raise ImportRefused(
            _("The zip unpacks to %(has)d MB; %(most)d MB are the most that are taken.")
            % {"has": total // 1_000_000, "most": settings.IMPORT_MAX_BYTES // 1_000_000}
        )


def _name(member: zipfile.ZipInfo) -> str:
    """The member's path as its maker wrote it. Many packers write their own encoding and do not say so."""
    name = member.filename
    if not member.flag_bits & IS_UTF8:
        raw = name.encode("cp437", errors="replace")
        for encoding in ("utf-8", "cp949"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return name.replace("\\", "/")


def _is_meant(name: str) -> bool:
    """Not one of the files that systems leave in folders for themselves."""
    path = PurePosixPath(name)
    return not path.name.startswith(".") and path.name not in LEFT_BY_SYSTEMS and "__MACOSX" not in path.parts


def _list_in(
    archive: zipfile.ZipFile, named: list[tuple[zipfile.ZipInfo, str]]
) -> tuple[zipfile.ZipInfo | None, list[Row]]:
    """The zip's own list of works: its first CSV with a column ``file``."""
    for member, name in named:
        if not name.lower().endswith(".csv"):
            continue
        if member.file_size > MOST_CSV_BYTES:
            raise ImportRefused(_("%(name)s is too large to be a list of works.") % {"name": name})
        try:
            with _unpacked(archive, member) as file:
                text = _text(file.read())
        except registry.Refused as error:
            raise ImportRefused(f"{name}: {error}") from error
        if "file" in _columns(text):
            return member, _rows(text, name)
    return None, []


@contextmanager
def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[BinaryIO]:
    """A member in memory; raises ``registry.Refused``."""
    if member.file_size > settings.UPLOAD_MAX_BYTES:
        raise registry.too_large()
    if member.flag_bits & IS_ENCRYPTED or member.compress_type not in PACKED:
        raise registry.Refused(_("The file could not be unpacked: it is encrypted, or packed in a rare way."))
    try:
        with archive.open(member) as file:
            data = file.read(settings.UPLOAD_MAX_BYTES + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError) as error:
        raise registry.Refused(_("The file could not be unpacked: the zip is damaged there.")) from error
    yield io.BytesIO(data)


def _csv_text(path: Path) -> str:
    if path.stat().st_size > MOST_CSV_BYTES:
        raise ImportRefused(_("%(name)s is too large to be a list of works.") % {"name": path.name})
    return _text(path.read_bytes())


def _text(data: bytes) -> str:
    """UTF-8 or, as spreadsheets in Korea write it, CP949."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp949", errors="replace")


def _columns(text: str) -> list[str]:
    first = next(iter(text.splitlines()), "")
    return [column.strip().lower() for column in next(csv.reader([first]), [])]


def _rows(text: str, name: str) -> list[Row]:
    columns = _columns(text)
    if "file" not in columns:
        raise ImportRefused(
            _("%(name)s has no column named “file”; its columns may be %(columns)s.")
            % {"name": name, "columns": ", ".join(COLUMNS)}
        )
    lines = csv.reader(io.StringIO(text.replace("\0", "")))
    try:
        next(lines)
        rows = [dict(zip(columns, (value.strip() for value in line), strict=False)) for line in lines]
    except csv.Error as error:
        raise ImportRefused(_("%(name)s is not a CSV that can be read.") % {"name": name}) from error
    return [row for row in rows if row.get("file")][:MOST_FILES]


def _told(name: str, told: dict[str, Row]) -> Row:
    """What the list says of ``name``, by its whole path or its last part."""
    return told.get(name) or told.get(PurePosixPath(name).name) or {}


def _item(name: str, opener: Callable[[], AbstractContextManager[BinaryIO]], row: Row) -> Item:
    return Item(
        name, opener, row.get("title", ""), row.get("year", ""), row.get("source", ""), row.get("rights", "")
    )
