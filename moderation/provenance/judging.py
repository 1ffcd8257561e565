"""From a validated store to three separate answers: integrity, signer, origin."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, BinaryIO

from moderation.provenance import binding, privacy, training
from moderation.provenance.bytesource import ByteSource
from moderation.provenance.containers import metadata
from moderation.provenance.library import Failure, Store, Unread, load
from moderation.provenance.lineage import Lineage, agents, trace_lineage
from moderation.provenance.origin import judge_origin
from moderation.provenance.sniffing import media_type, store_bytes
from moderation.provenance.store import Code, Manifest, Manifests, Results, mapping, sequence
from moderation.provenance.training import statement
from moderation.provenance.tree import picture_key, thumbnails, tree
from moderation.provenance.trust import TrustLists
from moderation.provenance.values import Evidence, Integrity, Provenance, Reading, Signer, Training, Use
from moderation.provenance.xmp import Property, properties

# The only codes that show a change after signing. "Invalid" in the library's summary is far wider.
TAMPERING = frozenset(
    {
        "assertion.dataHash.mismatch",
        "assertion.bmffHash.mismatch",
        "assertion.boxesHash.mismatch",
        "assertion.collectionHash.mismatch",
        "assertion.hashedURI.mismatch",
        "hashedURI.mismatch",
        "claimSignature.mismatch",
        "ingredient.manifest.mismatch",
    }
)
_DATA_HASH = "assertion.dataHash.mismatch"
_TRUSTED = "signingCredential.trusted"
_UNTRUSTED = "signingCredential.untrusted"
_UNDECIDED_CREDENTIAL = (_UNTRUSTED, "signingCredential.ocsp.inaccessible", "signingCredential.ocsp.skipped",
                         "signingCredential.ocsp.unknown")  # fmt: skip
_MAX_EVIDENCE = 300  # enough for any real history; a made one may repeat itself without end
_LIST_NAMED = re.compile(r"found in \[([^\]]*)\]")
_NO_STORE = {
    Failure.ABSENT: Integrity.NONE,
    Failure.UNSUPPORTED: Integrity.UNSUPPORTED,
    Failure.REMOTE: Integrity.REMOTE_ONLY,
    Failure.BROKEN: Integrity.UNREADABLE,
}


def read(file: BinaryIO | bytes, *, trust: TrustLists | None = None) -> Provenance:
    """What the Content Credentials of ``file`` say. Never raises for bad bytes, never uses a network.

    ``file`` stays open and stands at its start afterwards. Errors of reading it (``OSError``) are raised: a
    disk that fails says nothing about the picture.
    """
    return _read(file, trust, None).provenance


def read_with_pictures(file: BinaryIO | bytes, *, trust: TrustLists | None = None) -> Reading:
    """As ``read``, with the thumbnails of ingredients and the library's whole report."""
    return _read(file, trust, _thumbnails)


def _thumbnails(report: dict[str, Any]) -> tuple[str, ...]:
    try:
        return thumbnails(Manifests.of(report))
    except LookupError:
        return ()


def _read(
    file: BinaryIO | bytes,
    trust: TrustLists | None,
    wanted: Callable[[dict[str, Any]], Sequence[str]] | None,
) -> Reading:
    source = ByteSource(file)
    media = media_type(source)
    found = load(source, media, trust or TrustLists(), details_if=_doubts_data_hash, wanted=wanted)
    packets = [each for packet in metadata(source, media).xmp for each in properties(packet)]
    source.rewind()
    if isinstance(found, Unread):
        return Reading(_without_store(source, media, found, packets))
    try:
        manifests = Manifests.of(found.report)
    except LookupError:
        nothing = Evidence("unreadable", note="no active manifest")
        return Reading(Provenance(Integrity.UNREADABLE, evidence=(nothing,)), report=found.report)
    judged = _judged(source, found, manifests, packets)
    return Reading(judged, {picture_key(each): each for each in found.resources.values()}, found.report)


def _without_store(source: ByteSource, media: str, unread: Unread, packets: list[Property]) -> Provenance:
    integrity = _NO_STORE[unread.failure]
    seen = store_bytes(source, media) if integrity is not Integrity.UNSUPPORTED else None
    source.rewind()
    if seen:  # a damaged store often reads as "no manifest", or as an address only
        integrity = Integrity.UNREADABLE
    notes = [note for note in (unread.message, f"{seen} present" if seen else "") if note]
    return Provenance(
        integrity,
        evidence=tuple(Evidence(str(integrity), note=note) for note in notes),
        training=Training(xmp=training.data_mining(packets)),
    )


def _doubts_data_hash(report: dict[str, Any]) -> bool:
    active = mapping(mapping(report.get("validation_results")).get("activeManifest"))
    return any(mapping(each).get("code") == _DATA_HASH for each in sequence(active.get("failure")))


def _judged(source: ByteSource, store: Store, manifests: Manifests, packets: list[Property]) -> Provenance:
    active = manifests.active
    evidence: list[Evidence] = []
    failures = _believed_failures(source, store, manifests, evidence)
    integrity = _integrity(failures, manifests, evidence)
    signer, trust_list = _signer(manifests, failures, evidence)
    lineage = trace_lineage(manifests)
    judged = judge_origin(lineage)
    opt_out = statement(active, packets)
    evidence += judged.evidence
    evidence += _history(manifests, lineage, signer)
    evidence += privacy.leaks(manifests)
    flags = [
        *(item.supports for item in evidence if item.supports in _FLAGS),
        *judged.flags,
        *_training_flags(opt_out, manifests),
    ]
    return Provenance(
        integrity=integrity,
        signer=signer,
        origin=judged.origin,
        generator=active.generator,
        signer_name=active.signer_name,
        trust_list=trust_list,
        signed_at=active.signed_at,
        agents=agents(lineage),
        flags=tuple(dict.fromkeys(flags)),
        evidence=tuple(dict.fromkeys(evidence))[:_MAX_EVIDENCE],
        training=opt_out,
        manifests=tree(manifests, store.resources),
    )


_FLAGS = frozenset(
    {
        "legacy_binding", "ingredient_tampered", "ingredient_malformed", "ingredient_unrecognised",
        "laundered", "identity", "author_name", "gps", "redacted",
    }
)  # fmt: skip


def _believed_failures(
    source: ByteSource, store: Store, manifests: Manifests, evidence: list[Evidence]
) -> tuple[Code, ...]:
    """Failures of the active manifest, less a data-hash mismatch that a second look finds to be none."""
    failures = manifests.results.failure
    label = manifests.active.label
    doubted = any(code.code == _DATA_HASH and code.manifest in (None, label) for code in failures)
    if doubted and binding.holds(source, store.details, label):
        source.rewind()
        evidence.append(
            Evidence("legacy_binding", label, code=_DATA_HASH, note="hash good outside signed exclusions")
        )
        return tuple(
            code for code in failures if code.code != _DATA_HASH or code.manifest not in (None, label)
        )
    source.rewind()
    return failures


def _integrity(failures: tuple[Code, ...], manifests: Manifests, evidence: list[Evidence]) -> Integrity:
    label = manifests.active.label
    above = [code for code in failures if _about(code, manifests) in (None, label)]
    below = [code for code in failures if _about(code, manifests) not in (None, label)]
    below += manifests.results.delta_failure
    tampered = [code for code in above if code.code in TAMPERING]
    tampered_below = [code for code in below if code.code in TAMPERING]
    odd = [code for code in above if _breaks_specification(code)]
    odd_below = [code for code in below if _breaks_specification(code)]
    evidence += _as_evidence("tampered", tampered)
    evidence += _as_evidence("ingredient_tampered", tampered_below)
    evidence += _as_evidence("malformed", odd)
    evidence += _as_evidence("ingredient_malformed", odd_below)
    if tampered:
        return Integrity.TAMPERED
    if tampered_below:
        return Integrity.TAMPERED_INGREDIENT
    return Integrity.MALFORMED if odd or odd_below else Integrity.INTACT


def _about(code: Code, manifests: Manifests) -> str | None:
    """The label of the manifest that a code speaks of, if the store holds that manifest."""
    return code.manifest if code.manifest in manifests.by_label else None


def _breaks_specification(code: Code) -> bool:
    """Not tampering, not the signer's credential, not a time-stamp, not CAWG's separate identity layer."""
    aside = ("signingCredential.", "timeStamp.", "cawg.", "claimSignature.outsideValidity")
    return code.code not in TAMPERING and not code.code.startswith(aside)


def _as_evidence(supports: str, failures: Iterable[Code]) -> list[Evidence]:
    return [
        Evidence(supports, each.manifest, code=each.code, note=each.explanation[:300]) for each in failures
    ]


def _signer(
    manifests: Manifests, failures: tuple[Code, ...], evidence: list[Evidence]
) -> tuple[Signer, str | None]:
    """Who signed, and the list that knows them (None where a single signer is allowed by name)."""
    label = manifests.active.label
    own = [code for code in failures if _about(code, manifests) in (None, label)]
    bad = [code for code in own if _bad_credential(code)]
    if bad:
        evidence += _as_evidence(str(Signer.BAD_CREDENTIAL), bad)
        return Signer.BAD_CREDENTIAL, None
    trusted = [
        code for code in manifests.results.success if code.code == _TRUSTED and code.manifest in (None, label)
    ]
    # A name on a certificate proves nothing where the signature is not that certificate's.
    if not trusted or any(code.code in {"claimSignature.mismatch", _UNTRUSTED} for code in own):
        evidence += _as_evidence(str(Signer.UNRECOGNISED), [code for code in own if code.code == _UNTRUSTED])
        return Signer.UNRECOGNISED, None
    evidence += _as_evidence(str(Signer.TRUSTED), trusted)
    # The store's trustListUri may name the list of an ingredient's signer; the explanation is about this one.
    named = _LIST_NAMED.search(trusted[0].explanation)
    return Signer.TRUSTED, (named[1] or None) if named else manifests.trust_list


def _bad_credential(code: Code) -> bool:
    if code.code == "claimSignature.outsideValidity":
        return True
    return code.code.startswith("signingCredential.") and code.code not in _UNDECIDED_CREDENTIAL


def _history(manifests: Manifests, lineage: Lineage, signer: Signer) -> list[Evidence]:
    """What the summary hides: a trusted editor's signature covers parents that were bad or unknown."""
    evidence = []
    for manifest in (*lineage.line, *lineage.components):
        for ingredient in manifest.ingredients:
            recorded = ingredient.recorded
            for code in (*recorded.failure, *recorded.delta_failure):
                if code.code in TAMPERING and ingredient.relationship != "inputTo":
                    evidence += [
                        Evidence(flag, manifest.label, code=code.code, note="recorded when taken in")
                        for flag in ("laundered", "ingredient_tampered")
                    ]
    if signer is Signer.TRUSTED:
        evidence += [
            Evidence("ingredient_unrecognised", below.label, note=below.signer_name)
            for _, ingredient, below in lineage.taken
            if not _ingredient_trusted(manifests.results, ingredient.recorded, below)
        ]
    return evidence


def _ingredient_trusted(now: Results, recorded: Results, below: Manifest) -> bool:
    """Whether the signer of ``below`` is trusted now: what was recorded then, and how today differs."""
    if now.delta_failure.say(_UNTRUSTED, below.label):
        return False
    if now.delta_success.say(_TRUSTED, below.label):
        return True
    if recorded.failure.say(_UNTRUSTED, below.label) or recorded.delta_failure.say(_UNTRUSTED, below.label):
        return False
    return any(
        codes.say(_TRUSTED, below.label) for codes in (recorded.success, recorded.delta_success, now.success)
    )


def _training_flags(opt_out: Training, manifests: Manifests) -> list[str]:
    flags = []
    if opt_out.entries:
        flags.append(f"training={training.strictest(opt_out.entries.values())}")
    below = [
        use
        for manifest in manifests.by_label.values()
        if manifest is not manifests.active
        for use in training.entries(manifest).values()
    ]
    if below and training.strictest(below) is not Use.ALLOWED:
        flags.append(f"ingredient_training={training.strictest(below)}")
    return flags
