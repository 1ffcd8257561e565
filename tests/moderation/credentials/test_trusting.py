"""Whom an organization recognises: for its own contests, from the next file on, and nobody else's."""

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import Settings

from moderation import health
from moderation.checks import Look, provenance
from moderation.credentials import trusting
from moderation.models import TrustedAuthority
from moderation.provenance.signing import Authority, created, make_authority, make_leaf
from submissions.models import Organization, Role, User
from tests.factories import make_contest, make_entry, make_member, make_organization
from tests.moderation.provenance.signing import Leaf, Made, picture, sign

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def school() -> Authority:
    return make_authority("School root", "Art School")


@pytest.fixture(scope="module")
def signer(school: Authority) -> Leaf:
    return make_leaf(school, "School signer", "Art School")


def signer_in(organization: Organization, content: bytes) -> tuple[str, str | None]:
    entry = make_entry(contest=make_contest(organization=organization))
    artwork = entry.artworks.get()
    with artwork.original.storage.open(str(artwork.original.name), "wb") as file:
        file.write(content)
    disclosure = entry.disclosure
    assert disclosure is not None
    (finding,) = provenance.run(Look(entry, disclosure))
    return finding.data["signer"], finding.data["trust_list"]


def test_a_schools_authority_counts_for_its_own_contests_only(school: Authority, signer: Leaf) -> None:
    mine, other = make_organization(), make_organization()
    owner = make_member(mine, Role.OWNER)
    file = sign(picture(), signer, Made([created("digitalCreation")]))
    before = signer_in(mine, file)

    added = trusting.add(mine, name="School", pem=school.pem.encode(), by=owner)
    during, elsewhere = signer_in(mine, file), signer_in(other, file)
    trusting.remove(added, by=owner)
    after = signer_in(mine, file)

    assert before == elsewhere == after == ("unrecognised", None)
    assert during == ("trusted", f"urn:x-list:organization:{mine.slug}")


def test_a_finding_names_the_version_of_the_list(school: Authority, signer: Leaf) -> None:
    organization = make_organization()
    added = trusting.add(
        organization, name="School", pem=school.pem.encode(), by=make_member(organization, Role.OWNER)
    )
    entry = make_entry(contest=make_contest(organization=organization))
    disclosure = entry.disclosure
    assert disclosure is not None

    (finding,) = provenance.run(Look(entry, disclosure))

    assert finding.versions[f"trust {organization.slug}/{added.pk}"] == added.version


def _expired() -> bytes:
    return make_authority("Old", "Old", lasts=timedelta(hours=-1)).pem.encode()


def _with_key() -> bytes:
    authority = make_authority("Careless", "Careless")
    key = authority.key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return authority.pem.encode() + key


def _leaf_alone() -> bytes:
    return make_leaf(make_authority("A", "A"), "B", "B").chain.encode()


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda: b"no certificate", "unreadable"),
        (lambda: b"", "unreadable"),
        (lambda: b"x" * (trusting.MAX_BYTES + 1), "too_large"),
        (_with_key, "private_key"),
        (_leaf_alone, "no_authority"),
        (_expired, "expired"),
    ],
)
def test_what_would_not_do_what_its_owner_means_is_refused(make, why: str) -> None:  # type: ignore[no-untyped-def]
    organization = make_organization()

    with pytest.raises(trusting.NotTrustable) as refused:
        trusting.add(organization, name="X", pem=make(), by=make_member(organization, Role.OWNER))

    assert refused.value.why == why
    assert not TrustedAuthority.objects.exists()


def test_the_same_certificates_are_taken_once(school: Authority) -> None:
    organization = make_organization()
    owner = make_member(organization, Role.OWNER)
    trusting.add(organization, name="School", pem=school.pem.encode(), by=owner)

    with pytest.raises(trusting.NotTrustable, match="there_already"):
        trusting.add(organization, name="Again", pem=school.pem.encode() + b"\n", by=owner)


def test_only_certificates_are_kept_of_a_file(school: Authority) -> None:
    organization = make_organization()
    noisy = b"Subject: our root\n" + school.pem.encode() + b"\nsecond thoughts\n"

    added = trusting.add(organization, name="School", pem=noisy, by=make_member(organization, Role.OWNER))

    assert added.pem == school.pem


def test_an_owner_adds_a_list_on_its_page(as_person, school: Authority) -> None:  # type: ignore[no-untyped-def]
    organization = make_organization()
    owner = make_member(organization, Role.OWNER)
    page = f"/organize/organization/{organization.slug}/signers/"
    file = SimpleUploadedFile("root.pem", school.pem.encode())

    answer = as_person(owner).post(page, {"name": "Our school", "file": file}, follow=True)

    said = answer.content.decode()
    (added,) = TrustedAuthority.objects.all()
    assert (added.organization, added.added_by, added.certificates) == (organization, owner, 1)
    assert "Our school" in said
    assert added.version in said


def test_a_refusal_is_said_beside_the_field(as_person) -> None:  # type: ignore[no-untyped-def]
    organization = make_organization()
    page = f"/organize/organization/{organization.slug}/signers/"
    file = SimpleUploadedFile("leaf.pem", _leaf_alone())

    answer = as_person(make_member(organization, Role.OWNER)).post(page, {"name": "X", "file": file})

    assert "may not issue others" in answer.content.decode()


def test_the_health_page_names_the_lists_with_their_dates(school: Authority) -> None:
    organization = make_organization(name="Salon")
    by: User = make_member(organization, Role.OWNER)
    added = trusting.add(organization, name="School", pem=school.pem.encode(), by=by)

    (look,) = health.own_trust_lists()

    assert look.name == "Salon: School"
    assert added.version in look.says
    assert str(added.expires_at.year) in look.says
    assert look.is_well


def test_a_list_that_is_fetched_counts_from_the_next_file_on(
    school: Authority, signer: Leaf, tmp_path: Path, settings: Settings
) -> None:
    settings.TRUST_DIRS = [tmp_path, tmp_path / "missing"]
    file = sign(picture(), signer, Made([created("digitalCapture")]))
    before = signer_in(make_organization(), file)

    (tmp_path / "test_root.pem").write_text(school.pem)
    after = signer_in(make_organization(), file)

    assert before == ("unrecognised", None)
    assert after == ("trusted", "urn:x-list:test-root")
    assert trusting.public_lists() is trusting.public_lists()
