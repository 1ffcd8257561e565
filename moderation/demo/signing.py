"""Content Credentials signed by an authority of the demonstration's own."""

from moderation.provenance.signing import IPTC, Leaf, Manifest, created, make_authority, make_leaf, write

TRAINED = IPTC + "trainedAlgorithmicMedia"
DRAWN = IPTC + "digitalCreation"
Credentials = Leaf


def make_credentials(organization: str) -> Credentials:
    """A signing certificate under a fresh authority, valid from yesterday for a year."""
    authority = make_authority(f"{organization} authority", organization)
    return make_leaf(authority, f"{organization} signer", organization)


def sign(picture: bytes, media_type: str, credentials: Credentials, *, tool: str, source_type: str) -> bytes:
    """The picture with a manifest that says which tool created it, and from what."""
    definition = {
        "claim_generator_info": [{"name": tool, "version": "1.0"}],
        "assertions": [
            {
                "label": "c2pa.actions.v2",
                "data": {"actions": [created(source_type, softwareAgent={"name": tool})]},
            }
        ],
    }
    return write(picture, media_type, Manifest(definition), credentials.signatory)


def tamper(signed: bytes) -> bytes:
    """The same JPEG with one byte of its pixels changed after signing; they fill its last quarter."""
    at = len(signed) * 3 // 4
    while (
        signed[at] in (0xFF, 0x00) or signed[at - 1] == 0xFF
    ):  # leave the markers alone: it must still decode
        at += 1
    return signed[:at] + bytes([signed[at] ^ 1]) + signed[at + 1 :]
