"""Recordings: six frames in order from a real film, and nothing from one that is broken or hostile."""

import io
import struct
from pathlib import Path
from typing import BinaryIO

import cv2
import numpy as np
import pytest

from matching.engine.images import Limits
from submissions.evidence import Kind, frames, read

COLOURS = [
    (200, 30, 30),
    (30, 180, 40),
    (40, 60, 210),
    (220, 200, 30),
    (150, 40, 160),
    (230, 230, 230),
]  # RGB
KINDS = pytest.mark.parametrize(("ending", "codec"), [("mp4", "mp4v"), ("avi", "MJPG"), ("mkv", "mp4v")])


def film(folder: Path, ending: str = "mp4", codec: str = "mp4v", each: int = 20) -> bytes:
    """A second of each colour, at twenty frames a second."""
    path = folder / f"film.{ending}"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*codec), 20, (160, 96))
    for colour in COLOURS:
        for _number in range(each):
            writer.write(np.full((96, 160, 3), colour[::-1], np.uint8))
    writer.release()
    return path.read_bytes()


def seen(data: bytes) -> frames.Frames | None:
    return frames.sheet(io.BytesIO(data))


@KINDS
def test_six_frames_show_a_film_in_its_order(tmp_path: Path, ending: str, codec: str) -> None:
    shown = seen(film(tmp_path, ending, codec))

    assert shown is not None
    assert shown.seconds == pytest.approx(6, abs=0.2)
    assert (shown.width, shown.height) == (160, 96)
    cell = shown.sheet.width // 3, shown.sheet.height // 2
    found = [
        shown.sheet.getpixel((cell[0] * column + cell[0] // 2, cell[1] * row + cell[1] // 2))
        for row in range(2)
        for column in range(3)
    ]
    assert np.abs(np.array(found) - COLOURS).max() < 30


def test_a_reviewer_gets_frames_length_and_size(tmp_path: Path) -> None:
    file: BinaryIO = io.BytesIO(film(tmp_path, each=2))

    found = read(file, Limits(bytes=10**8, pixels=10**8))

    assert (found.kind, found.width, found.height) == (Kind.RECORDING, 160, 96)
    assert found.seconds == pytest.approx(0.6, abs=0.1)
    assert found.picture is not None


@pytest.mark.parametrize("kept", [0.0, 0.02, 0.5, 0.95])
def test_a_film_that_is_cut_off_shows_nothing_or_what_is_there(tmp_path: Path, kept: float) -> None:
    whole = film(tmp_path, "avi", "MJPG")

    shown = seen(whole[: int(len(whole) * kept)])

    assert shown is None or shown.sheet.width == 960


def test_a_film_that_announces_a_huge_frame_shows_nothing(tmp_path: Path) -> None:
    whole = bytearray(film(tmp_path, "avi", "MJPG"))
    at = whole.index(b"avih") + 8
    whole[at + 32 : at + 40] = struct.pack("<II", 60_000, 60_000)
    strf = whole.index(b"strf") + 8
    whole[strf + 4 : strf + 12] = struct.pack("<ii", 60_000, 60_000)

    shown = seen(bytes(whole))

    assert shown is None or shown.width * shown.height <= frames.MOST_PIXELS


def test_a_list_of_other_files_is_no_film(tmp_path: Path) -> None:
    """What names other files or addresses is never followed."""
    other = tmp_path / "other.avi"
    other.write_bytes(film(tmp_path, "avi", "MJPG"))

    assert seen(f"ffconcat version 1.0\nfile '{other}'\n".encode()) is None
    assert seen(f"#EXTM3U\n#EXTINF:1,\nfile://{other}\n#EXT-X-ENDLIST\n".encode()) is None


@pytest.mark.parametrize(
    "answer", [b"", b"1 2 3", b"nan 1 1 10 10".ljust(64), b"1 1 1 960 400".ljust(64) + b"x"]
)
def test_what_the_other_process_says_is_not_believed(answer: bytes) -> None:
    assert frames._received(answer) is None


def test_a_film_that_takes_too_long_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames, "WALL_SECONDS", 0.001)

    assert seen(film(tmp_path, each=1)) is None
