"""What a file is, by its own bytes."""

import hashlib
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import Settings

from submissions.uploads import Refused, announced_pixels, take_picture, take_process_file
from tests.pictures import as_file, plain

KINDS = {
    "PNG": "image/png",
    "JPEG": "image/jpeg",
    "WEBP": "image/webp",
    "GIF": "image/gif",
    "TIFF": "image/tiff",
    "AVIF": "image/avif",
    "HEIF": "image/heic",
}
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"


@pytest.mark.parametrize(("kind", "media_type"), KINDS.items())
def test_every_kind_is_known_by_its_bytes_whatever_its_name(kind: str, media_type: str) -> None:
    content = as_file(plain(), kind)

    taken = take_picture(SimpleUploadedFile("notes.txt", content, "text/plain"))

    assert (taken.media_type, taken.size) == (media_type, len(content))
    assert taken.sha256 == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("content", [HTML, SVG, b"GIF", b"%PDF-1.7\n", b"\x00" * 64])
def test_what_is_no_picture_is_refused_whatever_its_name(content: bytes) -> None:
    with pytest.raises(Refused, match=r"“picture\.jpg” is not a JPEG"):
        take_picture(SimpleUploadedFile("picture.jpg", content, "image/jpeg"))


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(Refused, match="is empty"):
        take_picture(SimpleUploadedFile("picture.png", b"", "image/png"))


def test_a_file_beyond_the_limit_is_refused(settings: Settings) -> None:
    content = as_file(plain())
    settings.UPLOAD_MAX_BYTES = len(content) - 1

    with pytest.raises(Refused, match="are the most that are taken"):
        take_picture(SimpleUploadedFile("picture.png", content))


def test_a_file_at_the_limit_is_taken(settings: Settings) -> None:
    content = as_file(plain())
    settings.UPLOAD_MAX_BYTES = len(content)

    assert take_picture(SimpleUploadedFile("picture.png", content)).size == len(content)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF"])
def test_a_header_that_announces_too_many_pixels_is_refused(kind: str, settings: Settings) -> None:
    content = as_file(plain(2000, 1001), kind)
    settings.UPLOAD_MAX_PIXELS = 2_000_000

    with pytest.raises(Refused, match="2 megapixels"):
        take_picture(SimpleUploadedFile("picture", content))


def test_webp_tells_its_size_where_it_carries_more_than_pixels() -> None:
    content = as_file(
        plain(300, 200), "WEBP", exif=b"Exif\x00\x00" + b"MM\x00*\x00\x00\x00\x08\x00\x00\x00\x00\x00\x00"
    )

    assert announced_pixels(content, "image/webp") == 60_000


@pytest.mark.parametrize("length", range(40))
def test_a_header_cut_anywhere_says_nothing_and_breaks_nothing(length: int) -> None:
    for kind, media_type in KINDS.items():
        head = as_file(plain(), kind)[:length]

        assert announced_pixels(head, media_type) in (None, 64 * 48)


def test_a_name_keeps_what_can_be_read() -> None:
    file = SimpleUploadedFile("x.png", as_file(plain()))
    file.name = "가을\u202e\x00.png"

    assert take_picture(file).name == "가을.png"


def test_process_evidence_may_be_of_any_kind() -> None:
    taken = take_process_file(SimpleUploadedFile("layers.psd", b"8BPS" + b"\x00" * 20))

    assert (taken.media_type, taken.size) == ("", 24)


def test_the_file_is_left_at_its_start() -> None:
    content = as_file(plain())
    file = SimpleUploadedFile("picture.png", content)

    take_picture(file)

    assert file.read() == content
    assert isinstance(file.file, io.BytesIO)
