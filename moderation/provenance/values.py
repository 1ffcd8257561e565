"""What the provenance reader answers with: plain frozen values, words as in docs/provenance.md."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


def storable(text: str) -> str:
    """``text`` without what a database or a page cannot hold: zeros and halves of surrogate pairs.

    Nearly every text here was written by whoever made the file.
    """
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


class Integrity(StrEnum):
    """Do the bytes still say what was signed?"""

    INTACT = "intact"
    TAMPERED = "tampered"
    TAMPERED_INGREDIENT = "tampered_ingredient"
    MALFORMED = "malformed"  # breaks the specification; nothing shows tampering
    UNREADABLE = "unreadable"  # a store, or a file, that cannot be parsed
    REMOTE_ONLY = "remote_only"  # the manifest lives at an address, which is never fetched
    UNSUPPORTED = "unsupported"
    NONE = "none"


class Signer(StrEnum):
    """Do we know who signed?"""

    TRUSTED = "trusted"
    UNRECOGNISED = "unrecognised"  # on none of our lists: unknown, not wrong
    BAD_CREDENTIAL = (
        "bad_credential"  # expired without a time-stamp, revoked, or not meant for signing claims
    )
    NONE = "none"


class Origin(StrEnum):
    """What the manifests claim about how the picture came to be."""

    AI_GENERATED = "ai_generated"
    AI_COMPOSITE = "ai_composite"
    AI_POSSIBLE = "ai_possible"
    CAPTURED = "captured"
    CAPTURED_EDITED = "captured_edited"
    SCANNED = "scanned"
    HUMAN_CREATED = "human_created"
    HUMAN_EDITED = "human_edited"
    ALGORITHMIC = "algorithmic"  # procedural, not a trained model
    BLANK_CANVAS = "blank_canvas"
    EDITED_UNKNOWN_ORIGIN = "edited_unknown_origin"
    OTHER_DST = "other_dst"
    NO_CLAIM = "no_claim"


class Label(StrEnum):
    """The one neutral word that a picture may carry where people look at it (level 1 of C2PA's guidance)."""

    AI_GENERATED = "ai_generated"
    AI_EDITED = "ai_edited"
    CAPTURED = "captured"


def label_of(integrity: str, origin: str, *, vouched: bool) -> Label | None:
    """The label for a history, or None: nothing is said of denoising, of edits by hand, of broken histories.

    AI is believed from anyone whose history holds; a camera only where ``vouched`` is true.
    """
    if integrity in {Integrity.TAMPERED, Integrity.TAMPERED_INGREDIENT, Integrity.UNREADABLE}:
        return None
    if origin == Origin.AI_GENERATED:
        return Label.AI_GENERATED
    if origin == Origin.AI_COMPOSITE:
        return Label.AI_EDITED
    return Label.CAPTURED if origin == Origin.CAPTURED and vouched else None


class Use(StrEnum):
    """An answer to "may this be used for …?", strictest last."""

    ALLOWED = "allowed"
    CONSTRAINED = "constrained"
    NOT_ALLOWED = "notAllowed"


@dataclass(frozen=True)
class Evidence:
    """One fact behind one answer: which word or flag it supports, and where it stands in the file."""

    supports: str
    manifest: str | None = None
    action: str | None = None
    source_type: str | None = None
    code: str | None = None
    note: str | None = None

    def as_json(self) -> dict[str, str]:
        pairs = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {name: storable(value)[:500] for name, value in pairs.items() if value is not None}


@dataclass(frozen=True)
class Training:
    """Whether the file's own statements allow training on it: C2PA entries and the XMP field of PLUS.

    ``entries`` maps the assertion's keys without their prefix (``ai_generative_training``) to the strictest
    answer given; ``xmp`` holds the PLUS vocabulary words (``DMI-PROHIBITED``…) as they stand.
    """

    entries: Mapping[str, Use] = field(default_factory=dict)
    xmp: tuple[str, ...] = ()

    @property
    def prohibits(self) -> bool:
        """Whether anything here speaks against using the file to train or calibrate a model."""
        about_training = ("ai_generative_training", "ai_training", "data_mining")
        if any(self.entries.get(key, Use.ALLOWED) is not Use.ALLOWED for key in about_training):
            return True
        return any(word.startswith("DMI-PROHIBITED") for word in self.xmp)

    def as_json(self) -> dict[str, Any]:
        return {
            "entries": {key: str(use) for key, use in sorted(self.entries.items())},
            "xmp": list(self.xmp),
            "prohibits": self.prohibits,
        }


@dataclass(frozen=True)
class Action:
    """One recorded step: its name, what the pixels come from, and the tool that did it."""

    name: str
    source_type: str | None = None
    agent: str | None = None
    description: str | None = None

    def as_json(self) -> dict[str, str | None]:
        return {
            "name": self.name,
            "source_type": self.source_type,
            "agent": self.agent,
            "description": self.description,
        }


@dataclass(frozen=True)
class ManifestNode:
    """One manifest, or one ingredient without any (``label`` is None), and what it was made from.

    ``title`` and ``signer_name`` may name a person: never show them to a juror.
    """

    label: str | None
    relationship: str | None = None  # to the node above: parentOf, componentOf, inputTo; None for the root
    title: str | None = None
    generator: str | None = None
    signer_name: str | None = None
    signed_at: datetime | None = None
    actions: tuple[Action, ...] = ()
    failures: tuple[str, ...] = ()  # codes that speak against this manifest
    picture: str | None = None  # key of its own thumbnail in ``Reading.pictures``; a stranger's bytes
    children: tuple["ManifestNode", ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "label": self.label,
            "relationship": self.relationship,
            "title": self.title,
            "generator": self.generator,
            "signer_name": self.signer_name,
            "signed_at": self.signed_at.isoformat() if self.signed_at else None,
            "actions": [action.as_json() for action in self.actions],
            "failures": list(self.failures),
            "picture": self.picture,
            "children": [child.as_json() for child in self.children],
        }


@dataclass(frozen=True)
class Provenance:
    """What a file's Content Credentials say: three separate answers, and the evidence behind each."""

    integrity: Integrity
    signer: Signer = Signer.NONE
    origin: Origin = Origin.NO_CLAIM
    generator: str | None = None
    signer_name: str | None = None
    trust_list: str | None = None
    signed_at: datetime | None = None
    agents: tuple[str, ...] = ()  # tools named by the actions: "GPT-4o", "Adobe Firefly"
    flags: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    training: Training = field(default_factory=Training)
    manifests: ManifestNode | None = None

    @property
    def says_ai(self) -> bool:
        """Whether the file itself admits that a trained model made it, or a part of it.

        Believed from anyone: nobody gains a place among human works by such a claim.
        """
        return self.origin in {Origin.AI_GENERATED, Origin.AI_COMPOSITE}

    @property
    def vouched(self) -> bool:
        """Whether a signer on our lists stands behind an undamaged history; else a claim is only a claim."""
        doubts = {"laundered", "ingredient_unrecognised", "contradiction"}
        return (
            self.integrity is Integrity.INTACT
            and self.signer is Signer.TRUSTED
            and doubts.isdisjoint(self.flags)
        )

    @property
    def label(self) -> Label | None:
        return label_of(self.integrity, self.origin, vouched=self.vouched)

    def as_json(self) -> dict[str, Any]:
        return {
            "integrity": str(self.integrity),
            "origin": str(self.origin),
            "signer": str(self.signer),
            "generator": self.generator,
            "signer_name": self.signer_name,
            "trust_list": self.trust_list,
            "signed_at": self.signed_at.isoformat() if self.signed_at else None,
            "agents": list(self.agents),
            "flags": list(self.flags),
            "evidence": [item.as_json() for item in self.evidence],
            "training": self.training.as_json(),
            "manifests": self.manifests.as_json() if self.manifests else None,
        }


@dataclass(frozen=True)
class Reading:
    """A judgement with what it rests on, for pages that show more than the answers.

    ``pictures`` holds the thumbnails of ingredients as they lie in the file: a stranger's bytes, to be
    decoded and encoded anew before anyone sees them. ``report`` is the library's own, or empty.
    """

    provenance: Provenance
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    report: Mapping[str, Any] = field(default_factory=dict)


class Meaning(StrEnum):
    """What a trace outside C2PA is about; only the first two speak of AI in the picture."""

    GENERATED = "generated"
    EDITED = "edited"  # a part was generated: inpainting, clean-up
    PROCESSED = "processed"  # a tool ran over it (upscaling, a cloud job): no proof of generation
    OPT_OUT = "opt_out"


@dataclass(frozen=True)
class Trace:
    """Something a tool left in the file outside C2PA. ``prompt`` is private to those who judge."""

    key: str
    generator: str | None = None
    weak: bool = False
    where: str = ""
    prompt: str | None = None
    meaning: Meaning = Meaning.GENERATED

    @property
    def speaks_of_ai(self) -> bool:
        """Whether this trace alone may raise a flag."""
        return not self.weak and self.meaning in {Meaning.GENERATED, Meaning.EDITED}

    def as_json(self, *, with_prompt: bool = False) -> dict[str, Any]:
        value: dict[str, Any] = {
            "key": storable(self.key),
            "generator": storable(self.generator) if self.generator else None,
            "weak": self.weak,
            "where": storable(self.where),
            "meaning": str(self.meaning),
        }
        if with_prompt:
            value["prompt"] = self.prompt
        return value
