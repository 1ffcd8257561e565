"""Every process that has to do with a folder: started in it, from it, or told of it."""

import contextlib
import time
from collections.abc import Iterable
from pathlib import Path

import psutil


def family(folder: Path) -> set[psutil.Process]:
    """Processes that have ``folder`` in their command line or environment or work in it, and their children.

    Descent alone would miss PostgreSQL, which leaves its parent, and whatever outlived its own.
    """
    heads = {process for process in psutil.process_iter() if _belongs(process, str(folder))}
    found = set(heads)
    for head in heads:
        with contextlib.suppress(psutil.NoSuchProcess):
            found |= set(head.children(recursive=True))
    return found


def _belongs(process: psutil.Process, folder: str) -> bool:
    try:
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        told = [*process.cmdline(), process.environ().get("VAR_DIR", ""), process.cwd()]
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False
    return any(folder in words for words in told)


def words(processes: Iterable[psutil.Process]) -> list[str]:
    """Their command lines, for a person who reads why a test failed."""
    lines = []
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            lines.append(f"{process.pid} {' '.join(process.cmdline())}")
    return sorted(lines)


def wait_until_gone(folder: Path, known: Iterable[psutil.Process], seconds: float) -> list[str]:
    """What is left after ``seconds`` of those ``known`` before and of those that belong to ``folder`` now."""
    deadline = time.monotonic() + seconds
    while True:
        left = {process for process in known if is_alive(process)} | family(folder)
        if not left or time.monotonic() > deadline:
            return words(left)
        time.sleep(0.1)


def is_alive(process: psutil.Process) -> bool:
    """Whether it runs; a zombie that nobody has collected does not."""
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def kill(folder: Path) -> None:
    """End whatever a failed test left, each by its id."""
    for process in family(folder):
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
