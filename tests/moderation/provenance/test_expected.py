"""Every labelled file, real and made, read as its row says.

The library asks the system's clock, which a test cannot set: rows of signers without a time-stamp hold until
their certificates expire (the first in August 2030, the made ones in 2035).
"""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import c2pa
import pytest
from django.core.management import call_command

from moderation.provenance import Trace, TrustLists, media_type, read, read_traces
from tests import shared_data

FOLDER = shared_data.ROOT / "provenance"
pytestmark = pytest.mark.shared_data

# The library names a list for this file, but it is the list of an ingredient's signer: the file's own signer
# is on none, as the same row says.
NOT_ITS_LIST = {"genai-picture-validate-protected.jpg"}


def rows(folder: str) -> list[Any]:
    path = FOLDER / folder / "expected.csv"
    if not path.is_file():
        return [pytest.param({}, id="missing")]
    with path.open(newline="", encoding="utf-8") as file:
        return [pytest.param(row, id=row["file"]) for row in csv.DictReader(file)]


@pytest.fixture(scope="module")
def trust() -> TrustLists:
    folder = shared_data.require("provenance")
    return TrustLists.load(folder / "trust", folder / "test-ca")


def keys(traces: tuple[Trace, ...]) -> set[str]:
    return {f"{trace.key}(weak)" if trace.weak else trace.key for trace in traces}


def words(cell: str) -> set[str]:
    return set(filter(None, cell.split("|")))


def file_of(row: dict[str, str], folder: str) -> Path:
    return shared_data.require(f"provenance/{folder}") / row["file"]


@pytest.mark.parametrize("row", rows("real"))
def test_a_real_file_reads_as_labelled(row: dict[str, str], trust: TrustLists) -> None:
    assert_reads_as(row, file_of(row, "real"), trust)


@pytest.mark.parametrize("row", rows("made"))
def test_a_made_file_reads_as_labelled(row: dict[str, str], trust: TrustLists) -> None:
    assert_reads_as(row, file_of(row, "made"), trust)


@pytest.mark.parametrize("row", rows("hostile"))
def test_a_hostile_file_reads_as_labelled(row: dict[str, str], trust: TrustLists) -> None:
    path = file_of(row, "hostile")

    with path.open("rb") as file:
        found = read(file, trust=trust)

    assert found.integrity == row["kind"]


@pytest.mark.parametrize("row", rows("traces"))
def test_traces_are_found_as_labelled(row: dict[str, str], trust: TrustLists) -> None:
    path = file_of(row, "traces")

    with path.open("rb") as file:
        found, provenance = read_traces(file), read(file, trust=trust)

    assert keys(found) == words(row["expected_traces"])
    assert provenance.integrity == "none"


def test_inspect_says_the_same_of_every_labelled_file() -> None:
    """The command that a person would compare with: one passage over the whole folder."""
    folder = shared_data.require("provenance")
    output = io.StringIO()
    lists = ("--trust", str(folder / "trust"), "--trust", str(folder / "test-ca"))
    call_command("inspect", str(folder), *lists, "--no-synthetic", stdout=output)
    lines = {line["file"]: line for line in map(json.loads, output.getvalue().splitlines())}

    wrong = {}
    compared = 0
    for part in ("real", "made", "hostile", "traces"):
        for row in (parameter.values[0] for parameter in rows(part)):
            line = lines[str(folder / part / row["file"])]
            compared += 1
            if differs := {key: (told, said) for key, told, said in _pairs(part, row, line) if told != said}:
                wrong[row["file"]] = differs
    assert wrong == {}
    assert compared >= 162


def _pairs(part: str, row: dict[str, str], line: dict[str, Any]) -> Iterator[tuple[str, object, object]]:
    """What a row expects and what the command said."""
    if part == "hostile":
        yield "integrity", row["kind"], line["provenance"]["integrity"]
        return
    traces = {f"{one['key']}(weak)" if one["weak"] else one["key"] for one in line["traces"]}
    yield "traces", words(row["expected_traces" if part == "traces" else "traces"]), traces
    if part == "traces":
        return
    for column in ("origin", "integrity", "signer"):
        if row[column]:
            yield column, row[column], line["provenance"][column]
    yield "flags", words(row["flags"]), words(row["flags"]) & set(line["provenance"]["flags"])


def test_a_time_stamp_that_the_library_trusts_vouches_for_nobody() -> None:
    """With no list at all it calls time-stamps of old claims trusted; a signer is known by a list or not."""
    folder = shared_data.require("provenance/real")
    calls_it_trusted = 0
    for row in (parameter.values[0] for parameter in rows("real")):
        path = folder / row["file"]
        with path.open("rb") as file:
            found = read(file)
        calls_it_trusted += b"timeStamp.trusted" in _bare(path)
        assert found.signer != "trusted"
        assert not found.vouched
    assert calls_it_trusted


def _bare(path: Path) -> bytes:
    """The library's own report without any list, or nothing where it gives none."""
    settings = {"verify": {"remote_manifest_fetch": False, "verify_trust": False}}
    try:
        with c2pa.Context.from_dict(settings) as context, path.open("rb") as file:
            reader = c2pa.Reader.try_create(media_type(file), file, context=context)
            return reader.json().encode() if reader else b""
    except c2pa.C2paError:
        return b""


def assert_reads_as(row: dict[str, str], path: Path, trust: TrustLists) -> None:
    with path.open("rb") as file:
        found, traces = read(file, trust=trust), read_traces(file)
    seen = {
        "claim_generator": found.generator,
        "signer_name": found.signer_name,
        "origin": found.origin,
        "integrity": found.integrity,
        "signer": found.signer,
        "trust_list": row["trust_list"] if row["file"] in NOT_ITS_LIST else found.trust_list,
    }
    expected = {column: row[column] for column in seen if row[column]}

    assert {column: seen[column] for column in expected} == expected
    assert words(row["flags"]) <= set(found.flags)
    assert keys(traces) == words(row["traces"])
