"""Content Credentials signed by an authority of the demonstration's own."""

import io
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import c2pa
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

TRAINED = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
DRAWN = "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCreation"
NO_NETWORK = {
    "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False},
    "core": {"allowed_network_hosts": [], "allow_redirects": False},
    "builder": {"thumbnail": {"enabled": False}},
}


@dataclass(frozen=True)
class Credentials:
    """A signing certificate with its chain, and its key, both PEM."""

    chain: bytes
    key: bytes


def make_credentials(organization: str) -> Credentials:
    """A fresh authority and one signing certificate under it, valid from yesterday for a year."""
    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority = _name(f"{organization} authority", organization)
    root = (
        _certificate(authority, authority, authority_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(authority_key.public_key()), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    leaf = (
        _certificate(_name(f"{organization} signer", organization), authority, key.public_key())
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), critical=False
        )
        .sign(authority_key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return Credentials(leaf.public_bytes(pem) + root.public_bytes(pem), private)


def _name(common: str, organization: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, common),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization),
        ]
    )


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey
) -> x509.CertificateBuilder:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(yesterday)
        .not_valid_after(yesterday + timedelta(days=366))
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def sign(picture: bytes, media_type: str, credentials: Credentials, *, tool: str, source_type: str) -> bytes:
    """The picture with a manifest that says which tool created it, and from what."""
    manifest: dict[str, Any] = {
        "claim_generator_info": [{"name": tool, "version": "1.0"}],
        "assertions": [
            {
                "label": "c2pa.actions.v2",
                "data": {
                    "actions": [
                        {
                            "action": "c2pa.created",
                            "digitalSourceType": source_type,
                            "softwareAgent": {"name": tool},
                        }
                    ]
                },
            }
        ],
    }
    signed = io.BytesIO()
    info = c2pa.C2paSignerInfo(b"es256", credentials.chain, credentials.key, None)
    with (
        c2pa.Context.from_dict(NO_NETWORK) as context,
        c2pa.Builder(json.dumps(manifest), context) as builder,
        c2pa.Signer.from_info(info) as signer,
    ):
        builder.sign(signer, media_type, io.BytesIO(picture), signed)
    return signed.getvalue()


def tamper(signed: bytes) -> bytes:
    """The same JPEG with one byte of its pixels changed after signing; they fill its last quarter."""
    at = len(signed) * 3 // 4
    while (
        signed[at] in (0xFF, 0x00) or signed[at - 1] == 0xFF
    ):  # leave the markers alone: it must still decode
        at += 1
    return signed[:at] + bytes([signed[at] ^ 1]) + signed[at + 1 :]
