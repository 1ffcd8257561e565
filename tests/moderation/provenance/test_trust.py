"""Trust lists: found in folders, checked, versioned; kept up to date in one step or not at all."""

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from moderation.provenance import Signer, TrustListError, TrustLists, read
from moderation.provenance.listkeeping import RECORD, kept, update_from_addresses, update_from_folders
from tests.moderation.provenance import signing
from tests.moderation.provenance.signing import Authority, Leaf, Made, created, picture, sign


@pytest.fixture
def school() -> Authority:
    return signing.authority("Art School Root")


def test_missing_folders_and_files_are_empty_lists(tmp_path: Path) -> None:
    lists = TrustLists.load(tmp_path, tmp_path / "nowhere")

    assert (lists.lists, dict(lists.versions), dict(lists.problems)) == ((), {}, {})


def test_a_list_on_disk_makes_its_signers_trusted(tmp_path: Path, root: Authority, signer: Leaf) -> None:
    (tmp_path / "C2PA-TRUST-LIST.pem").write_text(root.pem)
    file = sign(picture(), signer, Made([created("digitalCapture")]))

    found = read(file, trust=TrustLists.load(tmp_path))

    assert (found.signer, found.trust_list) == (Signer.TRUSTED, "urn:x-list:c2pa-conformance")


def test_an_allowed_signer_needs_no_anchor_and_no_list_names_it(
    tmp_path: Path, root: Authority, school: Authority, signer: Leaf
) -> None:
    (tmp_path / "cai_anchors.pem").write_text(school.pem)
    (tmp_path / "cai_allowed.pem").write_text(signer.chain.removesuffix(root.pem))
    file = sign(picture(), signer, Made([created("digitalCapture")]))

    found = read(file, trust=TrustLists.load(tmp_path))

    assert (found.signer, found.trust_list) == (Signer.TRUSTED, None)


def test_a_list_of_time_stamp_authorities_is_never_loaded(tmp_path: Path, root: Authority) -> None:
    (tmp_path / "C2PA-TSA-TRUST-LIST.pem").write_text(root.pem)

    assert TrustLists.load(tmp_path).lists == ()


@pytest.mark.parametrize(
    "content",
    [b"", b"no certificates", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"],
)
def test_a_broken_list_is_left_out_and_named(tmp_path: Path, signer: Leaf, content: bytes) -> None:
    (tmp_path / "C2PA-TRUST-LIST.pem").write_bytes(content)
    file = sign(picture(), signer, Made([created("digitalCapture")]))

    lists = TrustLists.load(tmp_path)

    assert list(lists.problems) == [str(tmp_path / "C2PA-TRUST-LIST.pem")]
    assert read(file, trust=lists).signer is Signer.UNRECOGNISED


def test_versions_change_with_the_content(tmp_path: Path, root: Authority, school: Authority) -> None:
    path = tmp_path / "cai_anchors.pem"
    path.write_text(root.pem)
    first = TrustLists.load(tmp_path)
    path.write_text(school.pem)
    second = TrustLists.load(tmp_path)
    (tmp_path / "cai_allowed.pem").write_text(root.pem)
    third = TrustLists.load(tmp_path)

    assert len({each.versions["cai_anchors.pem"] for each in (first, second, third)}) == 3
    assert len({each.digest for each in (first, second, third)}) == 3


def test_an_organization_may_bring_its_own_authority(root: Authority, school: Authority) -> None:
    file = sign(picture(), signing.leaf(school), Made([created("digitalCapture")]))

    found = read(file, trust=root.trusted.plus("art-school", school.pem))

    assert (found.signer, found.trust_list) == (Signer.TRUSTED, "urn:x-list:art-school")
    with pytest.raises(TrustListError):
        root.trusted.plus("nobody", "not a certificate")


def test_updating_from_folders_copies_checks_and_records(
    tmp_path: Path, root: Authority, school: Authority
) -> None:
    one, two, target = tmp_path / "one", tmp_path / "two", tmp_path / "var" / "trust"
    for folder, name, authority in ((one, "C2PA-TRUST-LIST.pem", root), (two, "test_root.pem", school)):
        folder.mkdir()
        (folder / name).write_text(authority.pem)

    update_from_folders(target, [one, two])

    assert {each.name: each.certificates for each in kept(target)} == {
        "C2PA-TRUST-LIST.pem": 1,
        "test_root.pem": 1,
    }
    assert set(TrustLists.load(target).versions) == {"C2PA-TRUST-LIST.pem", "test_root.pem"}
    assert sorted(path.name for path in target.iterdir()) == ["C2PA-TRUST-LIST.pem", "test_root.pem", RECORD]


def test_one_bad_list_leaves_all_old_ones_in_place(tmp_path: Path, root: Authority) -> None:
    good, bad, target = tmp_path / "good", tmp_path / "bad", tmp_path / "trust"
    good.mkdir()
    bad.mkdir()
    (good / "C2PA-TRUST-LIST.pem").write_text(root.pem)
    update_from_folders(target, [good])
    before = {path.name: path.read_bytes() for path in target.iterdir()}
    (bad / "C2PA-TRUST-LIST.pem").write_text(signing.authority().pem)
    (bad / "cai_anchors.pem").write_text("<html>moved</html>")

    with pytest.raises(TrustListError, match="no list of PEM certificates"):
        update_from_folders(target, [bad])

    assert {path.name: path.read_bytes() for path in target.iterdir()} == before


def test_folders_without_lists_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(TrustListError, match="no trust list"):
        update_from_folders(tmp_path / "trust", [tmp_path])


class Served:
    """A small web server: path to status, body and headers."""

    def __init__(self, answers: dict[str, tuple[int, bytes, dict[str, str]]]) -> None:
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, body, headers = answers[self.path]
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: object) -> None:
                """Keep the test's output clean."""

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()


@pytest.fixture
def served(root: Authority) -> Iterator[Served]:
    served = Served(
        {
            "/good": (200, root.pem.encode(), {}),
            "/html": (200, b"<html>hello</html>", {}),
            "/gone": (404, b"", {}),
            "/huge": (200, bytes(9 << 20), {}),
            "/away": (302, b"", {"Location": "http://example.org/list.pem"}),
        }
    )
    yield served
    served.server.shutdown()
    served.server.server_close()


def test_updating_from_addresses_fetches_and_records(tmp_path: Path, served: Served) -> None:
    update_from_addresses(tmp_path, {"C2PA-TRUST-LIST.pem": served.address + "/good"})

    (only,) = kept(tmp_path)
    assert (only.name, only.source) == ("C2PA-TRUST-LIST.pem", served.address + "/good")
    assert len(TrustLists.load(tmp_path).lists) == 1


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/html", "no list of PEM certificates"),
        ("/gone", "Not Found"),
        ("/huge", "more than 8 MB"),
        ("/away", "no https address"),
    ],
)
def test_a_failed_fetch_is_one_sentence_and_changes_nothing(
    tmp_path: Path, served: Served, path: str, words: str
) -> None:
    addresses = {"C2PA-TRUST-LIST.pem": served.address + "/good", "cai_anchors.pem": served.address + path}

    with pytest.raises(TrustListError, match=words):
        update_from_addresses(tmp_path / "trust", addresses)

    assert not (tmp_path / "trust").exists()


@pytest.mark.parametrize(
    "address", ["http://example.org/list.pem", "file:///etc/hosts", "ftp://example.org/a.pem"]
)
def test_lists_come_over_tls_only(tmp_path: Path, address: str) -> None:
    with pytest.raises(TrustListError, match="no https address"):
        update_from_addresses(tmp_path, {"C2PA-TRUST-LIST.pem": address})


def test_an_unknown_name_in_settings_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TrustListError, match="unknown list names"):
        update_from_addresses(tmp_path, {"../evil.pem": "https://example.org"})
