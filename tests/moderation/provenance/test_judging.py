"""Integrity and signer: the library's verdict is not ours, and damage hides in three places."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from moderation.provenance import Integrity, Origin, Signer, Use, read
from moderation.provenance.store import Manifest
from tests.moderation.provenance.signing import (
    DOCUMENT_SIGNING,
    IPTC,
    Authority,
    Leaf,
    Made,
    created,
    leaf,
    picture,
    sign,
)

CAPTURE = Made([created("digitalCapture")])
EDIT = {"action": "c2pa.color_adjustments", "digitalSourceType": IPTC + "humanEdits"}


def flipped(data: bytes, at: int, bit: int = 1) -> bytes:
    changed = bytearray(data)
    changed[at] ^= bit
    return bytes(changed)


def edited(data: bytes, by: Leaf) -> bytes:
    return sign(picture(), by, Made([EDIT], "Editor", parents=[data]))


def test_an_untouched_file_is_intact_and_its_signer_trusted(root: Authority, signer: Leaf) -> None:
    file = sign(picture(), signer, CAPTURE)

    found = read(file, trust=root.trusted)

    assert (found.integrity, found.signer, found.origin) == (
        Integrity.INTACT,
        Signer.TRUSTED,
        Origin.CAPTURED,
    )
    assert (found.trust_list, found.signer_name) == ("urn:x-list:test", "Test Signer Organization")
    assert found.generator == "Test Camera"
    assert found.vouched


def test_without_lists_the_signer_is_unrecognised_and_the_file_intact(signer: Leaf) -> None:
    file = sign(picture(), signer, CAPTURE)

    found = read(file)

    assert (found.integrity, found.signer) == (Integrity.INTACT, Signer.UNRECOGNISED)
    assert found.trust_list is None
    assert not found.vouched


@pytest.mark.parametrize("key_use", [DOCUMENT_SIGNING, "1.3.6.1.4.1.311.76.59.1.9"])
def test_every_key_use_of_the_public_lists_is_accepted(root: Authority, key_use: str) -> None:
    file = sign(picture(), leaf(root, key_use=key_use), CAPTURE)

    found = read(file, trust=root.trusted)

    assert (found.integrity, found.signer) == (Integrity.INTACT, Signer.TRUSTED)


def test_one_flipped_bit_in_the_picture_is_tampering_and_the_claim_stays_readable(
    root: Authority, signer: Leaf
) -> None:
    file = flipped(sign(picture(), signer, CAPTURE), -200)

    found = read(file, trust=root.trusted)

    assert (found.integrity, found.origin) == (Integrity.TAMPERED, Origin.CAPTURED)
    assert "assertion.dataHash.mismatch" in {item.code for item in found.evidence}


def test_a_changed_signature_is_tampering_and_proves_no_signer(root: Authority, signer: Leaf) -> None:
    file = sign(picture(), signer, CAPTURE)
    at = file.index(b"c2pa.claim.v2") + 60

    found = read(flipped(file, at, 32), trust=root.trusted)

    assert found.integrity is not Integrity.INTACT
    assert found.signer is not Signer.TRUSTED


def test_a_transplanted_manifest_is_tampering(root: Authority, signer: Leaf) -> None:
    file = sign(picture(1), signer, CAPTURE)
    other = picture(2)
    start = file.index(b"\xff\xeb")
    end = start + 2 + int.from_bytes(file[start + 2 : start + 4], "big")

    found = read(other[:2] + file[start:end] + other[2:], trust=root.trusted)

    assert found.integrity is Integrity.TAMPERED


def test_an_altered_ingredient_is_seen_though_the_active_manifest_has_no_failure(
    root: Authority, signer: Leaf
) -> None:
    file = edited(sign(picture(), signer, CAPTURE), signer)
    at = file.index(b"digitalCapture")

    found = read(flipped(file, at), trust=root.trusted)

    assert found.integrity is Integrity.TAMPERED_INGREDIENT
    assert "ingredient_tampered" in found.flags


def test_a_trusted_editor_launders_a_tampered_parent(root: Authority, signer: Leaf) -> None:
    tampered = flipped(sign(picture(), signer, CAPTURE), -200)
    file = edited(tampered, signer)

    found = read(file, trust=root.trusted)

    assert (found.integrity, found.signer) == (Integrity.INTACT, Signer.TRUSTED)
    assert {"laundered", "ingredient_tampered"} <= set(found.flags)
    assert not found.vouched


def test_a_trusted_editor_lends_no_trust_to_a_strangers_capture(
    root: Authority, signer: Leaf, stranger: Leaf
) -> None:
    file = edited(sign(picture(), stranger, CAPTURE), signer)

    found = read(file, trust=root.trusted)

    assert (found.signer, found.origin) == (Signer.TRUSTED, Origin.CAPTURED_EDITED)
    assert "ingredient_unrecognised" in found.flags
    assert not found.vouched


def test_an_ingredient_signed_by_someone_known_today_raises_no_flag(root: Authority, signer: Leaf) -> None:
    # The signing side knows no lists, so "untrusted" is on record from when the parent was taken in.
    file = edited(sign(picture(), signer, CAPTURE), signer)

    found = read(file, trust=root.trusted)

    assert found.flags == ()
    assert found.vouched


def test_a_broken_store_never_reads_as_none(root: Authority, signer: Leaf) -> None:
    file = sign(picture(), signer, CAPTURE)
    start = file.index(b"jumb")
    answers = {read(flipped(file, start + offset, 8), trust=root.trusted).integrity for offset in range(60)}

    # Some bytes of the outermost box belong to no hash, so a file may also stay intact.
    assert Integrity.NONE not in answers
    assert Integrity.UNREADABLE in answers


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF", "HEIF", "GIF", "TIFF"])
def test_a_store_with_its_start_overwritten_is_unreadable_in_every_format(
    root: Authority, signer: Leaf, kind: str
) -> None:
    media = {"HEIF": "image/heic"}.get(kind, f"image/{kind.lower()}")
    file = sign(picture(1, kind), signer, CAPTURE, media=media)
    at = file.index(b"c2pa.signature")
    at = file.rindex(b"jumb", 0, at)

    found = read(file[: at - 4] + bytes(8) + file[at + 4 :], trust=root.trusted)

    assert found.integrity in {Integrity.UNREADABLE, Integrity.TAMPERED, Integrity.MALFORMED}


def test_a_file_that_never_held_a_store_is_none() -> None:
    found = read(picture())

    assert (found.integrity, found.signer, found.origin) == (Integrity.NONE, Signer.NONE, Origin.NO_CLAIM)


def test_foreign_boxes_of_the_same_family_are_no_broken_store() -> None:
    box = (
        b"\x00\x00\x00\x2cjumb\x00\x00\x00\x24jumdjson\x00\x11\x00\x10\x80\x00\x00\xaa\x008\x9bq\x03label\x00"
    )
    segment = b"JP\x00\x01\x00\x00\x00\x01" + box
    data = picture()
    file = data[:2] + b"\xff\xeb" + (len(segment) + 2).to_bytes(2, "big") + segment + data[2:]

    assert read(file).integrity is Integrity.NONE


def test_a_remote_manifest_is_named_and_an_address_beside_a_store_changes_nothing(
    root: Authority, signer: Leaf
) -> None:
    away = sign(
        picture(), signer, Made([created("digitalCapture")], remote_url="http://127.0.0.1:9/x", embed=False)
    )
    both = sign(picture(), signer, Made([created("digitalCapture")], remote_url="http://127.0.0.1:9/x"))

    assert read(away, trust=root.trusted).integrity is Integrity.REMOTE_ONLY
    assert read(both, trust=root.trusted).integrity is Integrity.INTACT


def test_a_format_without_credentials_is_unsupported() -> None:
    assert read(b"8BPS\x00\x01" + bytes(200)).integrity is Integrity.UNSUPPORTED


def test_a_certificate_that_ran_out_is_a_bad_credential_and_no_damage(root: Authority) -> None:
    file = sign(picture(), leaf(root, lasts=timedelta(seconds=2)), CAPTURE)
    deadline = time.monotonic() + 15
    found = read(file, trust=root.trusted)
    while found.signer is Signer.TRUSTED and time.monotonic() < deadline:
        time.sleep(0.5)  # the library asks the system's clock
        found = read(file, trust=root.trusted)

    assert (found.integrity, found.signer) == (Integrity.INTACT, Signer.BAD_CREDENTIAL)


def test_identity_assertions_are_flagged_and_never_count_as_damage(root: Authority, signer: Leaf) -> None:
    identity = {"label": "cawg.identity", "data": {"signer_payload": {"sig_type": "cawg.x509.cose"}}}
    file = sign(picture(), signer, Made([created("digitalCapture")], assertions=[identity]))

    found = read(file, trust=root.trusted)

    assert "identity" in found.flags
    assert found.integrity is Integrity.INTACT


def test_what_would_unmask_an_entrant_is_flagged(root: Authority, signer: Leaf) -> None:
    exif = {"@context": {"exif": "http://ns.adobe.com/exif/1.0/"}, "exif:GPSLatitude": "37,33.9N"}
    author = {"@context": "https://schema.org", "@type": "CreativeWork", "author": [{"name": "Kim"}]}
    made = Made(
        [created("digitalCapture")],
        assertions=[
            {"label": "c2pa.metadata", "data": exif, "kind": "Json"},
            {"label": "stds.schema-org.CreativeWork", "data": author, "kind": "Json"},
        ],
    )

    found = read(sign(picture(), signer, made), trust=root.trusted)

    assert set(found.flags) == {"gps", "author_name"}


def test_only_the_active_manifest_opts_the_entry_out(root: Authority, signer: Leaf) -> None:
    opt_out = {
        "label": "cawg.training-mining",
        "data": {"entries": {"cawg.ai_generative_training": {"use": "notAllowed"}}},
    }
    own = sign(picture(), signer, Made([created("digitalCreation")], assertions=[opt_out]))
    placed = sign(picture(), signer, Made([created("digitalCreation")], parts=[own]))

    mine, theirs = read(own, trust=root.trusted), read(placed, trust=root.trusted)

    assert mine.training.entries == {"ai_generative_training": Use.NOT_ALLOWED}
    assert mine.training.prohibits
    assert "training=notAllowed" in mine.flags
    assert not theirs.training.prohibits
    assert "ingredient_training=notAllowed" in theirs.flags


def test_an_opt_out_in_xmp_counts_without_any_manifest() -> None:
    xmp = (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        b'<rdf:Description xmlns:p="http://ns.useplus.org/ldf/xmp/1.0/" '
        b'p:DataMining="http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED-AIMLTRAINING"/></rdf:RDF></x:xmpmeta>'
    )

    found = read(picture(xmp=xmp))

    assert found.training.xmp == ("DMI-PROHIBITED-AIMLTRAINING",)
    assert found.training.prohibits


def test_the_tree_shows_the_history_and_serialises(root: Authority, signer: Leaf) -> None:
    file = edited(sign(picture(), signer, CAPTURE), signer)

    found = read(file, trust=root.trusted)

    assert found.manifests is not None
    assert found.manifests.generator == "Editor"
    assert [(child.relationship, child.generator) for child in found.manifests.children] == [
        ("parentOf", "Test Camera")
    ]
    assert found.as_json()["manifests"]["children"][0]["actions"][0]["name"] == "c2pa.created"


def test_a_time_stamp_becomes_a_time() -> None:
    stamped = Manifest("m", {"signature_info": {"time": "2026-01-13T12:35:40.669+00:00"}})

    assert stamped.signed_at == datetime(2026, 1, 13, 12, 35, 40, 669_000, tzinfo=UTC)
    assert Manifest("m", {"signature_info": {"time": 5}}).signed_at is None
