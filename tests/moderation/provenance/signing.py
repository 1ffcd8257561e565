"""Signs test pictures with a throwaway authority: real C2PA files of any history, made on the spot."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import c2pa
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID, ObjectIdentifier

from moderation.provenance import TrustList, TrustLists
from tests.pictures import as_file, draw

IPTC = "http://cv.iptc.org/newscodes/digitalsourcetype/"
C2PA_CLAIM_SIGNING = "1.3.6.1.4.1.62558.2.1"
DOCUMENT_SIGNING = "1.3.6.1.5.5.7.3.36"
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Authority:
    """A root certificate and its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()

    @property
    def trusted(self) -> TrustLists:
        """Trust lists that hold this authority alone."""
        return TrustLists((TrustList("test", "urn:x-list:test", self.pem),))


@dataclass(frozen=True)
class Leaf:
    chain: str
    key: str


@dataclass
class Made:
    """What a manifest says; ``parents`` and ``parts`` are files taken in as ingredients."""

    actions: Sequence[dict[str, Any]] = ()
    generator: str = "Test Camera"
    assertions: Sequence[dict[str, Any]] = ()
    parents: Sequence[bytes] = ()
    parts: Sequence[bytes] = ()
    references: Sequence[bytes] = ()
    remote_url: str | None = None
    embed: bool = True
    settings: dict[str, Any] = field(default_factory=dict)


def authority(name: str = "Test Root") -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _name(name)
    now = datetime.now(UTC)
    usage = _key_usage(certificates=True)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _DAY)
        .not_valid_after(now + 3650 * _DAY)
        .add_extension(x509.BasicConstraints(ca=True, path_length=1), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return Authority(certificate, key)


def leaf(
    issuer: Authority,
    name: str = "Test Signer",
    *,
    key_use: str = C2PA_CLAIM_SIGNING,
    lasts: timedelta = 365 * _DAY,
) -> Leaf:
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(issuer.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _DAY)
        .not_valid_after(now + lasts)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ObjectIdentifier(key_use)]), critical=True)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), critical=False
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(issuer.key, hashes.SHA256())
    )
    own = certificate.public_bytes(serialization.Encoding.PEM).decode()
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return Leaf(own + issuer.pem, secret.decode())


def picture(seed: int = 1, kind: str = "JPEG", **options: Any) -> bytes:
    return as_file(draw(seed, 160, 120), kind, **options)


def sign(data: bytes, by: Leaf, made: Made, *, media: str = "image/jpeg") -> bytes:
    """``data`` with a manifest that says what ``made`` says."""
    definition = {
        "claim_generator_info": [{"name": made.generator, "version": "1"}],
        "assertions": [
            *([{"label": "c2pa.actions", "data": {"actions": list(made.actions)}}] if made.actions else []),
            *made.assertions,
        ],
    }
    # Signing may not reach a network either: ingredients with addresses would be fetched.
    quiet = {
        "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False, "verify_after_sign": False},
        "core": {"allowed_network_hosts": []},
        "builder": {"thumbnail": {"enabled": False}},
        **made.settings,
    }
    info = c2pa.C2paSignerInfo("es256", by.chain.encode(), by.key.encode(), None)
    output = io.BytesIO()
    with (
        c2pa.Context.from_dict(quiet) as context,
        c2pa.Builder(definition, context) as builder,
        c2pa.Signer.from_info(info) as signer,
    ):
        if made.parents:
            builder.set_intent(c2pa.C2paBuilderIntent.EDIT)  # adds c2pa.opened for the parent
        for relationship, files in (
            ("parentOf", made.parents),
            ("componentOf", made.parts),
            ("inputTo", made.references),
        ):
            for number, file in enumerate(files):
                about = {"title": f"{relationship} {number}", "relationship": relationship}
                builder.add_ingredient(about, media, io.BytesIO(file))
        if made.remote_url:
            builder.set_remote_url(made.remote_url)
        if not made.embed:
            builder.set_no_embed()
        builder.sign(signer, media, io.BytesIO(data), output)
    return output.getvalue()


def created(source_type: str, **extra: Any) -> dict[str, Any]:
    address = source_type if "/" in source_type else IPTC + source_type
    return {"action": "c2pa.created", "digitalSourceType": address, **extra}


def _name(name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "KR"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, f"{name} Organization"),
            x509.NameAttribute(NameOID.COMMON_NAME, name),
        ]
    )


def _key_usage(*, certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=certificates,
        crl_sign=certificates,
        encipher_only=False,
        decipher_only=False,
    )
