"""Lists of labelled pictures: read as they are, refused with a sentence."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL.PngImagePlugin import PngInfo

from moderation.detector import manifest
from moderation.detector.manifest import ManifestError
from moderation.detector.mediums import Medium
from tests.moderation.detector.labelled import drawn_list
from tests.pictures import as_file, draw


def test_a_list_names_pictures_labels_and_media(tmp_path: Path) -> None:
    read = manifest.read(drawn_list(tmp_path, 4))

    assert [row.generated for row in read.rows] == [False, True, False, True]
    assert read.rows[0].medium == Medium.PHOTOGRAPH
    assert all(path.is_file() for path in read.files)


def test_a_picture_that_asks_not_to_be_trained_on_is_refused(tmp_path: Path) -> None:
    file = drawn_list(tmp_path, 4)
    xmp = (
        "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
        "<rdf:Description xmlns:plus='http://ns.useplus.org/ldf/xmp/1.0/' "
        "plus:DataMining='http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED'/></rdf:RDF></x:xmpmeta>"
    )
    texts = PngInfo()
    texts.add_itxt("XML:com.adobe.xmp", xmp)
    (tmp_path / "pictures" / "2.png").write_bytes(as_file(draw(2, 160, 120), "PNG", pnginfo=texts))

    with pytest.raises(ManifestError, match=r"2\.png, which asks in its own metadata not to be trained on"):
        manifest.read(file)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda text: "", "lists no pictures"),
        (lambda text: text.replace("label,", "marke,"), "lacks the column 'label'"),
        (lambda text: text.replace(",ai,", ",bot,"), "labels are 'human' and 'ai'"),
        (lambda text: text.replace("1.png", "gone.png"), "gone.png"),
        (lambda text: text.replace(",ai,", ",human,"), "both human and generated"),
    ],
)
def test_a_bad_list_is_refused_with_a_sentence(
    tmp_path: Path, change: Callable[[str], str], sentence: str
) -> None:
    file = drawn_list(tmp_path, 4)
    file.write_text(change(file.read_text()))

    with pytest.raises(ManifestError, match=sentence):
        manifest.read(file)
