"""A few frames of a recording, side by side, decoded where nothing can be lost.

A film's codec is the largest piece of strangers' input that this house reads. It runs in a process of its own
with bounds on memory, time and files, no protocol but the local file, and hands back plain pixels: whatever
happens to that process, its parent gets a picture, or none.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from typing import BinaryIO

from PIL import Image

COLUMNS, ROWS = 3, 2
CELL = 320  # pixels of a frame's longer side
MOST_PIXELS = 64_000_000  # of a frame
PROCESSOR_SECONDS, WALL_SECONDS = 20, 40
MEMORY = 2 << 30
_HEADER = 64


@dataclass(frozen=True)
class Frames:
    """``seconds`` and the frame's size as the decoder knows them; ``sheet`` is RGB."""

    seconds: float | None
    width: int
    height: int
    sheet: Image.Image


def sheet(file: BinaryIO) -> Frames | None:
    """The frames of ``file`` in reading order, evenly through its length; None where it can't be decoded."""
    with tempfile.NamedTemporaryFile(suffix=".film") as copy:
        file.seek(0)
        shutil.copyfileobj(file, copy)
        copy.flush()
        try:
            done = subprocess.run(
                [sys.executable, "-m", "submissions.evidence.frames", copy.name],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=WALL_SECONDS,
                check=False,
                env={
                    "PATH": os.environ.get("PATH", ""),
                    "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
                },
            )
        except subprocess.TimeoutExpired:
            return None
    return _received(done.stdout) if done.returncode == 0 else None


def _received(answer: bytes) -> Frames | None:
    """The child may have been taken over by the film: nothing that it says is believed beyond its bounds."""
    try:
        seconds, width, height, across, down = answer[:_HEADER].decode("ascii").split()
        size = min(int(across), COLUMNS * CELL), min(int(down), ROWS * CELL)
        length = float(seconds)
        picture = Image.frombytes("RGB", size, answer[_HEADER:])
    except ValueError:
        return None
    return Frames(length if 0 < length < 1e7 else None, abs(int(width)), abs(int(height)), picture)


def main(path: str) -> None:
    """The child: decode, lay side by side, write the header and the pixels to standard output."""
    _bound()
    os.environ["OPENCV_FFMPEG_CAPTURE_OPTIONS"] = "protocol_whitelist;file"
    os.environ["OPENCV_LOG_LEVEL"] = "SILENT"
    import cv2  # noqa: PLC0415 -- within the bounds, and in this process alone
    import numpy as np  # noqa: PLC0415

    cv2.setNumThreads(1)
    film = cv2.VideoCapture(path, cv2.CAP_FFMPEG, [cv2.CAP_PROP_N_THREADS, 1])
    width, height = (int(film.get(each)) for each in (cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT))
    count, rate = film.get(cv2.CAP_PROP_FRAME_COUNT), film.get(cv2.CAP_PROP_FPS)
    if not film.isOpened() or not 0 < width * height <= MOST_PIXELS:
        sys.exit(1)
    scale = CELL / max(width, height)
    cell = max(round(width * scale), 1), max(round(height * scale), 1)
    paper = np.full((ROWS * cell[1], COLUMNS * cell[0], 3), 255, np.uint8)
    shown = 0
    for place in range(COLUMNS * ROWS):
        if place and count > 1:
            film.set(cv2.CAP_PROP_POS_FRAMES, int(count * place / (COLUMNS * ROWS)))
        read, frame = film.read()
        if not read:
            break
        top, left = place // COLUMNS * cell[1], place % COLUMNS * cell[0]
        small = cv2.resize(frame, cell, interpolation=cv2.INTER_AREA)
        paper[top : top + cell[1], left : left + cell[0]] = small[:, :, ::-1]
        shown += 1
    if not shown:
        sys.exit(1)
    seconds = count / rate if rate > 0 else 0
    header = f"{seconds:.3f} {width} {height} {paper.shape[1]} {paper.shape[0]}"
    sys.stdout.buffer.write(header.encode("ascii").ljust(_HEADER) + paper.tobytes())


def _bound() -> None:
    import resource  # noqa: PLC0415 -- the parent needs none of it

    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, PROCESSOR_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):  # a tighter bound of the house stays
            resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    main(sys.argv[1])
