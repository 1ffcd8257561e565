"""Writing Content Credentials: certificates, keys that may live elsewhere, and the one door to the builder.

Nothing here can reach a network: ingredients that name an address would otherwise be fetched.
"""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, BinaryIO

import c2pa
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.x509.oid import NameOID, ObjectIdentifier

IPTC = "http://cv.iptc.org/newscodes/digitalsourcetype/"
C2PA_CLAIM_SIGNING = "1.3.6.1.4.1.62558.2.1"
DAY = timedelta(days=1)
_PEM = serialization.Encoding.PEM
_QUIET: dict[str, Any] = {
    "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False, "verify_after_sign": False},
    "core": {"allowed_network_hosts": [], "allow_redirects": False, "decode_identity_assertions": False},
    "builder": {"thumbnail": {"enabled": False}},  # it would decode the whole picture
}

Sign = Callable[[bytes], bytes]
"""Signs some bytes (about a kilobyte) with a key that only it knows: ECDSA as DER, EdDSA, or RSA-PSS."""


class SigningError(Exception):
    """No manifest could be written; the message is one sentence for operators."""


@dataclass(frozen=True)
class Signatory:
    """Who signs: the certificate with its chain, the leaf first (PEM), and what uses its key."""

    chain: str
    sign: Sign

    @cached_property
    def certificate(self) -> x509.Certificate:
        try:
            return x509.load_pem_x509_certificates(self.chain.encode())[0]
        except ValueError as error:
            raise SigningError(f"The certificate cannot be read: {error}.") from error

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate, in hex."""
        return self.certificate.fingerprint(hashes.SHA256()).hex()

    @property
    def name(self) -> str:
        """The organization that the certificate names, or else its common name."""
        for kind in (NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME):
            if found := self.certificate.subject.get_attributes_for_oid(kind):
                return str(found[0].value)
        return ""

    @property
    def algorithm(self) -> c2pa.C2paSigningAlg:
        """The kind of signature that the certificate's key makes; raises ``SigningError`` for others."""
        try:
            return _algorithm(self.certificate.public_key())
        except UnsupportedAlgorithm as error:
            raise SigningError(f"The certificate's key cannot be used: {error}.") from error

    @classmethod
    def with_key(cls, chain: str, key: str) -> "Signatory":
        """Of a key in PEM without a password; raises ``SigningError`` where it is none."""
        try:
            private = serialization.load_pem_private_key(key.encode(), None)
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise SigningError(f"The key cannot be read: {error}.") from error
        made = cls(chain, _signs_with(private))
        if private.public_key() != made.certificate.public_key():
            raise SigningError("The key is not the certificate's.")
        return made


def _algorithm(key: object) -> c2pa.C2paSigningAlg:
    kinds = c2pa.C2paSigningAlg
    if isinstance(key, ec.EllipticCurvePublicKey):
        by_curve = {"secp256r1": kinds.ES256, "secp384r1": kinds.ES384, "secp521r1": kinds.ES512}
        if key.curve.name in by_curve:
            return by_curve[key.curve.name]
    if isinstance(key, ed25519.Ed25519PublicKey):
        return kinds.ED25519
    if isinstance(key, rsa.RSAPublicKey) and key.key_size >= 2048:
        return kinds.PS256
    raise SigningError("The certificate's key is of a kind that Content Credentials do not allow.")


def _signs_with(key: object) -> Sign:
    if isinstance(key, ec.EllipticCurvePrivateKey):
        digest = {256: hashes.SHA256(), 384: hashes.SHA384()}.get(key.curve.key_size, hashes.SHA512())
        return lambda data: key.sign(data, ec.ECDSA(digest))
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return key.sign
    if isinstance(key, rsa.RSAPrivateKey):
        scheme = padding.PSS(padding.MGF1(hashes.SHA256()), hashes.SHA256.digest_size)
        return lambda data: key.sign(data, scheme, hashes.SHA256())
    raise SigningError("The key is of a kind that Content Credentials do not allow.")


# Certificates made on the spot: for demonstrations and tests


@dataclass(frozen=True)
class Authority:
    """A root certificate and its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(_PEM).decode()


@dataclass(frozen=True)
class Leaf:
    """A signing certificate with its chain, and its key, both PEM."""

    chain: str
    key: str

    @property
    def signatory(self) -> Signatory:
        return Signatory.with_key(self.chain, self.key)


def make_authority(name: str, organization: str, *, lasts: timedelta = 3650 * DAY) -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _name(name, organization)
    certificate = (
        _certificate(subject, subject, key.public_key(), lasts)
        .add_extension(x509.BasicConstraints(ca=True, path_length=1), critical=True)
        .add_extension(_key_usage(certificates=True), critical=True)
        .sign(key, hashes.SHA256())
    )
    return Authority(certificate, key)


def make_leaf(
    issuer: Authority,
    name: str,
    organization: str,
    *,
    key_use: str = C2PA_CLAIM_SIGNING,
    lasts: timedelta = 365 * DAY,
) -> Leaf:
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = (
        _certificate(_name(name, organization), issuer.certificate.subject, key.public_key(), lasts)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ObjectIdentifier(key_use)]), critical=True)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), critical=False
        )
        .sign(issuer.key, hashes.SHA256())
    )
    secret = key.private_bytes(_PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return Leaf(certificate.public_bytes(_PEM).decode() + issuer.pem, secret.decode())


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, lasts: timedelta
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - DAY)
        .not_valid_after(now + lasts)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _name(name: str, organization: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization),
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


# Writing


@dataclass(frozen=True)
class Ingredient:
    """A file that the new one is made from; ``about`` holds at least its relationship."""

    file: BinaryIO | bytes
    media: str
    about: dict[str, Any]


@dataclass(frozen=True)
class Manifest:
    """What is to be signed. ``definition`` as the library's builder takes it."""

    definition: dict[str, Any]
    ingredients: Sequence[Ingredient] = ()
    edits: bool = False  # lets the library add the step "opened" for the parent
    remote_url: str | None = None
    embed: bool = True
    settings: dict[str, Any] = field(default_factory=dict)


def write(file: BinaryIO | bytes, media: str, manifest: Manifest, by: Signatory) -> bytes:
    """The bytes of ``file`` with ``manifest`` signed into them; raises ``SigningError``.

    ``file`` is only read. What comes back holds all of it in memory.
    """
    output = io.BytesIO()
    try:
        with (
            c2pa.Context.from_dict({**_QUIET, **manifest.settings}) as context,
            c2pa.Builder(manifest.definition, context) as builder,
            c2pa.Signer.from_callback(by.sign, by.algorithm, by.chain) as signer,
        ):
            if manifest.edits:
                builder.set_intent(c2pa.C2paBuilderIntent.EDIT)
            for each in manifest.ingredients:
                builder.add_ingredient(each.about, each.media, _stream(each.file))
            if manifest.remote_url:
                builder.set_remote_url(manifest.remote_url)
            if not manifest.embed:
                builder.set_no_embed()
            builder.sign(signer, media, _stream(file), output)
    except c2pa.C2paError as error:
        raise SigningError(str(error)[:500]) from error
    return output.getvalue()


def created(source_type: str, **extra: Any) -> dict[str, Any]:
    """The step "created", from a source type's address or the last part of one of IPTC's."""
    address = source_type if "/" in source_type else IPTC + source_type
    return {"action": "c2pa.created", "digitalSourceType": address, **extra}


def _stream(file: BinaryIO | bytes) -> BinaryIO:
    if isinstance(file, bytes):
        return io.BytesIO(file)
    file.seek(0)
    return file
