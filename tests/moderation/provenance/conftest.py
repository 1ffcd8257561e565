import pytest

from tests.moderation.provenance import signing


@pytest.fixture(scope="session")
def root() -> signing.Authority:
    """An authority on our lists."""
    return signing.authority()


@pytest.fixture(scope="session")
def signer(root: signing.Authority) -> signing.Leaf:
    return signing.leaf(root)


@pytest.fixture(scope="session")
def stranger() -> signing.Leaf:
    """A signer under an authority on nobody's list."""
    return signing.leaf(signing.authority("Unknown Root"), "Unknown Signer")
