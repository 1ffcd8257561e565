"""Names of lanes, routes, bands and words of provenance, as pages show them.

An unknown signer is no failure, and no word here accuses. Origins follow the labels that C2PA's guidance for
user interfaces suggests: "AI-generated", "AI-edited", "Camera-captured".
"""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from moderation.detector.judgement import Band, Silence
from moderation.detector.mediums import Medium
from moderation.provenance.values import Integrity, Meaning, Origin, Signer
from moderation.verdicts import Lane, Outcome, Route
from moderation.wording.words import Text
from submissions.models import LicenceClass

LANES: Mapping[str, Text] = {
    Lane.STATEMENT: _("Statement"),
    Lane.PROVENANCE: _("Provenance"),
    Lane.COPY: _("Copies of protected works"),
    Lane.STYLE: _("Style (for information only)"),
    Lane.SYNTHETIC: _("Signs of generation"),
    Lane.FILE: _("File"),
}
OUTCOMES: Mapping[str, Text] = {
    Outcome.CLEAR: _("nothing to answer"),
    Outcome.FLAG: _("to be looked at"),
    Outcome.UNKNOWN: _("could not look"),
}
# How much a contradiction weighs, the heaviest first.
SEVERITIES: Mapping[str, Text] = {
    "grave": _("Form and evidence can hardly both be true"),
    "doubt": _("To be asked about"),
    "note": _("Only noted: holds nothing by itself"),
}
# How heavy a case is (``moderation.topics.severity``), the heaviest first.
WEIGHTS: Mapping[str, Text] = {
    "3": _("Very heavy: a copy, or a plain contradiction"),
    "2": _("Heavy: a contradiction, or entered before"),
    "1": _("Light: signs, or something unchecked"),
    "0": _("None: only the rules ask"),
}
ROUTES: Mapping[str, Text] = {
    Route.HUMAN: _("human category"),
    Route.AI: _("AI category"),
    Route.AI_APART: _("AI category, labelled “training data not cleared”"),
    Route.REJECT: _("rejected"),
    Route.PERSON: _("with a person"),
}
APPEALS: Mapping[str, Text] = {
    "filed": _("Appeals filed"),
    "upheld": _("The judgement stood"),
    "partly": _("Overturned in part"),
    "overturned": _("Overturned"),
    "lapsed": _("Not decided in time: ended as the entrant asked"),
}
CHECKS: Mapping[str, Text] = {
    "file": _("reading the file"),
    "provenance": _("Content Credentials"),
    "traces": _("traces of generators"),
    "duplicate": _("earlier entries"),
    "registry": _("protected works"),
    "style": _("style"),
    "synthetic": _("signs of generation"),
    "statement": _("statement against evidence"),
}
INTEGRITY: Mapping[str, Text] = {
    Integrity.INTACT: _("as signed"),
    Integrity.TAMPERED: _("changed after signing"),
    Integrity.TAMPERED_INGREDIENT: _("as signed; an ingredient had been changed"),
    Integrity.MALFORMED: _("against the standard"),
    Integrity.UNREADABLE: _("cannot be read"),
    Integrity.REMOTE_ONLY: _("kept at another address"),
    Integrity.UNSUPPORTED: _("not read from this format"),
    Integrity.NONE: _("none"),
}
SIGNER: Mapping[str, Text] = {
    Signer.TRUSTED: _("signer recognised"),
    Signer.UNRECOGNISED: _("signer not recognised"),
    Signer.BAD_CREDENTIAL: _("signer's certificate not valid for this"),
    Signer.NONE: _("not signed"),
}
ORIGIN: Mapping[str, Text] = {
    Origin.AI_GENERATED: _("AI-generated"),
    Origin.AI_COMPOSITE: _("AI-edited"),
    Origin.AI_POSSIBLE: _("AI may have been used"),
    Origin.CAPTURED: _("Camera-captured"),
    Origin.CAPTURED_EDITED: _("Camera-captured, edited"),
    Origin.SCANNED: _("Scanned"),
    Origin.HUMAN_CREATED: _("Made by a person"),
    Origin.HUMAN_EDITED: _("Edited by a person"),
    Origin.ALGORITHMIC: _("Made by an algorithm, not a trained model"),
    Origin.BLANK_CANVAS: _("Begun on a blank canvas"),
    Origin.EDITED_UNKNOWN_ORIGIN: _("Edited, beginning not stated"),
    Origin.OTHER_DST: _("Another kind of source"),
    Origin.NO_CLAIM: _("Nothing stated"),
}
# What C2PA calls a digital source type, by the last part of its address.
SOURCE_TYPES: Mapping[str, Text] = {
    "trainedAlgorithmicMedia": _("AI-generated"),
    "compositeWithTrainedAlgorithmicMedia": _("partly AI-generated"),
    "compositeSynthetic": _("composed, parts may be synthetic"),
    "digitalCapture": _("camera-captured"),
    "computationalCapture": _("camera-captured, computed"),
    "digitalCreation": _("made by a person"),
    "humanEdits": _("edited by a person"),
    "minorHumanEdits": _("small edits by a person"),
    "algorithmicMedia": _("made by an algorithm"),
    "algorithmicallyEnhanced": _("enhanced by an algorithm"),
    "negativeFilm": _("scanned from film"),
    "positiveFilm": _("scanned from film"),
    "print": _("scanned from a print"),
    "screenCapture": _("screen capture"),
    "virtualRecording": _("recorded in a virtual world"),
    "composite": _("composed of several pictures"),
    "empty": _("blank canvas"),
}
# What else the history shows; flags that a reviewer can do nothing with have no words and are not shown.
FLAGS: Mapping[str, Text] = {
    "laundered": _("a damaged ingredient was signed over"),
    "ingredient_unrecognised": _("an ingredient's signer is not recognised"),
    "ingredient_tampered": _("an ingredient had been changed"),
    "ingredient_malformed": _("an ingredient does not follow the standard"),
    "incomplete_history": _("the history says itself that it is not complete"),
    "contradiction": _("camera or hand is claimed, and a generator named beside it"),
    "ambiguous_action": _("a step of unknown kind"),
    "unknown_component": _("made with a picture without Content Credentials"),
    "unknown_parent": _("made from a picture without Content Credentials"),
    "ai_reference": _("a tool looked at a generated picture; the origin is unchanged"),
    "redacted": _("something was removed from the record, as the standard allows"),
}
RELATIONSHIPS: Mapping[str, Text] = {
    "parentOf": _("made from"),
    "componentOf": _("placed into it"),
    "inputTo": _("used as input"),
}
# The specification's actions that pages meet most; others are said by their own names.
ACTIONS: Mapping[str, Text] = {
    "c2pa.created": _("created"),
    "c2pa.opened": _("opened"),
    "c2pa.placed": _("placed in"),
    "c2pa.removed": _("taken out"),
    "c2pa.edited": _("edited"),
    "c2pa.drawing": _("drawn on"),
    "c2pa.filtered": _("filtered"),
    "c2pa.color_adjustments": _("colours adjusted"),
    "c2pa.cropped": _("cropped"),
    "c2pa.resized": _("resized"),
    "c2pa.orientation": _("turned"),
    "c2pa.converted": _("converted"),
    "c2pa.transcoded": _("transcoded"),
    "c2pa.repackaged": _("repackaged"),
    "c2pa.redacted": _("redacted"),
    "c2pa.enhanced": _("enhanced, nothing added"),
    "c2pa.edited.metadata": _("description edited"),
    "c2pa.resized.proportional": _("resized"),
    "c2pa.watermarked": _("marked with a watermark"),
    "c2pa.watermarked.bound": _("marked with a watermark that leads to these credentials"),
    "c2pa.watermarked.unbound": _("marked with a watermark that says nothing of these credentials"),
    "c2pa.published": _("published"),
    "c2pa.unknown": _("a step of unknown kind"),
}
MEANINGS: Mapping[str, Text] = {
    Meaning.GENERATED: _("speaks of generation"),
    Meaning.EDITED: _("speaks of a generated part"),
    Meaning.PROCESSED: _("speaks of a tool, not of generation"),
    Meaning.OPT_OUT: _("asks not to be trained on"),
}
BANDS: Mapping[str, Text] = {
    Band.NO_SIGN: _("No sign"),
    Band.CANNOT_TELL: _("Cannot tell"),
    Band.SIGNS: _("Signs of generation"),
}
SILENCES: Mapping[str, Text] = {
    Silence.ENCODER_DIFFERS: _("The model that sees is another than the one the detector was trained with."),
    Silence.FEATURES_UNUSABLE: _("The model that sees gave no usable values."),
    Silence.BETWEEN: _("It lies between the two marks."),
    Silence.TOO_FEW_HUMAN_WORKS: _(
        "Too few human works of this kind are known to keep the contest's budget, so the lane is silent."
    ),
    Silence.NO_BUDGET: _(
        "The contest lets no human work of this kind be held by signs, so the lane is silent."
    ),
    Silence.DRIFT: _(
        "It lies above the right mark, but people have overturned more holds here than the contest allows, "
        "so the lane is silent."
    ),
    Silence.CLOAKED: _(
        "The form names a protection such as Glaze, which estimates cannot judge, so the lane is silent."
    ),
}
MEDIUMS: Mapping[str, Text] = {
    Medium.PHOTOGRAPH: _("photograph"),
    Medium.DIGITAL_PAINTING: _("digital painting"),
    Medium.LINE_ART: _("line art"),
    Medium.PIXEL_ART: _("pixel art"),
    Medium.RENDER_3D: _("3D render"),
    Medium.TRADITIONAL_SCAN: _("scan of traditional work"),
}
LICENCES: Mapping[str, Text] = {
    **dict(LicenceClass.choices),
    LicenceClass.UNKNOWN: _("not known"),
    "undisclosed": _("not disclosed"),
}
WISHES: Mapping[str, Text] = {
    "block": _("the artist asks that copies be stopped"),
    "ai_category_only": _("the artist asks that copies hang in the AI category only"),
    "share_revenue": _("the artist allows it for a share of what it earns"),
    "allow_with_credit": _("the artist allows it with their name beside it"),
    "notify_only": _("the artist asks to be told, nothing more"),
}

EXEMPTIONS: Mapping[str, Text] = {
    "own": _("the entrant owns the work"),
    "licensed": _("the owners gave the entrant a licence"),
    "elsewhere": _("the owners' wishes do not reach to the contest's country"),
}
# How well a work is proved to be its artist's; the names of matching.models.Grade in small letters.
GRADES: Mapping[str, Text] = {
    "self_claimed": _("claimed by the artist alone"),
    "signed_original": _("a signed or camera original"),
    "dated_publication": _("published under the artist's name, with a date"),
    "vouched": _("an organization vouches for it"),
}
DOUBTS: Mapping[str, Text] = {
    "self_claimed": _("nothing proves yet that the work is the artist's"),
    "public_domain": _("the work may be in the public domain"),
    "public_domain_listing": _("the work is listed as public domain"),
    "mass_duplicate": _("the registry holds many copies of it"),
    "conflict": _("another artist registered it too, and the registration was set aside"),
}


def label(words: Mapping[str, Text], value: object) -> str:
    """The word for ``value``, or the value itself where it is newer than these words."""
    return str(words.get(str(value), value))
