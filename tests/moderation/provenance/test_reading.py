"""Reading: every kind of file object, any bytes, any size, and answers that can be stored."""

import io
import json
import time
from typing import IO, Any

import c2pa
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from hypothesis import given, settings
from hypothesis import strategies as st

from moderation.provenance import Evidence, Integrity, Origin, Trace, TrustLists, read
from moderation.provenance.lineage import trace_lineage
from moderation.provenance.origin import judge_origin
from moderation.provenance.store import Manifests
from moderation.provenance.tree import tree
from tests.moderation.provenance.signing import Authority, Leaf, Made, created, picture, sign

CAPTURE = Made([created("digitalCapture")])


@pytest.mark.parametrize("kind", ["bytes", "simple", "temporary", "read only"])
def test_files_of_every_kind_are_read_left_open_and_rewound(root: Authority, signer: Leaf, kind: str) -> None:
    data = sign(picture(), signer, CAPTURE)
    file: IO[bytes] | SimpleUploadedFile | TemporaryUploadedFile
    if kind == "simple":
        file = SimpleUploadedFile("a.jpg", data)
    elif kind == "temporary":
        file = TemporaryUploadedFile("a.jpg", "image/jpeg", len(data), None)
        file.write(data)
    elif kind == "read only":
        file = ReadOnly(data)  # type: ignore[assignment]
    else:
        file = io.BytesIO(data)
        file.seek(77)

    found = read(file, trust=root.trusted)  # type: ignore[arg-type]

    assert found.integrity is Integrity.INTACT
    assert not getattr(file, "closed", False)
    assert file.tell() == 0
    assert file.read() == data


class ReadOnly:
    """The least a file can be."""

    def __init__(self, data: bytes) -> None:
        self._file = io.BytesIO(data)
        self.read, self.seek, self.tell = self._file.read, self._file.seek, self._file.tell


def test_a_disk_that_fails_is_no_verdict_on_the_picture(root: Authority) -> None:
    class Failing(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise OSError("disk gone")

    with pytest.raises(OSError, match="disk gone"):
        read(Failing(picture()), trust=root.trusted)


def test_texts_that_a_database_cannot_hold_are_mended(root: Authority, signer: Leaf) -> None:
    odd = "brush\x00\ud800 tool"
    report = {
        "active_manifest": "m\x00",
        "manifests": {
            "m\x00": {
                "title": odd,
                "claim_generator": odd,
                "assertions": [
                    {"label": "c2pa.actions", "data": {"actions": [{"action": odd, "description": odd}]}}
                ],
            }
        },
    }

    manifests = Manifests.of(report)
    written = json.dumps(
        [tree(manifests).as_json(), Evidence("x", odd, note=odd).as_json(), Trace(odd).as_json()]
    )

    assert "\\u0000" not in written
    assert "\\ud800" not in written
    assert manifests.active.title == "brush? tool"


def test_a_history_of_absurd_size_is_judged_in_time_and_stored_in_bounds() -> None:
    def manifest(number: int) -> dict[str, Any]:
        below = [
            {
                "relationship": "componentOf" if step > 1 else "parentOf",
                "active_manifest": f"m{number + step}",
            }
            for step in range(1, 40)
        ]
        return {
            "ingredients": below,
            "assertions": [{"label": "c2pa.actions", "data": {"actions": [{"action": "x.y"}] * 100}}],
        }

    last = {
        "assertions": [{"label": "c2pa.actions", "data": {"actions": [created("trainedAlgorithmicMedia")]}}]
    }
    report = {
        "active_manifest": "m0",
        "manifests": {f"m{n}": manifest(n) for n in range(3000)} | {"m3000": last},
    }

    started = time.thread_time()
    manifests = Manifests.of(report)
    judged = judge_origin(trace_lineage(manifests))
    drawn = tree(manifests)

    assert judged.origin is Origin.AI_GENERATED
    assert len(json.dumps(drawn.as_json())) < 1_000_000
    assert time.thread_time() - started < 10


@settings(max_examples=300, deadline=None)
@given(
    data=st.binary(max_size=400), head=st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF"])
)
def test_random_bytes_are_never_an_exception(data: bytes, head: bytes) -> None:
    found = read(head + data, trust=TrustLists())

    assert found.integrity in {Integrity.NONE, Integrity.UNREADABLE, Integrity.UNSUPPORTED}
    assert found.as_json()["integrity"] == found.integrity


def test_the_library_is_the_one_that_the_version_names() -> None:
    from moderation.provenance import VERSION

    assert VERSION.endswith(c2pa.sdk_version())
