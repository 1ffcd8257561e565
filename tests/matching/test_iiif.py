"""Manifests of both versions: what they name, and how a worker takes it in."""

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.base import ContentFile
from hypothesis import given
from hypothesis import strategies as st

from matching import iiif, imports
from matching.models import Artist, ImportKind, ImportState
from tests.matching.factories import drawing, make_artist
from tests.matching.web import Web, serving
from tests.pictures import as_file

SERVICE = {"type": "ImageService3", "id": "https://images.example.org/7", "profile": "level2"}


def version_3(*pictures: dict[str, Any], **more: Any) -> bytes:
    canvases = [
        {
            "type": "Canvas",
            "label": {"none": [f"Sheet {number}"]},
            "items": [{"type": "AnnotationPage", "items": [{"type": "Annotation", "body": picture}]}],
        }
        for number, picture in enumerate(pictures, 1)
    ]
    manifest = {
        "@context": "http://iiif.io/api/presentation/3/context.json",
        "type": "Manifest",
        "id": "https://example.org/manifest.json",
        "label": {"en": ["Harbour book"]},
        "items": canvases,
        **more,
    }
    return json.dumps(manifest).encode()


def version_2(*pictures: dict[str, Any], **more: Any) -> bytes:
    canvases = [{"label": "1r", "images": [{"resource": picture}]} for picture in pictures]
    manifest = {"@type": "sc:Manifest", "@id": "https://example.org/m", "label": "Album", **more}
    return json.dumps({**manifest, "sequences": [{"canvases": canvases}]}).encode()


def test_version_3_names_pictures_by_their_service_or_their_own_address() -> None:
    found = iiif.read(
        version_3(
            {"type": "Image", "id": "https://x.example/1.jpg", "service": [SERVICE], "width": 9000},
            {"type": "Image", "id": "https://x.example/2.jpg"},
            {"type": "Choice", "items": [{"type": "Image", "id": "https://x.example/3.jpg"}]},
            navDate="1890-05-01T00:00:00Z",
            rights="http://creativecommons.org/publicdomain/mark/1.0/",
        )
    )

    assert [one.url for one in found] == [
        "https://images.example.org/7/full/!4000,4000/0/default.jpg",
        "https://x.example/2.jpg",
        "https://x.example/3.jpg",
    ]
    assert (found[0].title, found[0].year, found[0].source) == (
        "Harbour book · Sheet 1",
        "1890",
        "https://example.org/manifest.json",
    )
    assert "publicdomain/mark" in found[0].rights


def test_version_2_names_pictures_too() -> None:
    service = {"@context": "http://iiif.io/api/image/2/context.json", "@id": "https://i.example/9"}
    found = iiif.read(
        version_2(
            {"@id": "https://x.example/1.jpg", "service": service},
            {"@type": "oa:Choice", "default": {"@id": "https://x.example/2.jpg"}},
            metadata=[{"label": "Date", "value": "1911"}],
        )
    )

    assert [one.url for one in found] == [
        "https://i.example/9/full/full/0/default.jpg",
        "https://x.example/2.jpg",
    ]
    assert [one.year for one in found] == ["1911", "1911"]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"\xff\xfe", "no_json"),
        (b"[" * 100_000, "no_json"),
        (b"[]", "no_manifest"),
        (b'{"type": "Collection"}', "no_manifest"),
        (version_3(), "no_pictures"),
        (version_3({"type": "Image", "id": "file:///etc/passwd"}), "no_pictures"),
    ],
)
def test_what_is_no_manifest_is_said(data: bytes, problem: str) -> None:
    with pytest.raises(iiif.NotAManifest, match=problem):
        iiif.read(data)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "@id", "type", "items", "body", "service", "label", "images", "resource"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(json_values, st.sampled_from(["Manifest", "sc:Manifest"]))
def test_no_json_is_strange_enough_to_fail(value: Any, kind: str) -> None:
    manifest = {"type": kind, "items": value, "sequences": value, "label": value, "metadata": value}

    try:
        found = iiif.read(json.dumps(manifest).encode())
    except iiif.NotAManifest:
        found = []

    assert all(one.url.startswith(("http://", "https://")) for one in found)


@pytest.fixture
def web() -> Iterator[Web]:
    with serving() as found:
        yield found


@pytest.fixture
def artist(db: None) -> Artist:
    return make_artist()


def start(artist: Artist, manifest: bytes) -> Any:
    return imports.start(artist, ContentFile(manifest, "manifest.json"), kind=ImportKind.IIIF)


def test_an_import_fetches_what_the_manifest_names_and_says_what_it_could_not(
    artist: Artist, web: Web, settings: Any
) -> None:
    settings.FETCH_ALLOW = [web.host]
    web.bodies |= {"/1.png": as_file(drawing(1)), "/no-picture": b"words"}
    names = ["/1.png", "/missing.png", "/no-picture"]
    run = start(artist, version_3(*({"type": "Image", "id": web.url(name)} for name in names)))

    imports.go_on(run)

    run.refresh_from_db()
    assert (run.state, run.total, run.done) == (ImportState.DONE, 3, 3)
    assert [one["file"] for one in run.problems] == [web.url("/missing.png"), web.url("/no-picture")]
    assert [work.title for work in artist.works.all()] == ["Harbour book · Sheet 1"]


def test_an_import_stays_out_of_private_networks(artist: Artist, web: Web) -> None:
    web.bodies["/1.png"] = as_file(drawing(1))
    run = start(artist, version_3({"type": "Image", "id": web.url("/1.png")}))

    imports.go_on(run)

    run.refresh_from_db()
    assert (run.state, len(run.problems), artist.works.count(), web.asked) == (ImportState.DONE, 1, 0, [])


def test_an_import_goes_on_where_it_stood(artist: Artist, web: Web, settings: Any) -> None:
    settings.FETCH_ALLOW = [web.host]
    web.bodies |= {f"/{number}.png": as_file(drawing(number)) for number in range(3)}
    pictures = [{"type": "Image", "id": web.url(f"/{number}.png")} for number in range(3)]
    run = start(artist, version_3(*pictures))

    imports.go_on(run, seconds=0)  # one picture, then the next task
    run.refresh_from_db()
    first = run.done
    imports.go_on(run)

    run.refresh_from_db()
    assert (first, run.state, run.done) == (1, ImportState.DONE, 3)
    assert web.asked == ["/0.png", "/1.png", "/2.png"]


def test_a_manifest_that_is_none_ends_its_import(artist: Artist) -> None:
    run = imports.start(artist, ContentFile(io.BytesIO(b"{}").getvalue(), "m.json"), kind=ImportKind.IIIF)

    imports.go_on(run)

    run.refresh_from_db()
    assert run.state == ImportState.REFUSED
    assert "IIIF" in run.refusal
