"""Lists of labelled pictures: read as they are, refused with a sentence."""

from collections.abc import Callable
from pathlib import Path

import pytest

from moderation.detector import manifest
from moderation.detector.manifest import ManifestError
from moderation.detector.mediums import Medium
from tests.moderation.detector.labelled import drawn_list


def test_a_list_names_pictures_labels_and_media(tmp_path: Path) -> None:
    read = manifest.read(drawn_list(tmp_path, 4))

    assert [row.generated for row in read.rows] == [False, True, False, True]
    assert read.rows[0].medium == Medium.PHOTOGRAPH
    assert all(path.is_file() for path in read.files)


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
