import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from submissions.catalogue import Answer, CatalogueError, LicenceClass, PartialDate, load
from submissions.catalogue.loader import read_folder

SOURCES = """
paper = { title = "A paper", arxiv = "2112.10752" }
page = { title = "A page", date = "2024", url = "https://example.org/page" }
"""
DATASET = """
[[dataset]]
id = "pictures"
name = "Pictures"
publisher = "Someone"
kind = "image"
licence_class = { value = "public_domain", source = "page" }
"""
MODEL = """
[[model]]
id = "painter"
name = "Painter"
vendor = "Someone"
kind = "image"
role = "generator"
licence_class = { value = "public_domain", source = "paper", note = "Old pictures." }
trained_on = { value = ["pictures"], source = "paper" }
release_source = "paper"
versions = [{ name = "1", released = "2021-12-20" }]
"""


def write(folder: Path, *, sources: str = SOURCES, dataset: str = DATASET, model: str = MODEL) -> Path:
    for part, text in (("datasets", dataset), ("models", model)):
        (folder / part).mkdir()
        (folder / part / "some.toml").write_text(text, encoding="utf-8")
    (folder / "sources.toml").write_text(sources, encoding="utf-8")
    return folder


def test_reads_facts_with_their_sources(tmp_path: Path) -> None:
    catalogue = read_folder(write(tmp_path))

    model = catalogue.models["painter"]
    assert model.licence_class is not None
    assert model.licence_class.value == LicenceClass.PUBLIC_DOMAIN
    assert model.licence_class.note == "Old pictures."
    assert model.licence_class.source is not None
    assert model.licence_class.source.title == "A paper, arXiv:2112.10752"
    assert model.licence_class.source.url == "https://arxiv.org/abs/2112.10752"
    assert model.licence_class.date == PartialDate("2021-12")
    assert model.trained_on.value == ("pictures",)
    assert model.first_released == PartialDate("2021-12-20")


def test_what_is_not_said_is_unknown(tmp_path: Path) -> None:
    model = read_folder(write(tmp_path)).models["painter"]

    assert model.opt_out.value == Answer.UNKNOWN
    assert model.safeguards.content_credentials.value == Answer.UNKNOWN


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (("public_domain", "free"), "models/some.toml: painter: licence_class: value: 'free'"),
        (
            ('source = "paper", note', 'source = "rumour", note'),
            "painter: licence_class: source cites 'rumour'",
        ),
        (
            (', source = "paper", note = "Old pictures."', ""),
            "painter: licence_class: <LicenceClass.PUBLIC_DOMAIN",
        ),
        (('["pictures"]', '["sketches"]'), "painter: trained on 'sketches'"),
        (('["pictures"]', '"everything"'), "painter: trained_on: value: 'everything'"),
        (('kind = "image"', 'kind = "smell"'), "painter: kind: 'smell'"),
        (('vendor = "Someone"\n', ""), "painter: vendor is missing"),
        (('vendor = "Someone"', 'vendro = "Someone"'), "painter: vendor is missing"),
        (('vendor = "Someone"', 'vendor = "Someone"\ncolour = "red"'), "painter: unknown key colour"),
        (('"2021-12-20"', '"2021-13-20"'), "painter version 1: released:"),
        (('"2021-12-20"', '"last year"'), "painter version 1: released: 'last year'"),
        (('release_source = "paper"\n', ""), "painter version 1: release_source cites None"),
        (('id = "painter"', 'id = "The Painter"'), "id 'The Painter' must be lower-case"),
        (('name = "Painter"', 'name = "Painter"\nbase = ["drawer"]'), "painter: built on 'drawer'"),
        (('name = "Painter"', 'name = "Painter"\nbase = ["painter"]'), "painter: is built on itself"),
        (('name = "Painter"', 'name = "Painter"\naliases = "P"'), "painter: aliases must be a list"),
        (('name = "Painter"', 'name = "!!"'), "painter: the name '!!' has no letters"),
        (('name = "Painter"', "name = 5"), "painter: name must be text"),
        (('{ name = "1", released', '{ name = "1" }, { name = "1", released'), "versions repeat a name"),
        (("[[model]]", "[[model]"), "models/some.toml: "),
        (("[[model]]", "[[dataset]]"), "models/some.toml: only [[model]] entries"),
    ],
)
def test_complains_naming_file_and_entry(tmp_path: Path, change: tuple[str, str], complaint: str) -> None:
    before, after = change
    assert before in MODEL
    folder = write(tmp_path, model=MODEL.replace(before, after, 1))

    with pytest.raises(CatalogueError) as caught:
        read_folder(folder)

    assert complaint in str(caught.value)


def test_refuses_an_id_twice(tmp_path: Path) -> None:
    folder = write(tmp_path, dataset=DATASET * 2)

    with pytest.raises(CatalogueError, match="pictures: the id is taken"):
        read_folder(folder)


def test_refuses_a_name_that_means_two_models(tmp_path: Path) -> None:
    other = MODEL.replace('"painter"', '"drawer"').replace(
        'name = "Painter"', 'name = "Drawer"\naliases = ["PAIN-TER"]'
    )
    folder = write(tmp_path, model=MODEL + other)

    with pytest.raises(CatalogueError, match="'PAIN-TER' already means painter"):
        read_folder(folder)


@pytest.mark.parametrize(
    ("sources", "complaint"),
    [
        ('page = { title = "A page" }', "page: date is missing"),
        (
            'page = { title = "A page", date = "2024", url = "http://example.org" }',
            "must begin with https://",
        ),
        ('page = { title = "A paper", arxiv = "cs/0112017" }', "arxiv must be a number"),
        ('page = "A page"', "page: a source is a table"),
    ],
)
def test_refuses_a_source_nobody_could_find(tmp_path: Path, sources: str, complaint: str) -> None:
    folder = write(tmp_path, sources=sources)

    with pytest.raises(CatalogueError, match=complaint):
        read_folder(folder)


def test_load_reads_once() -> None:
    assert load() is load()


def test_partial_dates_span_what_they_leave_open() -> None:
    assert (PartialDate("2024").first_day, PartialDate("2024").last_day) == (
        date(2024, 1, 1),
        date(2024, 12, 31),
    )
    assert PartialDate("2024-02").last_day == date(2024, 2, 29)
    assert PartialDate("2024-02-03").first_day == PartialDate("2024-02-03").last_day == date(2024, 2, 3)


def test_needs_no_django() -> None:
    code = "import submissions.catalogue as c, sys; c.load(); sys.exit('django' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[3], check=False)

    assert done.returncode == 0
