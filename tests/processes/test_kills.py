"""Workers and brokers die at any moment, files kill decoders; every entry still gets exactly one verdict."""

from pathlib import Path

import pytest
from PIL import Image

from moderation.demo.pictures import as_png
from moderation.models import Case, CheckResult, CheckRun, Verdict
from submissions.intake import receive
from submissions.models import Contest, Entry, Move, Notice
from submissions.states import State
from tests.factories import make_artwork, make_contest, make_disclosure, make_draft
from tests.pictures import as_file, draw
from tests.processes.site import Site

pytestmark = [
    pytest.mark.processes,
    pytest.mark.xdist_group("processes"),
    pytest.mark.django_db(transaction=True),
    # The embedded broker's package leaves its pipes to the garbage collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


def hand_in(contest: Contest, seed: int, content: bytes | None = None) -> Entry:
    entry = make_draft(contest=contest, title=f"Work {seed}")
    make_artwork(entry, content=content if content is not None else as_file(draw(seed)))
    make_disclosure(entry)
    receive(entry, by=entry.entrant)
    return entry


def settled(*entries: Entry) -> bool:
    keys = [entry.pk for entry in entries]
    return not Entry.objects.filter(pk__in=keys, state=State.RECEIVED).exists()


def assert_one_verdict_each(site: Site, *entries: Entry) -> None:
    for entry in entries:
        assert Verdict.objects.filter(screening__entry=entry).count() == 1
        assert Move.objects.filter(entry=entry).count() == 2  # handed in, and where the verdict sent it
        results = CheckResult.objects.filter(screening__entry=entry)
        assert results.values("check_name").distinct().count() == 7
    site.wait(lambda: not Notice.objects.filter(sent_at=None).exists(), "sending the letters")
    assert len(site.letters()) == 2 * len(entries)


def test_a_worker_killed_half_way_loses_nothing_and_sends_nothing_twice(site: Site) -> None:
    site.start_broker()
    contest = make_contest()
    entries = [hand_in(contest, seed) for seed in range(4)]
    worker = site.start_worker()
    site.wait(lambda: CheckRun.objects.filter(finished_at__isnull=False).exists(), "the first check")

    site.kill(worker)
    site.start_worker()
    site.start_beat()

    site.wait(lambda: settled(*entries), "a verdict for every entry")
    assert_one_verdict_each(site, *entries)


def test_an_entry_handed_in_while_the_broker_is_down_is_screened_when_it_returns(site: Site) -> None:
    entry = hand_in(make_contest(), 1)
    assert entry.state == State.RECEIVED
    site.start_broker()
    site.start_worker()
    site.start_beat()

    site.wait(lambda: settled(entry), "a verdict")

    assert_one_verdict_each(site, entry)


def test_a_broker_killed_half_way_is_outlived(site: Site) -> None:
    site.start_broker()
    contest = make_contest()
    entries = [hand_in(contest, seed) for seed in range(3)]
    site.start_worker()
    site.start_beat()
    site.wait(lambda: CheckRun.objects.filter(finished_at__isnull=False).exists(), "the first check")

    site.kill_broker()
    entries.append(hand_in(contest, 9))
    site.start_broker()

    site.wait(lambda: settled(*entries), "a verdict for every entry")
    assert_one_verdict_each(site, *entries)


KILLER = """
import hashlib, os, signal
from PIL import Image, PngImagePlugin
load = PngImagePlugin.PngImageFile.load
def fatal(self, *args, **kwargs):
    how = self.info.get("Comment", "")
    if how == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if how == "hang":
        hashlib.pbkdf2_hmac("sha256", b"", b"", 2**31 - 1)  # inside C, where no signal handler runs
    return load(self, *args, **kwargs)
PngImagePlugin.PngImageFile.load = fatal
"""


def png_with(comment: str) -> bytes:
    return as_png(Image.fromarray(draw(3)), Comment=comment)


@pytest.mark.parametrize("how", ["kill", "hang"])
def test_a_file_that_ends_its_decoder_is_tried_twice_then_shown_to_a_person(
    site: Site, tmp_path: Path, how: str
) -> None:
    # No decoder here has a known fatal file, so one is given to the worker: it dies, or hangs, in earnest.
    (tmp_path / "sitecustomize.py").write_text(KILLER)
    site.extra_environment = {
        "PYTHONPATH": str(tmp_path),
        "MODELS_DIR": str(tmp_path),  # no encoder: to load it may take longer than a task may here
        "TASK_SOFT_SECONDS": "4",
        "TASK_HARD_SECONDS": "5",
    }
    site.start_broker()
    contest = make_contest()
    fatal, harmless = hand_in(contest, 1, png_with(how)), hand_in(contest, 2)
    site.start_worker()
    site.start_beat()

    site.wait(lambda: settled(fatal, harmless), "a verdict for both")

    fatal.refresh_from_db()
    assert fatal.state == State.HELD
    assert Case.objects.filter(entry=fatal).count() == 1
    assert CheckRun.objects.get(screening__entry=fatal, check_name="file").attempts == 2
    given_up = CheckResult.objects.filter(screening__entry=fatal, code="check.gave_up")
    assert [result.check_name for result in given_up] == ["file"]
    assert Verdict.objects.filter(screening__entry=harmless).count() == 1
