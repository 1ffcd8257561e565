"""What is kept beside a finding: ingredients' pictures encoded anew, and the library's report."""

import io
import json

import c2pa
import pytest
from django.core.files.storage import default_storage
from PIL import Image

from moderation.checks import Look, provenance
from moderation.credentials import keeping
from moderation.provenance import Label, label_of, read_with_pictures
from moderation.provenance.signing import Ingredient, Leaf, Manifest, created, write
from submissions.models import Artwork
from tests.factories import make_entry
from tests.moderation.provenance import signing
from tests.moderation.provenance.signing import Made, picture
from tests.pictures import as_file, draw

pytestmark = pytest.mark.django_db
SECRET = b"Zanzibar"


@pytest.fixture(scope="module")
def signer() -> Leaf:
    return signing.leaf(signing.authority())


def made_from(thumbnail: bytes, signer: Leaf) -> bytes:
    """A picture made from another one that shows itself by ``thumbnail``."""
    definition = {
        "claim_generator_info": [{"name": "Editor"}],
        "assertions": [
            {"label": "c2pa.actions.v2", "data": {"actions": [created("digitalCreation")]}},
        ],
    }
    output = io.BytesIO()
    quiet = {"verify": {"verify_after_sign": False}, "builder": {"thumbnail": {"enabled": False}}}
    who = signer.signatory
    with (
        c2pa.Context.from_dict(quiet) as context,
        c2pa.Builder(definition, context) as builder,
        c2pa.Signer.from_callback(who.sign, who.algorithm, who.chain) as native,
    ):
        builder.add_resource("thumb.jpg", io.BytesIO(thumbnail))
        about = {
            "title": "Part",
            "relationship": "componentOf",
            "thumbnail": {"format": "image/jpeg", "identifier": "thumb.jpg"},
        }
        builder.add_ingredient(about, "image/jpeg", io.BytesIO(picture(2)))
        builder.sign(native, "image/jpeg", io.BytesIO(picture()), output)
    return output.getvalue()


def look_at(content: bytes) -> tuple[Artwork, dict[str, object]]:
    entry = make_entry()
    artwork = entry.artworks.get()
    with artwork.original.storage.open(str(artwork.original.name), "wb") as file:
        file.write(content)
    disclosure = entry.disclosure
    assert disclosure is not None
    (finding,) = provenance.run(Look(entry, disclosure))
    artwork.refresh_from_db()
    return artwork, dict(finding.data)


def test_an_ingredients_picture_is_encoded_anew(signer: Leaf) -> None:
    drawing = as_file(draw(3, 300, 200), "JPEG", comment=SECRET)

    artwork, data = look_at(made_from(drawing, signer))

    (child,) = data["manifests"]["children"]  # type: ignore[index]
    with keeping.open_picture_of(artwork, child["picture"]) as file:
        stored = file.read()
        file.seek(0)
        with Image.open(file) as image:
            assert image.format == "WEBP"
            assert max(image.size) == keeping.SIDE
    assert SECRET not in stored


@pytest.mark.parametrize(
    "thumbnail", [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\xff\xd8\xff" + bytes(90)]
)
def test_what_does_not_decode_is_not_kept(thumbnail: bytes, signer: Leaf) -> None:
    artwork, data = look_at(made_from(thumbnail, signer))

    (child,) = data["manifests"]["children"]  # type: ignore[index]
    assert child["picture"] is None
    assert default_storage.listdir(keeping._folder(artwork))[1] == [f"{data['report']}.json.gz"]


def test_the_report_is_kept_whole(signer: Leaf) -> None:
    file = signing.sign(picture(), signer, Made([created("digitalCreation")]))

    artwork, data = look_at(file)

    report = json.loads(keeping.report_of(artwork, str(data["report"])))
    assert report == read_with_pictures(file).report


def test_a_second_look_comes_to_the_same_files(signer: Leaf) -> None:
    artwork, first = look_at(made_from(as_file(draw(3, 300, 200), "JPEG"), signer))
    before = default_storage.listdir(keeping._folder(artwork))

    disclosure = artwork.entry.disclosure
    assert disclosure is not None
    (again,) = provenance.run(Look(artwork.entry, disclosure))

    assert again.data["manifests"] == first["manifests"]
    assert default_storage.listdir(keeping._folder(artwork)) == before


def test_a_file_without_credentials_keeps_nothing() -> None:
    artwork, data = look_at(picture())

    assert data["report"] == ""
    assert not default_storage.exists(keeping._folder(artwork))


# Level 1


def test_the_label_is_kept_with_the_picture(signer: Leaf) -> None:
    file = signing.sign(picture(), signer, Made([created("trainedAlgorithmicMedia")]))

    artwork, _ = look_at(file)

    assert artwork.credential_label == "ai_generated"
    assert artwork.get_credential_label_display() == "AI-generated"


@pytest.mark.parametrize(
    ("origin", "integrity", "vouched", "label"),
    [
        ("ai_generated", "intact", False, Label.AI_GENERATED),
        ("ai_generated", "malformed", False, Label.AI_GENERATED),
        ("ai_composite", "intact", True, Label.AI_EDITED),
        ("captured", "intact", True, Label.CAPTURED),
        ("captured", "intact", False, None),  # anybody can sign that of themselves
        ("captured_edited", "intact", True, None),
        ("human_created", "intact", True, None),
        ("edited_unknown_origin", "intact", True, None),
        ("ai_generated", "tampered", False, None),  # a broken history labels nothing
        ("captured", "tampered_ingredient", True, None),
        ("no_claim", "none", False, None),
    ],
)
def test_a_label_is_one_neutral_word_or_none(
    origin: str, integrity: str, vouched: bool, label: Label | None
) -> None:
    assert label_of(integrity, origin, vouched=vouched) == label


def test_denoising_gives_no_label(signer: Leaf) -> None:
    enhanced = {
        "action": "c2pa.enhanced",
        "digitalSourceType": signing.IPTC + "algorithmicallyEnhanced",
    }
    parent = Ingredient(
        picture(2), "image/jpeg", {"relationship": "parentOf", "label": "p", "instance_id": "p"}
    )
    opened = {"action": "c2pa.opened", "parameters": {"ingredientIds": ["p"]}}
    definition = {
        "claim_generator_info": [{"name": "Denoiser"}],
        "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": [opened, enhanced]}}],
    }

    artwork, data = look_at(write(picture(), "image/jpeg", Manifest(definition, [parent]), signer.signatory))

    assert data["integrity"] == "intact"
    assert artwork.credential_label == ""
