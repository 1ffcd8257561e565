"""Folders, CSVs and zips of works, honest and otherwise."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from matching import importing
from matching.models import Artist, Work
from tests.matching.factories import drawing, make_artist, make_work
from tests.pictures import as_file, save

pytestmark = pytest.mark.django_db


def take(path: Path, artist: Artist | None = None) -> list[tuple[str, str]]:
    """Import everything at ``path``; each file's name and what was wrong with it."""
    with importing.opened(path) as items:
        outcomes = list(importing.import_items(artist or make_artist(), items, announce=False))
    return [(outcome.name, outcome.error) for outcome in outcomes]


def make_zip(path: Path, members: dict[str, bytes], **options: Any) -> Path:
    with zipfile.ZipFile(path, "w", **options) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def png(seed: int) -> bytes:
    return as_file(drawing(seed))


def titles() -> dict[str, tuple[str, str, str]]:
    return {work.original_name: (work.title, work.year, work.source) for work in Work.objects.all()}


def test_a_folder_with_its_list(tmp_path: Path) -> None:
    save(drawing(1), tmp_path / "a.png")
    save(drawing(2), tmp_path / "deep" / "b.jpg")
    (tmp_path / "notes.txt").write_text("no picture")
    (tmp_path / "works.csv").write_text(
        'file,title,year,source\na.png,"Boats, two",1901,A book\ndeep/b.jpg,,,\n'
    )

    told = take(tmp_path)

    assert told == [("a.png", ""), ("deep/b.jpg", "")]
    assert titles() == {"a.png": ("Boats, two", "1901", "A book"), "deep/b.jpg": ("", "", "")}


def test_a_csv_names_files_beside_it(tmp_path: Path) -> None:
    save(drawing(1), tmp_path / "a.png")
    save(drawing(2), tmp_path / "pictures" / "b.png")
    listed = tmp_path / "works.csv"
    listed.write_text("Title, File\nOne,a.png\nTwo,b.png\nThree,c.png\n")

    told = take(listed)

    assert told == [("a.png", ""), ("b.png", ""), ("c.png", "There is no such file.")]
    assert titles() == {"a.png": ("One", "", ""), "b.png": ("Two", "", "")}


def test_a_csv_reaches_nothing_outside_its_folder(tmp_path: Path) -> None:
    secret = save(drawing(1), tmp_path / "secret.png")
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "link.png").symlink_to(secret)
    listed = tmp_path / "own" / "works.csv"
    names = ["../secret.png", str(secret), "link.png", "a\0b.png", "x" * 5000]
    listed.write_text("file\n" + "\n".join(names) + "\n")

    told = take(listed)

    assert [error for _name, error in told] == ["There is no such file."] * len(names)
    assert not Work.objects.exists()


def test_a_folder_follows_no_links(tmp_path: Path) -> None:
    secret = save(drawing(1), tmp_path / "elsewhere" / "secret.png")
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "link.png").symlink_to(secret)

    told = take(tmp_path / "own")

    assert told == []


def test_a_csv_without_a_file_column_is_refused_in_words(tmp_path: Path) -> None:
    listed = tmp_path / "works.csv"
    listed.write_text("name,title\na.png,One\n")

    with pytest.raises(importing.ImportRefused, match="no column named “file”"):
        take(listed)


def test_a_list_as_korean_spreadsheets_write_it(tmp_path: Path) -> None:
    save(drawing(1), tmp_path / "배.png")
    (tmp_path / "works.csv").write_bytes("file,title\n배.png,두 척의 배\n".encode("cp949"))

    take(tmp_path)

    assert titles() == {"배.png": ("두 척의 배", "", "")}


def test_importing_again_adds_nothing(tmp_path: Path) -> None:
    artist = make_artist()
    for number in range(3):
        save(drawing(number), tmp_path / f"{number}.png")
    take(tmp_path, artist)
    before = list(Work.objects.values_list("pk", "original"))

    told = take(tmp_path, artist)

    assert [error for _name, error in told] == ["", "", ""]
    assert list(Work.objects.values_list("pk", "original")) == before


def test_an_import_goes_on_where_it_was_stopped(tmp_path: Path) -> None:
    artist = make_artist()
    for number in range(3):
        save(drawing(number), tmp_path / f"{number}.png")
    with importing.opened(tmp_path) as items:
        next(importing.import_items(artist, items, announce=False))
    first = Work.objects.get()

    take(tmp_path, artist)

    assert Work.objects.count() == 3
    assert Work.objects.get(pk=first.pk).original.name == first.original.name


def test_one_bad_file_keeps_no_other_out(tmp_path: Path, settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 1_000_000
    save(drawing(1), tmp_path / "a.png")
    (tmp_path / "b.png").write_text("no picture")
    (tmp_path / "c.png").write_bytes(png(2) + bytes(1_000_000))
    save(drawing(3), tmp_path / "d.png")

    told = dict(take(tmp_path))

    assert (told["a.png"], told["d.png"]) == ("", "")
    assert "not a JPEG" in told["b.png"]
    assert "larger than 1 MB" in told["c.png"]
    assert sorted(titles()) == ["a.png", "d.png"]


def test_a_zip_with_its_list(tmp_path: Path) -> None:
    members = {"works/a.png": png(1), "works/list.csv": b"file,title\na.png,One\n", "__MACOSX/._a.png": b"x"}
    path = make_zip(tmp_path / "works.zip", members)

    told = take(path)

    assert told == [("works/a.png", "")]
    assert titles() == {"works/a.png": ("One", "", "")}


def test_what_is_no_picture_in_a_zip_is_told(tmp_path: Path) -> None:
    inner = make_zip(tmp_path / "inner.zip", {"b.png": png(2)}).read_bytes()
    path = make_zip(tmp_path / "a.zip", {"inner.zip": inner, "a.png": png(1), ".DS_Store": b"x"})
    with zipfile.ZipFile(path, "a") as archive:
        link = zipfile.ZipInfo("link.png")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")

    told = dict(take(path))

    assert told["a.png"] == ""
    assert "not a JPEG" in told["inner.zip"]
    assert "not a JPEG" in told["link.png"]
    assert sorted(told) == ["a.png", "inner.zip", "link.png"]


def test_a_list_sent_beside_a_zip(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "works.zip", {"a.png": png(1), "notes.txt": b"Inside"})

    with path.open("rb") as file, importing.opened_zip(file, b"file,title\na.png,Beside\n") as items:
        list(importing.import_items(make_artist(), items, announce=False))

    assert titles() == {"a.png": ("Beside", "", "")}


def test_paths_in_a_zip_are_only_names(tmp_path: Path, settings: Any) -> None:
    names = ["../../evil.png", "/etc/evil.png", "C:\\evil.png"]
    path = make_zip(tmp_path / "works.zip", {name: png(number) for number, name in enumerate(names)})

    told = take(path)

    assert [error for _name, error in told] == ["", "", ""]
    assert not list(tmp_path.rglob("*evil*"))
    kept = {work.original.name for work in Work.objects.all()}
    assert kept == {f"works/{work.public_id}/original" for work in Work.objects.all()}


def test_a_zip_that_unpacks_to_too_much_is_refused(tmp_path: Path, settings: Any) -> None:
    settings.IMPORT_MAX_BYTES = 10_000_000
    members = {f"{number}.png": bytes(4_000_000) for number in range(3)}
    path = make_zip(tmp_path / "bomb.zip", members, compression=zipfile.ZIP_DEFLATED)

    with pytest.raises(importing.ImportRefused, match="unpacks to 12 MB"):
        take(path)

    assert path.stat().st_size < 50_000


def test_a_member_that_lies_about_its_size_is_said(tmp_path: Path, settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 1_000_000
    path = make_zip(tmp_path / "a.zip", {"a.png": bytes(3_000_000)}, compression=zipfile.ZIP_DEFLATED)
    true, lie = (3_000_000).to_bytes(4, "little"), (1000).to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(true, lie))

    told = take(path)

    assert [(name, bool(error)) for name, error in told] == [("a.png", True)]
    assert not Work.objects.exists()


def test_members_too_large_encrypted_or_damaged_are_said(tmp_path: Path, settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 1_000_000
    stored = png(9)
    path = make_zip(
        tmp_path / "a.zip", {"large.png": bytes(1_000_001), "torn.png": stored, "good.png": png(1)}
    )
    data = path.read_bytes()
    path.write_bytes(data.replace(stored, stored[:-1000] + bytes(1000)))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("locked.png", png(2))
    flagged = bytearray(path.read_bytes())
    flagged[flagged.rindex(b"PK\x01\x02") + 8] |= 1  # as if it were encrypted
    path.write_bytes(flagged)

    told = dict(take(path))

    assert told["good.png"] == ""
    assert "larger than" in told["large.png"]
    assert "damaged" in told["torn.png"]
    assert "encrypted" in told["locked.png"]
    assert sorted(titles()) == ["good.png"]


def test_a_zip_of_too_many_files_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "MOST_FILES", 2)
    path = make_zip(tmp_path / "a.zip", {f"{number}.png": b"" for number in range(3)})

    with pytest.raises(importing.ImportRefused, match="3 files; 2"):
        take(path)


def test_a_zip_of_nothing_but_names_is_refused_before_they_are_read(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", {f"{number:04}{'x' * 60_000}.png": b"" for number in range(150)})

    with pytest.raises(importing.ImportRefused, match="too many files"):
        take(path)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut off", b"no zip"])
def test_what_is_no_zip_is_refused_in_words(content: bytes) -> None:
    with (
        pytest.raises(importing.ImportRefused, match="damaged or cut off"),
        importing.opened_zip(io.BytesIO(content)),
    ):
        pass


def test_names_in_a_zip_that_does_not_say_its_encoding(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", {"xx.png": png(1)})
    path.write_bytes(path.read_bytes().replace(b"xx.png", "배.png".encode("cp949")))

    told = take(path)

    assert told == [("배.png", "")]


def test_a_work_of_another_artist_is_no_duplicate(tmp_path: Path) -> None:
    make_work(content=png(1))
    path = make_zip(tmp_path / "a.zip", {"a.png": png(1)})

    take(path)

    assert Work.objects.count() == 2
