"""What is read of process evidence, and that hostile files neither pass nor kill."""

import io
import struct
import tracemalloc
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from matching.engine.images import Limits
from submissions import evidence
from submissions.evidence import Evidence, Kind
from submissions.evidence.values import MOST_LAYERS
from tests.pictures import as_file, draw
from tests.submissions.evidence.documents import Drawn, kra, mp4, ora, psd, xcf, zipped

GROUPED = [
    Drawn("Paper"),
    Drawn("</Layer group>", section=3),
    Drawn("하늘", size=(20, 10), mode=b"mul ", opacity=128),
    Drawn("Ground", mode=b"pass", section=1),
    Drawn("Lines", hidden=True),
]
LIMITS = Limits()


def read(data: bytes) -> Evidence:
    return evidence.read(io.BytesIO(data), LIMITS)


def outline(found: Evidence) -> list[tuple[int, str]]:
    return [(layer.depth, layer.name) for layer in found.layers]


@pytest.mark.parametrize("options", [{}, {"large": True}, {"deep": True}, {"large": True, "deep": True}])
def test_a_photoshop_document_lists_its_layers_from_the_top(options: dict[str, bool]) -> None:
    found = read(psd(GROUPED, **options))

    assert (found.kind, found.width, found.height, found.layer_count) == (Kind.PSD, 40, 30, 4)
    assert outline(found) == [(0, "Lines"), (0, "Ground"), (1, "하늘"), (0, "Paper")]
    lines, ground, sky, _paper = found.layers
    assert (lines.visible, ground.is_group, ground.mode) == (False, True, "pass through")
    assert (sky.width, sky.height, sky.mode, sky.opacity) == (20, 10, "multiply", 50)


def test_its_finished_picture_is_shown() -> None:
    found = read(psd(GROUPED))

    assert found.picture is not None
    assert found.picture.size == (40, 30)


@pytest.mark.parametrize("version", [b"file\0", b"v003\0", b"v010\0", b"v011\0", b"v014\0"])
def test_a_gimp_document_of_any_version(version: bytes) -> None:
    found = read(xcf(["Ground", "Lines", "Sky"], version=version))

    assert (found.kind, found.width, found.layer_count) == (Kind.XCF, 40, 3)
    assert outline(found) == [(0, "Ground"), (0, "Lines"), (1, "Sky")]
    ground, lines, sky = found.layers
    assert (ground.is_group, lines.is_group, sky.visible) == (True, False, False)
    assert (lines.width, lines.mode, lines.opacity) == (20, "multiply", 50)


@pytest.mark.parametrize(("make", "kind", "top"), [(ora, Kind.ORA, "선화"), (kra, Kind.KRA, "Lines")])
def test_documents_that_are_a_zip(make: Callable[[], bytes], kind: Kind, top: str) -> None:
    found = read(make())

    assert (found.kind, found.width, found.height) == (kind, 40, 30)
    assert outline(found) == [(0, top), (0, "Ground"), (1, "Sky")]
    lines, ground, _sky = found.layers
    assert (lines.mode, lines.opacity, ground.is_group, ground.visible) == ("multiply", 50, True, False)
    assert found.picture is not None


def test_openraster_layers_have_the_size_of_their_picture() -> None:
    lines, ground, sky = read(ora()).layers

    assert [(one.width, one.height) for one in (lines, ground, sky)] == [(22, 11), (0, 0), (40, 30)]


def test_a_sketch_a_recording_and_something_else() -> None:
    sketch, film, words = read(as_file(draw(5, 60, 40))), read(mp4(95)), read(b"once upon a time")

    assert (sketch.kind, sketch.width, sketch.height) == (Kind.PICTURE, 60, 40)
    assert (film.kind, film.seconds) == (Kind.RECORDING, 95.0)
    assert (words.kind, words.is_damaged) == (Kind.OTHER, False)


def test_a_raw_file_shows_the_cameras_own_jpeg() -> None:
    raw = Image.new("L", (8, 8))
    tags = {271: "Ricoh", 272: "GR III", 50706: b"\1\4\0\0"}
    out = io.BytesIO()
    exif = Image.Exif()
    exif.update(tags)
    raw.save(out, "TIFF", exif=exif)
    small, large = (as_file(draw(seed, width, width), "JPEG") for seed, width in ((1, 20), (2, 90)))

    found = read(out.getvalue() + small + large)

    assert (found.kind, found.camera) == (Kind.RAW, "Ricoh · GR III")
    assert (found.width, found.height) == (90, 90)


def test_many_layers_are_counted_and_some_are_listed() -> None:
    found = read(psd([Drawn(f"Layer {number}") for number in range(MOST_LAYERS + 5)]))

    assert (len(found.layers), found.layer_count) == (MOST_LAYERS, MOST_LAYERS + 5)


def test_a_name_is_made_fit_for_a_page() -> None:
    (layer,) = read(psd([Drawn("a\0\u202eb" + "x" * 400)])).layers

    assert layer.as_json()["name"] == ("ab" + "x" * 400)[:120]


def peak(action: Callable[[], object]) -> int:
    tracemalloc.start()
    try:
        action()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_bomb_is_not_unpacked() -> None:
    bomb = zipped("image/openraster", {"stack.xml": b" " * (300 << 20)})
    assert len(bomb) < 1 << 20

    assert peak(lambda: read(bomb)) < 60 << 20
    assert read(bomb).is_damaged


def test_a_picture_that_unpacks_to_too_much_is_left_out() -> None:
    found = read(ora(members={"mergedimage.png": b"\0" * (50 << 20)}))

    assert found.layer_count == 3
    assert found.picture is None


@pytest.mark.parametrize("size", [0xFFFFFFFF, 100 << 20])
def test_a_zip_with_an_endless_list_of_members_is_not_read(size: int) -> None:
    data = bytearray(ora())
    at = data.rfind(b"PK\x05\x06")
    data[at + 12 : at + 16] = struct.pack("<I", size)

    assert read(bytes(data)).is_damaged


def test_entities_of_a_hostile_list_are_not_followed() -> None:
    laughs = (
        '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><image w="1" h="1"><stack name="&b;"/></image>'
    )

    assert read(ora(laughs)).is_damaged


def test_a_list_that_is_nested_without_end_is_walked_all_the_same() -> None:
    deep = "<stack name='s'>" * 3000 + "</stack>" * 3000

    found = read(ora(f"<image w='1' h='1'><stack>{deep}</stack></image>"))

    assert found.layer_count in (0, 3000)  # whichever the parser of XML allows


def test_a_huge_canvas_is_not_decoded() -> None:
    data = bytearray(psd(GROUPED))
    data[14:22] = struct.pack(">II", 30_000, 30_000)

    found = read(bytes(data))

    assert (found.width, found.layer_count, found.picture) == (30_000, 4, None)


WHOLE = [psd(GROUPED), psd(GROUPED, large=True, deep=True), xcf(["a", "b"]), ora(), kra(), mp4(9)]


@settings(max_examples=150)
@given(
    which=st.integers(0, len(WHOLE) - 1),
    cut=st.floats(0, 1),
    damage=st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), max_size=6),
)
def test_no_damaged_file_raises(which: int, cut: float, damage: list[tuple[float, int]]) -> None:
    data = bytearray(WHOLE[which])
    for place, byte in damage:
        data[int(place * len(data))] = byte

    found = read(bytes(data[: max(1, int(cut * len(data)))]))

    assert found.layer_count >= len(found.layers)
