import contextlib
import hashlib
import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from matching.engine.images import (
    Damaged,
    Limits,
    NotAPicture,
    PictureError,
    TooLarge,
    open_picture,
    sniff,
    to_jpeg,
    to_webp,
)
from tests.pictures import as_file, bundled, draw, plain

KINDS = [
    ("JPEG", "image/jpeg"),
    ("PNG", "image/png"),
    ("WEBP", "image/webp"),
    ("TIFF", "image/tiff"),
    ("AVIF", "image/avif"),
    ("HEIF", "image/heic"),
    ("GIF", "image/gif"),
]


def difference(left: np.ndarray, right: np.ndarray) -> float:
    """Mean absolute difference, 0 to 255."""
    return float(np.abs(left.astype(int) - right.astype(int)).mean())


def png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_of(width: int, height: int, rows: bytes) -> bytes:
    """A PNG whose pixel stream breaks off, inside chunks that are whole."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = (
        png_chunk(b"IHDR", header) + png_chunk(b"IDAT", zlib.compress(rows)[:-8]) + png_chunk(b"IEND", b"")
    )
    return b"\x89PNG\r\n\x1a\n" + chunks


@pytest.mark.parametrize(("kind", "media_type"), KINDS)
def test_every_taken_format_opens(kind: str, media_type: str) -> None:
    original = bundled("coffee")
    data = as_file(original, kind)

    picture = open_picture(data)

    assert (picture.media_type, picture.width, picture.height) == (media_type, 600, 400)
    assert picture.pixels.shape == (400, 600, 3)
    assert picture.sha256 == hashlib.sha256(data).hexdigest()
    assert difference(picture.pixels, original) < 8


@pytest.mark.parametrize(("kind", "media_type"), KINDS)
def test_a_file_cut_off_half_way_is_damaged(kind: str, media_type: str) -> None:
    data = as_file(bundled("coffee"), kind)

    with pytest.raises(Damaged):
        open_picture(data[: len(data) // 2])

    assert sniff(data[:64]) == media_type


def test_bytes_files_and_paths_open_alike(tmp_path: Path) -> None:
    data = as_file(draw(1), "PNG")
    (tmp_path / "entry").write_bytes(data)

    pictures = [open_picture(data), open_picture(io.BytesIO(data)), open_picture(tmp_path / "entry")]

    assert {picture.sha256 for picture in pictures} == {hashlib.sha256(data).hexdigest()}
    assert all((picture.pixels == draw(1)).all() for picture in pictures)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00",
        b"GIF",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7",
        b"%!PS-Adobe-3.0 EPSF-3.0",
    ],
)
def test_other_kinds_of_file_are_not_pictures(data: bytes) -> None:
    with pytest.raises(NotAPicture):
        open_picture(data)


def test_formats_that_pillow_knows_and_the_list_does_not_are_refused() -> None:
    for kind in ("BMP", "PPM", "TGA", "ICO", "PCX"):
        with pytest.raises(NotAPicture):
            open_picture(as_file(plain(), kind))


def test_a_file_is_read_as_what_its_first_bytes_say() -> None:
    png_behind_jpeg = b"\xff\xd8\xff" + as_file(plain(), "PNG")

    with pytest.raises(Damaged):
        open_picture(png_behind_jpeg)


def test_too_many_bytes_are_refused_unread() -> None:
    class Endless(io.BytesIO):
        given = 0

        def read(self, size: int | None = -1, /) -> bytes:
            assert size is not None
            assert size >= 0
            self.given += size
            return bytes(size)

    endless = Endless()

    with pytest.raises(TooLarge, match="1 MB"):
        open_picture(endless, limits=Limits(bytes=1_000_000))

    assert endless.given < 2_000_000


def test_a_decompression_bomb_is_refused_by_its_header() -> None:
    rows = zlib.compress(b"\x00" * 1000)
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + png_chunk(b"IDAT", rows)

    with pytest.raises(TooLarge):
        open_picture(bomb)


def test_pixels_are_bounded_exactly() -> None:
    data = as_file(plain(100, 50), "PNG")

    open_picture(data, limits=Limits(pixels=5000))
    with pytest.raises(TooLarge, match="100 × 50"):
        open_picture(data, limits=Limits(pixels=4999))


def test_a_header_that_promises_more_than_the_file_holds_is_damaged() -> None:
    with pytest.raises(Damaged):
        open_picture(png_of(400, 400, b"\x00" * 1201))


def test_a_text_chunk_bomb_is_damaged() -> None:
    data = as_file(plain(), "PNG")
    bomb = png_chunk(b"zTXt", b"Comment\x00\x00" + zlib.compress(b"\x00" * 30_000_000))

    with pytest.raises(Damaged):
        open_picture(data[:33] + bomb + data[33:])


def test_a_jpeg_of_endless_scans_is_refused() -> None:
    data = as_file(draw(2), "JPEG", progressive=True)
    scan = data.index(b"\xff\xda")

    with pytest.raises(TooLarge, match="scans"):
        open_picture(data[:scan] + data[scan:-2] * 40 + b"\xff\xd9")


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([kind for kind, _ in KINDS]), st.data())
def test_broken_bytes_never_raise_anything_unnamed(kind: str, data: st.DataObject) -> None:
    whole = bytearray(as_file(draw(3, 96, 64), kind))
    for _ in range(data.draw(st.integers(1, 12))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))

    with contextlib.suppress(PictureError):
        pixels = open_picture(bytes(whole), limits=Limits(pixels=2_000_000)).pixels

        assert pixels.dtype == np.uint8


@pytest.mark.parametrize(("orientation", "turns"), [(3, 2), (6, 3), (8, 1)])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIF"])
def test_pictures_come_upright(kind: str, orientation: int, turns: int) -> None:
    original = draw(4, 120, 80)
    exif = Image.Exif()
    exif[0x0112] = orientation

    picture = open_picture(as_file(original, kind, exif=exif.tobytes()))

    upright = np.rot90(original, turns)
    assert (picture.height, picture.width) == upright.shape[:2]
    assert picture.pixels.shape == upright.shape
    assert difference(picture.pixels, upright) < 14


def test_large_pictures_are_reduced_and_keep_their_size_in_words() -> None:
    large = np.asarray(Image.fromarray(draw(5, 900, 600)).resize((5400, 3600), Image.Resampling.BICUBIC))

    for kind in ("JPEG", "PNG"):
        picture = open_picture(as_file(large, kind))

        assert (picture.width, picture.height) == (5400, 3600)
        assert picture.pixels.shape[:2] == (1365, 2048)
        small = np.asarray(Image.fromarray(large).resize((2048, 1365), Image.Resampling.LANCZOS))
        assert difference(picture.pixels, small) < 3


def test_transparency_lies_on_white() -> None:
    see_through = np.zeros((40, 60, 4), np.uint8)
    see_through[:, 30:] = (10, 20, 30, 255)
    out = io.BytesIO()
    Image.fromarray(see_through).save(out, "PNG")

    pixels = open_picture(out.getvalue()).pixels

    assert (pixels[:, :30] == 255).all()
    assert (pixels[:, 30:] == (10, 20, 30)).all()


def test_palettes_and_bits_become_rgb() -> None:
    original = draw(6, 120, 80)
    for mode, most in (("P", 25.0), ("1", 140.0), ("L", 90.0), ("LA", 90.0)):
        out = io.BytesIO()
        Image.fromarray(original).convert(mode).save(out, "PNG")

        pixels = open_picture(out.getvalue()).pixels

        assert pixels.shape == (80, 120, 3)
        assert difference(pixels, original) < most


def test_deep_grey_keeps_its_tones() -> None:
    ramp = np.linspace(0, 65535, 256).astype(np.uint16)[None].repeat(16, axis=0)
    floats = (ramp / 65535).astype(np.float32)
    expected = np.arange(256)

    for grey, kind in ((ramp, "PNG"), (ramp, "TIFF"), (floats, "TIFF")):
        out = io.BytesIO()
        Image.fromarray(grey).save(out, kind)

        pixels = open_picture(out.getvalue()).pixels

        assert np.abs(pixels[0, :, 1].astype(int) - expected).max() <= 1


def test_print_colours_become_screen_colours() -> None:
    out = io.BytesIO()
    Image.new("CMYK", (32, 32), (0, 255, 255, 0)).save(out, "JPEG", quality=95)

    red, green, blue = open_picture(out.getvalue()).pixels[16, 16].astype(int)

    assert red > 200
    assert green < 60
    assert blue < 60


def test_a_colour_profile_is_honoured_and_a_broken_one_ignored() -> None:
    grey = plain(colour=(128, 128, 128))
    linear = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ"))
    wide = _profile_with_other_curve()

    honoured = open_picture(as_file(grey, "PNG", icc_profile=wide)).pixels[0, 0]
    ignored = open_picture(as_file(grey, "PNG", icc_profile=b"no profile at all")).pixels[0, 0]
    foreign = open_picture(as_file(grey, "PNG", icc_profile=linear.tobytes())).pixels[0, 0]

    assert honoured[0] > 170
    assert tuple(ignored) == (128, 128, 128)
    assert foreign.shape == (3,)


def _profile_with_other_curve() -> bytes:
    """sRGB's own profile, its tone curves replaced by a straight line, so that 128 means half the light."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    tags = struct.unpack(">I", profile[128:132])[0]
    for tag in range(tags):
        name, offset, length = struct.unpack(">4sII", profile[132 + 12 * tag : 144 + 12 * tag])
        if name in (b"rTRC", b"gTRC", b"bTRC"):
            profile[offset : offset + 12] = b"curv" + bytes(8)
            profile[132 + 12 * tag + 8 : 144 + 12 * tag] = struct.pack(">I", 12)
        if name == b"desc":
            profile[offset + 8 : offset + length] = bytes(length - 8)
    return bytes(profile)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "TIFF", "PNG"])
def test_the_first_frame_is_used_and_frames_are_counted(kind: str) -> None:
    frames = [Image.fromarray(draw(seed, 64, 48)) for seed in range(5)]
    out = io.BytesIO()
    frames[0].save(out, kind, save_all=True, append_images=frames[1:])

    picture = open_picture(out.getvalue())

    assert picture.frames == 5
    assert difference(picture.pixels, draw(0, 64, 48)) < 20


def test_derivatives_carry_no_metadata() -> None:
    exif = Image.Exif()
    exif[0x010E] = "SECRET-PLACE"
    data = as_file(draw(7, 800, 600), "JPEG", exif=exif.tobytes(), comment=b"SECRET-PLACE", quality=90)
    picture = open_picture(data)

    jpeg, webp = to_jpeg(picture, max_side=320), to_webp(picture, max_side=320)

    assert b"SECRET-PLACE" in data
    for derived, media_type in ((jpeg, "image/jpeg"), (webp, "image/webp")):
        again = open_picture(derived)
        assert b"SECRET-PLACE" not in derived
        assert b"Exif" not in derived
        assert (again.media_type, again.width, again.height) == (media_type, 320, 240)


def test_pixels_cannot_be_written() -> None:
    picture = open_picture(as_file(plain(), "PNG"))

    with pytest.raises(ValueError, match="read-only"):
        picture.pixels[0, 0] = 0
