"""Traces in XMP: source type, AI fields of IPTC 2025.1, credits, tools, TC260 labels, opt-outs."""

import re
from collections.abc import Iterable, Iterator

from moderation.provenance import generators
from moderation.provenance.source_types import GENERATED, GENERATIVE, concept
from moderation.provenance.traces.exif import trace_of
from moderation.provenance.traces.pngtext import tc260, tc260_label
from moderation.provenance.traces.prompts import Kind, clipped, recognise
from moderation.provenance.training import data_mining
from moderation.provenance.values import Meaning, Trace
from moderation.provenance.xmp import Property, properties

_IPTC = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
_PHOTOSHOP = "http://ns.adobe.com/photoshop/1.0/"
_XMP = "http://ns.adobe.com/xap/1.0/"
_DC = "http://purl.org/dc/elements/1.1/"
_EXIF = "http://ns.adobe.com/exif/1.0/"
_TC260 = "tc260.org.cn"
_AI_FIELDS = ("AISystemUsed", "AISystemVersionUsed", "AIPromptInformation", "AIPromptWriterName")
# "Made with Google AI", "Edited with AI", and the one that says it without the word. Ai is a name as well: in
# capitals, and after "by" nothing may follow it.
_AI_CREDIT = re.compile(
    r"\b(?i:generated)\s+(?i:with|by|using)\b.*\bAI\b"
    r"|\b(?i:made|created|edited)\s+(?:(?i:with|using)\b.*\bAI\b|(?i:by)\s+(?:\w+\s+)?AI\W*$)"
    r"|(?i:apple photos clean\s?up)"
)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def traces(packets: Iterable[bytes]) -> Iterator[Trace]:
    for packet in packets:
        found = properties(packet)
        system = next((each.value for each in found if each.name == "AISystemUsed"), None)
        for each in found:
            yield from _of(each, system)
        for word in data_mining(found):
            yield Trace(f"plus_datamining:{word}", where="XMP plus:DataMining", meaning=Meaning.OPT_OUT)


def _of(each: Property, system: str | None) -> Iterator[Trace]:
    where = f"XMP {each.name[:60]}"
    if each.namespace == _IPTC:
        yield from _iptc(each, where, system)
    elif each.namespace == _PHOTOSHOP and each.name == "Credit" and _credits_ai(each.value):
        part = bool(re.search(r"edited|clean", each.value, re.IGNORECASE))
        meaning = Meaning.EDITED if part else Meaning.GENERATED
        yield Trace(
            "xmp_credit", generators.named_in(each.value) or each.value[:100], where=where, meaning=meaning
        )
    elif each.namespace == _XMP and each.name == "CreatorTool":
        if generator := generators.named_in(each.value):
            yield Trace("xmp_creatortool", generator, where=where)
    elif _TC260 in each.namespace and each.name.upper() in {"AIGC", "LABEL"}:
        # JSON in one value, or a structure whose fields stand by themselves.
        yield tc260(each.value, where) if each.name.upper() == "AIGC" else tc260_label(each.value, where)
    elif each.namespace == _EXIF and each.name == "UserComment":
        if found := recognise(each.value):  # Draw Things
            yield trace_of(found, each.value, where, in_user_comment=True)
    elif each.namespace == _DC:
        yield from _dublin_core(each, where)


def _iptc(each: Property, where: str, system: str | None) -> Iterator[Trace]:
    if each.name.lower() in {"digitalsourcetype", "digitalsourcefiletype"}:
        name = concept(each.value)
        if name in GENERATIVE:
            meaning = Meaning.GENERATED if name in GENERATED else Meaning.EDITED
            yield Trace(f"xmp_dst:{name}", where=where, meaning=meaning)
    elif each.name in _AI_FIELDS:
        prompt = clipped(each.value) if each.name == "AIPromptInformation" else None
        named = each.value[:100] if each.name == "AISystemUsed" else system
        yield Trace(f"iptc2025_{each.name}", named, where=where, prompt=prompt)
    elif each.name == "DigImageGUID" and _UUID.fullmatch(each.value.strip()):
        # Midjourney writes its job here, and so do some stock libraries their own numbers.
        yield Trace("xmp_digimageguid", None, weak=True, where=where)


def _credits_ai(credit: str) -> bool:
    return bool(_AI_CREDIT.search(credit)) or generators.named_in(credit) is not None


def _dublin_core(each: Property, where: str) -> Iterator[Trace]:
    found = recognise(each.value)
    if found and found.kind in {Kind.MIDJOURNEY, Kind.A1111}:
        yield trace_of(found, each.value, where)
    elif generator := generators.hinted_in(each.value):
        yield Trace(f"generator_name:dc:{each.name[:30]}", generator, weak=True, where=where)
