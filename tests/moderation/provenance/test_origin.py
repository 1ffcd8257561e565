"""Origin: source types in every spelling, and the different weight of past, parts and references."""

import pytest

from moderation.provenance import Origin, Provenance, read
from moderation.provenance.source_types import concept
from tests.moderation.provenance.signing import IPTC, Authority, Leaf, Made, created, picture, sign

AI = Made([created("trainedAlgorithmicMedia")], "Some Generator")
CAPTURE = Made([created("digitalCapture")])


def origin_of(made: Made, root: Authority, signer: Leaf) -> Origin:
    return found_in(made, root, signer).origin


def found_in(made: Made, root: Authority, signer: Leaf) -> Provenance:
    return read(sign(picture(), signer, made), trust=root.trusted)


@pytest.mark.parametrize(
    ("source_type", "origin"),
    [
        ("trainedAlgorithmicMedia", Origin.AI_GENERATED),
        ("http://c2pa.org/digitalsourcetype/trainedAlgorithmicData", Origin.AI_GENERATED),
        ("compositeWithTrainedAlgorithmicMedia", Origin.AI_COMPOSITE),
        ("compositeSynthetic", Origin.AI_COMPOSITE),
        ("composite", Origin.AI_POSSIBLE),
        ("digitalArt", Origin.AI_POSSIBLE),
        ("screenCapture", Origin.AI_POSSIBLE),
        ("virtualRecording", Origin.AI_POSSIBLE),
        ("digitalCapture", Origin.CAPTURED),
        ("compositeCapture", Origin.CAPTURED),
        ("print", Origin.SCANNED),
        ("digitalCreation", Origin.HUMAN_CREATED),
        ("humanEdits", Origin.HUMAN_EDITED),
        ("algorithmicMedia", Origin.ALGORITHMIC),
        ("algorithmicallyEnhanced", Origin.EDITED_UNKNOWN_ORIGIN),
        ("http://c2pa.org/digitalsourcetype/empty", Origin.BLANK_CANVAS),
        ("somethingOfTomorrow", Origin.OTHER_DST),
    ],
)
def test_the_source_type_of_creation_is_the_origin(
    source_type: str, origin: Origin, root: Authority, signer: Leaf
) -> None:
    assert origin_of(Made([created(source_type)]), root, signer) is origin


@pytest.mark.parametrize(
    "spelling",
    [
        IPTC + "trainedAlgorithmicMedia",
        "https://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
        "trainedAlgorithmicMedia",
        " http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia/ ",
        "HTTP://CV.IPTC.ORG/NEWSCODES/DIGITALSOURCETYPE/TRAINEDALGORITHMICMEDIA",
    ],
)
def test_a_concept_is_known_in_every_spelling(spelling: str) -> None:
    assert concept(spelling) == "trainedAlgorithmicMedia"


@pytest.mark.parametrize("nothing", ["", "  ", None, 7, {"a": 1}, IPTC])
def test_what_names_no_concept_is_none(nothing: object) -> None:
    assert concept(nothing) is None


def test_edits_by_hand_do_not_wash_out_a_generated_parent(root: Authority, signer: Leaf) -> None:
    generated = sign(picture(), signer, AI)
    once = sign(picture(), signer, Made([{"action": "c2pa.cropped"}], parents=[generated]))

    found = found_in(Made([{"action": "c2pa.drawing"}], parents=[once]), root, signer)

    assert found.origin is Origin.AI_GENERATED
    assert found.says_ai


def test_a_visible_mark_laid_over_a_generated_picture_leaves_it_generated(
    root: Authority, signer: Leaf
) -> None:
    mark = {"action": "c2pa.edited", "digitalSourceType": IPTC + "composite"}
    generated = sign(picture(), signer, AI)

    assert origin_of(Made([mark], parents=[generated]), root, signer) is Origin.AI_GENERATED


def test_generation_in_a_part_makes_a_composite_at_any_depth(root: Authority, signer: Leaf) -> None:
    collage = sign(picture(), signer, Made([created("digitalCreation")], parts=[sign(picture(), signer, AI)]))
    outer = Made([created("digitalCreation")], parts=[collage])

    assert origin_of(outer, root, signer) is Origin.AI_COMPOSITE


def test_a_reference_never_changes_the_origin_but_is_flagged(root: Authority, signer: Leaf) -> None:
    made = Made([created("digitalCreation")], references=[sign(picture(), signer, AI)])

    found = found_in(made, root, signer)

    assert found.origin is Origin.HUMAN_CREATED
    assert found.flags == ("ai_reference",)


def test_a_generative_step_over_a_photograph_makes_a_composite(root: Authority, signer: Leaf) -> None:
    fill = {"action": "c2pa.edited", "digitalSourceType": IPTC + "compositeWithTrainedAlgorithmicMedia"}
    photo = sign(picture(), signer, CAPTURE)

    assert origin_of(Made([fill], parents=[photo]), root, signer) is Origin.AI_COMPOSITE


@pytest.mark.parametrize(
    ("action", "origin"),
    [
        ("c2pa.enhanced", Origin.CAPTURED),
        ("c2pa.transcoded", Origin.CAPTURED),
        ("c2pa.orientation", Origin.CAPTURED),
        ("c2pa.cropped", Origin.CAPTURED_EDITED),
    ],
)
def test_only_editorial_steps_make_a_photograph_an_edited_one(
    action: str, origin: Origin, root: Authority, signer: Leaf
) -> None:
    step = {"action": action, "digitalSourceType": IPTC + "algorithmicallyEnhanced"}
    photo = sign(picture(), signer, CAPTURE)

    assert origin_of(Made([step], parents=[photo]), root, signer) is origin


def test_edits_on_a_parent_without_credentials_say_nothing_of_the_origin(
    root: Authority, signer: Leaf
) -> None:
    step = {"action": "c2pa.cropped", "digitalSourceType": IPTC + "humanEdits"}

    found = found_in(Made([step], parents=[picture()]), root, signer)

    assert found.origin is Origin.EDITED_UNKNOWN_ORIGIN
    assert "unknown_parent" in found.flags


def test_a_generators_name_speaks_where_no_source_type_does(root: Authority, signer: Leaf) -> None:
    by_agent = Made([{"action": "c2pa.created", "softwareAgent": "Image Creator from Designer"}], "Bing")
    by_editor = Made([{"action": "c2pa.created", "softwareAgent": "Adobe Photoshop"}], "Photoshop")

    assert origin_of(by_agent, root, signer) is Origin.AI_GENERATED
    assert origin_of(by_editor, root, signer) is Origin.EDITED_UNKNOWN_ORIGIN


def test_a_camera_claim_by_a_generator_is_a_contradiction(root: Authority, signer: Leaf) -> None:
    found = found_in(Made([created("digitalCapture", softwareAgent={"name": "Midjourney 7"})]), root, signer)

    assert found.origin is Origin.CAPTURED
    assert "contradiction" in found.flags
    assert not found.vouched


def test_a_strangers_admission_of_generation_counts(root: Authority, stranger: Leaf) -> None:
    found = found_in(AI, root, stranger)

    assert found.signer == "unrecognised"
    assert found.says_ai


def test_a_manifest_that_leaves_steps_out_says_so(root: Authority, signer: Leaf) -> None:
    actions = {
        "label": "c2pa.actions.v2",
        "data": {"actions": [created("digitalCreation")], "allActionsIncluded": False},
    }

    found = found_in(Made(assertions=[actions]), root, signer)

    assert found.origin is Origin.HUMAN_CREATED
    assert found.flags == ("incomplete_history",)


def test_a_history_of_many_generations_is_followed_to_its_root(root: Authority, signer: Leaf) -> None:
    file = sign(picture(), signer, AI)
    for _ in range(8):
        file = sign(picture(), signer, Made([{"action": "c2pa.cropped"}], parents=[file]))

    assert read(file, trust=root.trusted).origin is Origin.AI_GENERATED
