"""Receipts: true ones hold, others do not, by the very script that entrants download."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.test import Client
from pytest_django import Settings

from moderation import decisions
from moderation.record import heads
from moderation.verdicts import Route
from submissions.models import Entry
from tests.factories import make_contest, make_member
from tests.moderation.record.test_chain import handed_in
from tests.moderation.rows import CONTRADICTION, NO_CREDENTIALS, SIGNS, copy_of, make_judged, make_work

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def own_key(settings: Settings, tmp_path: Path) -> None:
    settings.RECEIPT_KEY = str(new_key(tmp_path / "key.pem"))


def new_key(path: Path) -> Path:
    path.write_bytes(
        Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    return path


def decided() -> Entry:
    contest = make_contest()
    work = make_work(title="Harbour at dusk")
    findings = (CONTRADICTION, NO_CREDENTIALS, SIGNS, copy_of(work))
    entry = make_judged(*findings, entry=handed_in(contest))
    by = make_member(contest.organization)
    decisions.decide(entry.cases.get(), by=by, route=Route.HUMAN, reason="The layers show it.")
    handed_in(contest)
    entry.refresh_from_db()
    return entry


def download(client: Client, entry: Entry, folder: Path) -> Path:
    """The receipt, the script and the key, as anybody gets them from the site."""
    answer = client.get(f"/entries/{entry.public_id}/receipt.json")
    assert answer.status_code == 200
    (folder / "receipt.json").write_bytes(answer.content)
    (folder / "check_receipt.py").write_bytes(Client().get("/record/check_receipt.py").content)
    (folder / "site.pem").write_bytes(Client().get("/record/key.pem").content)
    return folder


def check(folder: Path, *more: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-I", "check_receipt.py", "receipt.json", "--key", "site.pem", *more],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def change(folder: Path, do: Any) -> None:
    receipt = json.loads((folder / "receipt.json").read_text())
    do(receipt)
    (folder / "receipt.json").write_text(json.dumps(receipt))


def test_a_receipt_is_checked_without_the_site(as_person: Any, tmp_path: Path) -> None:
    entry = decided()
    heads.publish(entry.contest)
    head = entry.contest.published_heads.get()

    folder = download(as_person(entry.entrant), entry, tmp_path)

    status, said = check(folder, "--head", head.hash)
    assert status == 0, said
    assert said.startswith("GENUINE.")
    assert f"lead to head {head.hash}, published on" in said
    assert check(folder, "--head", "0" * 64)[0] == 1


def test_before_the_night_it_says_that_nothing_is_published(as_person: Any, tmp_path: Path) -> None:
    entry = decided()

    status, said = check(download(as_person(entry.entrant), entry, tmp_path))

    assert status == 0, said
    assert "not published yet" in said


@pytest.mark.parametrize(
    "tamper",
    [
        lambda receipt: receipt["signed"]["entry"].update(title="Another"),
        lambda receipt: receipt["signed"]["links"][-1]["facts"].update(new="rejected"),
        lambda receipt: receipt["signed"]["links"].pop(),
        lambda receipt: receipt.update(signature="AAAA"),
    ],
)
def test_a_changed_receipt_is_not_genuine(as_person: Any, tmp_path: Path, tamper: Any) -> None:
    entry = decided()
    folder = download(as_person(entry.entrant), entry, tmp_path)

    change(folder, tamper)

    status, said = check(folder)
    assert (status, said.split(".")[0]) == (1, "NOT GENUINE")


def test_a_receipt_of_another_site_is_not_genuine(as_person: Any, tmp_path: Path, settings: Settings) -> None:
    entry = decided()
    folder = download(as_person(entry.entrant), entry, tmp_path)

    settings.RECEIPT_KEY = str(new_key(tmp_path / "other.pem"))
    (folder / "site.pem").write_bytes(Client().get("/record/key.pem").content)

    assert check(folder)[0] == 1


def test_what_cannot_be_read_is_said_to_be_unreadable(as_person: Any, tmp_path: Path) -> None:
    entry = decided()
    folder = download(as_person(entry.entrant), entry, tmp_path)

    (folder / "receipt.json").write_text("{")

    assert check(folder)[0] == 2


def test_a_receipt_tells_what_was_judged_by_what(as_person: Any, tmp_path: Path) -> None:
    entry = decided()
    folder = download(as_person(entry.entrant), entry, tmp_path)

    signed = json.loads((folder / "receipt.json").read_text())["signed"]

    *_begun, screening = signed["screenings"]
    assert screening["rules_version"] == 1
    assert {"check": "synthetic", "versions": dict(SIGNS.versions)} in screening["checks"]
    kinds = [link["kind"] for link in signed["links"]]
    assert kinds == ["move", *["finding"] * 4, "verdict", "move", "decision", "move"]
    shown = {link["kind"]: link["shown"] for link in signed["links"]}
    assert shown["decision"]["reason"]["value"] == "The layers show it."
    codes = {link["shown"]["code"]["value"] for link in signed["links"] if "code" in link["shown"]}
    assert codes == {CONTRADICTION.code, SIGNS.code, "copy.verified"}


def test_a_receipt_leaks_no_mark_no_reviewer_and_nobodys_work(as_person: Any, tmp_path: Path) -> None:
    entry = decided()
    work_name = "Artist "
    folder = download(as_person(entry.entrant), entry, tmp_path)

    said = (folder / "receipt.json").read_text()

    for hidden in ("0.93", "0.88", "0.21", work_name, "budget", 'by_id": {"key', "inliers", "region"):
        assert hidden not in said
