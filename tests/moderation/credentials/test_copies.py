"""A hung picture's copy, signed with where it hangs, read back by our own reader."""

import io
import json
from typing import Any

import c2pa
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.db.models.fields.files import FieldFile
from pytest_django import Settings

from moderation.credentials import authority, copies
from moderation.models import NameConsent, SignedCopy
from moderation.provenance import Origin, TrustList, TrustLists, read
from moderation.provenance.signing import Leaf, SigningError, make_authority, make_leaf
from moderation.tasks import requeue
from submissions.models import Artwork, CategoryKind, Entry
from submissions.rules import AILevel
from submissions.states import State
from tests.factories import make_contest, make_entry, make_user
from tests.moderation.provenance import signing
from tests.moderation.provenance.signing import Made, created, picture

pytestmark = pytest.mark.django_db
AUTHOR: dict[str, Any] = {
    "label": "stds.schema-org.CreativeWork",
    "data": {
        "@context": "https://schema.org",
        "@type": "CreativeWork",
        "author": [{"@type": "Person", "name": "Zanzibar Painter"}],
    },
}


@pytest.fixture(autouse=True)
def own_demonstration(settings: Settings, tmp_path: Any) -> None:
    settings.VAR_DIR = tmp_path


def hung(
    content: bytes, *, media: str = "image/jpeg", kind: CategoryKind = CategoryKind.HUMAN, **more: Any
) -> Entry:
    contest = make_contest(title="Spring Salon")
    category = contest.categories.get(kind=kind)
    entry = make_entry(contest=contest, state=State.HUNG, category=category, **more)
    artwork = entry.artworks.get()
    artwork.media_type = media
    with artwork.original.storage.open(str(artwork.original.name), "wb") as file:
        file.write(content)
    artwork.save()
    return entry


def bytes_of(stored: FieldFile) -> bytes:
    with stored.open("rb") as file:
        return bytes(file.read())


def signed(entry: Entry) -> tuple[SignedCopy, bytes]:
    (copy,) = copies.ask(entry, by=None)
    done = copies.fulfil(copy)
    assert done.problem == ""
    return done, bytes_of(done.file)


def trusting_demonstration() -> TrustLists:
    return TrustLists((TrustList("demo", "urn:x-list:demo", authority.demonstration_root()),))


def assertions(data: bytes) -> dict[str, Any]:
    """Of the active manifest, by label, as the library itself reports them."""
    with c2pa.Reader(None, io.BytesIO(data)) as reader:
        report = json.loads(reader.json())
    active = report["manifests"][report["active_manifest"]]
    return {each["label"]: each["data"] for each in active["assertions"]}


def test_a_copy_tells_where_it_hung_and_keeps_the_files_own_history() -> None:
    camera = signing.leaf(signing.authority("Camera Root"), "Camera")
    original = signing.sign(picture(), camera, Made([created("digitalCapture")], "Test Camera"))
    entry = hung(original)

    copy, data = signed(entry)

    found = read(data, trust=trusting_demonstration())
    assert (found.integrity, found.signer, found.generator) == ("intact", "trusted", "Vernissage")
    assert found.manifests is not None
    (parent,) = found.manifests.children
    assert (parent.relationship, parent.generator) == ("parentOf", "Test Camera")
    told = assertions(data)[copies.ASSERTION]
    assert (told["contest"], told["category"], told["stated_use_of_ai"]) == ("Spring Salon", "human", "none")
    assert bytes_of(entry.artworks.get().original) == original
    assert copy.is_demonstration


@pytest.mark.parametrize(
    ("kind", "level", "source", "origin"),
    [
        (CategoryKind.HUMAN, AILevel.NONE, "digitalCreation", Origin.HUMAN_CREATED),
        (CategoryKind.AI, AILevel.GENERATED, "trainedAlgorithmicMedia", Origin.AI_GENERATED),
        (CategoryKind.AI, AILevel.EDITED, "compositeWithTrainedAlgorithmicMedia", Origin.AI_COMPOSITE),
        (CategoryKind.AI, AILevel.NONE, "compositeWithTrainedAlgorithmicMedia", Origin.AI_COMPOSITE),
    ],
)
def test_the_source_type_follows_category_and_statement(
    kind: CategoryKind, level: AILevel, source: str, origin: Origin
) -> None:
    entry = hung(picture(), kind=kind, level=level)

    _, data = signed(entry)

    (opened, *_) = assertions(data)["c2pa.actions.v2"]["actions"]
    assert opened["digitalSourceType"].rpartition("/")[2] == source
    assert read(data).origin is origin


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF", "GIF", "AVIF"])
def test_every_kind_of_picture_can_be_signed(kind: str) -> None:
    entry = hung(picture(kind=kind), media=f"image/{kind.lower()}")

    _, data = signed(entry)

    assert read(data, trust=trusting_demonstration()).vouched


def test_nobody_is_named_unless_the_entrant_agreed() -> None:
    entry = hung(picture(), entrant=make_user(display_name="Mina Park"))

    _, unnamed = signed(entry)
    copies.agree(entry, by=entry.entrant, named=True)
    _, named = signed(entry)

    assert b"Mina Park" not in unnamed
    assert assertions(named)["cawg.metadata"]["dc:creator"] == ["Mina Park"]


def test_only_the_entrant_agrees_to_be_named() -> None:
    entry = hung(picture())

    with pytest.raises(PermissionError):
        copies.agree(entry, by=make_user(), named=True)

    assert not NameConsent.objects.exists()


def test_authors_in_the_files_own_history_are_redacted_unless_they_may_be_named() -> None:
    camera = signing.leaf(signing.authority("Camera Root"), "Camera")
    original = signing.sign(picture(), camera, Made([created("digitalCapture")], assertions=[AUTHOR]))
    entry = hung(original)

    _, silent = signed(entry)
    copies.agree(entry, by=entry.entrant, named=True)
    _, speaking = signed(entry)

    assert b"Zanzibar Painter" in original
    assert b"Zanzibar Painter" not in silent
    assert b"Zanzibar Painter" in speaking
    quiet = read(silent, trust=trusting_demonstration())
    assert quiet.integrity == "intact"
    assert "redacted" in quiet.flags
    assert "author_name" not in quiet.flags


def test_a_second_request_finds_the_first_copy() -> None:
    entry = hung(picture())
    first, _ = signed(entry)

    (again,) = copies.ask(entry, by=None)

    assert again == first
    assert SignedCopy.objects.count() == 1


def test_a_second_run_leaves_the_first_ones_file() -> None:
    entry = hung(picture())
    (copy,) = copies.ask(entry, by=None)
    stale = SignedCopy.objects.get(pk=copy.pk)
    done = copies.fulfil(copy)
    before = bytes_of(done.file)

    again = copies.fulfil(stale)

    assert again.file.name == done.file.name
    assert bytes_of(again.file) == before
    assert len(done.file.storage.listdir(str(done.file.name).rpartition("/")[0])[1]) == 1


def test_one_copy_of_a_picture_is_signed_at_a_time() -> None:
    entry = hung(picture())
    copies.ask(entry, by=None)

    with pytest.raises(IntegrityError), transaction.atomic():
        SignedCopy.objects.create(artwork=entry.artworks.get(), category="human", certificate="0" * 64)


def test_only_what_hangs_is_signed() -> None:
    with pytest.raises(copies.NotHung):
        copies.ask(make_entry(state=State.HELD), by=None)


def test_what_was_taken_down_meanwhile_is_not_signed() -> None:
    entry = hung(picture())
    (copy,) = copies.ask(entry, by=None)
    Entry.objects.filter(pk=entry.pk).update(state=State.WITHDRAWN, category=None)

    done = copies.fulfil(copy)

    assert (done.problem, bool(done.file)) == (copies.Problem.NO_LONGER_HUNG, False)


def test_damaged_credentials_are_not_carried_on() -> None:
    camera = signing.leaf(signing.authority("Camera Root"), "Camera")
    original = signing.sign(picture(), camera, Made([created("digitalCapture")]))
    at = original.index(b"jumd", original.index(b"jumb"))
    entry = hung(original[:at] + b"xxxx" + original[at + 4 :])

    (copy,) = copies.ask(entry, by=None)

    assert copies.fulfil(copy).problem == copies.Problem.UNREADABLE


def test_a_copy_that_ends_its_process_twice_is_given_up() -> None:
    entry = hung(picture())
    (copy,) = copies.ask(entry, by=None)
    SignedCopy.objects.filter(pk=copy.pk).update(attempts=copies.MOST_ATTEMPTS)

    done = copies.fulfil(SignedCopy.objects.get(pk=copy.pk))

    assert done.problem == copies.Problem.GAVE_UP


def test_the_sweeper_finds_what_nobody_signed(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = hung(picture())
    (copy,) = copies.ask(entry, by=None)
    monkeypatch.setattr(copies, "GRACE", -copies.GRACE)

    lying = copies.left_lying()
    copies.fulfil(copy)

    assert lying == [copy.pk]
    assert copies.left_lying() == []
    assert requeue.name == "moderation.tasks.requeue"


# The house's own certificate


@pytest.fixture
def school() -> Leaf:
    return make_leaf(make_authority("School root", "Art School"), "School signer", "Art School")


def test_the_certificate_of_the_settings_signs(settings: Settings, tmp_path: Any, school: Leaf) -> None:
    settings.CREDENTIALS_CERTIFICATE = str(tmp_path / "{organization}.pem")
    settings.CREDENTIALS_KEY = str(tmp_path / "{organization}.key")
    entry = hung(picture())
    slug = entry.contest.organization.slug
    (tmp_path / f"{slug}.pem").write_text(school.chain)
    (tmp_path / f"{slug}.key").write_text(school.key)

    copy, data = signed(entry)

    assert (copy.signer_name, copy.is_demonstration) == ("Art School", False)
    assert read(data).signer_name == "Art School"


_asked: list[tuple[int, str]] = []
_token: dict[str, ec.EllipticCurvePrivateKey] = {}


def sign_in_token(data: bytes, organization: str) -> bytes:
    """What a callable before a PKCS#11 token or a key service would do."""
    _asked.append((len(data), organization))
    return _token["key"].sign(data, ec.ECDSA(hashes.SHA256()))


def test_a_key_may_stay_in_its_token(settings: Settings, tmp_path: Any, school: Leaf) -> None:
    settings.CREDENTIALS_CERTIFICATE = str(tmp_path / "chain.pem")
    settings.CREDENTIALS_SIGNER = f"{__name__}.sign_in_token"
    (tmp_path / "chain.pem").write_text(school.chain)
    key = serialization.load_pem_private_key(school.key.encode(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    _token["key"] = key
    entry = hung(picture())

    _, data = signed(entry)

    assert _asked[-1][1] == entry.contest.organization.slug
    assert read(data).integrity == "intact"


def test_another_certificates_key_is_refused(settings: Settings, tmp_path: Any, school: Leaf) -> None:
    other = make_leaf(make_authority("Other", "Other"), "Other", "Other")
    settings.CREDENTIALS_CERTIFICATE = str(tmp_path / "chain.pem")
    settings.CREDENTIALS_KEY = str(tmp_path / "key.pem")
    (tmp_path / "chain.pem").write_text(school.chain)
    (tmp_path / "key.pem").write_text(other.key)

    with pytest.raises(SigningError, match="not the certificate's"):
        copies.ask(hung(picture()), by=None)


def test_the_demonstrations_key_is_made_once_and_for_nobody_else_to_read() -> None:
    organization = make_contest().organization

    first, second = (authority.signs_for(organization) for _each in range(2))

    assert first.signatory.fingerprint == second.signatory.fingerprint
    assert authority.DEMONSTRATION in first.signatory.name
    folder = authority._demonstration_folder()
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


# The command


def test_the_command_writes_copies_beside_each_other(tmp_path: Any) -> None:
    entry = hung(picture())
    artwork: Artwork = entry.artworks.get()

    call_command("credentials", "sign", str(entry.public_id), "--out", str(tmp_path / "out"))

    (path,) = (tmp_path / "out").iterdir()
    assert path.name == f"{artwork.public_id}.jpg"
    assert read(path.read_bytes(), trust=trusting_demonstration()).vouched


def test_the_command_says_what_does_not_hang() -> None:
    entry = make_entry(state=State.HELD, title="Held back")

    with pytest.raises(CommandError, match="Held back"):
        call_command("credentials", "sign", str(entry.public_id))
