"""XMP packets as a flat list of properties, matched by namespace since prefixes differ from tool to tool."""

import re
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError  # types only; parsing is defusedxml's

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_MAX_PACKET = 4 << 20
_MAX_ELEMENTS = 20_000
_PACKET = re.compile(rb"<(?:\w+:)?xmpmeta\b.*?</(?:\w+:)?xmpmeta\s*>|<rdf:RDF\b.*?</rdf:RDF\s*>", re.DOTALL)

# For packets that no parser takes: the few properties that matter, by local name, as attribute or element.
_LOOSE_NAMES = {
    "DigitalSourceType": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "DigitalSourceFileType": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "AISystemUsed": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "DataMining": "http://ns.useplus.org/ldf/xmp/1.0/",
    "CreatorTool": "http://ns.adobe.com/xap/1.0/",
    "Credit": "http://ns.adobe.com/photoshop/1.0/",
    "AIGC": "http://www.tc260.org.cn/ns/AIGC/1.0/",
}
_LOOSE = re.compile(
    r"\w+:(" + "|".join(_LOOSE_NAMES) + r")"
    r"(?:\s*=\s*[\"']([^\"'<>]{1,2000})"  # as an attribute
    r"|\s+rdf:resource\s*=\s*[\"']([^\"'<>]{1,2000})"
    r"|\s*>\s*([^<]{1,2000}))"
)


@dataclass(frozen=True)
class Property:
    namespace: str
    name: str
    value: str


def properties(packet: bytes) -> tuple[Property, ...]:
    """Every property of ``packet``: attributes, element texts, resources and list items.

    Entities are refused, whatever they say. A packet that cannot be parsed is searched for the properties
    that matter, so that a broken bracket hides nothing.
    """
    packet = packet[:_MAX_PACKET].strip(b"\x00 \r\n\t")
    found = _PACKET.search(packet)
    try:
        root = fromstring(found.group() if found else packet)
    except (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError):
        return _loosely(packet)
    return tuple(_walk(root))


def _walk(root: Element) -> list[Property]:
    found: list[Property] = []
    waiting: list[tuple[Element, tuple[str, str]]] = [(root, ("", ""))]
    while waiting and len(found) < _MAX_ELEMENTS:
        element, owner = waiting.pop()
        namespace, name = _split(str(element.tag))
        # rdf:Seq, rdf:Bag, rdf:li hold the value of the property around them.
        owner = owner if namespace == _RDF else (namespace, name)
        for key, value in element.attrib.items():
            about = owner if key == f"{{{_RDF}}}resource" else _split(key)
            if about[0] != _RDF:
                found.append(Property(*about, value.strip()))
        if element.text and element.text.strip():
            found.append(Property(*owner, element.text.strip()))
        waiting.extend((child, owner) for child in reversed(element))
    return found


def _split(tag: str) -> tuple[str, str]:
    namespace, closed, name = tag.partition("}")
    return (namespace[1:], name) if closed else ("", tag)


def _loosely(packet: bytes) -> tuple[Property, ...]:
    text = packet.decode(_encoding(packet), "replace")
    return tuple(
        Property(_LOOSE_NAMES[match[1]], match[1], (match[2] or match[3] or match[4]).strip())
        for match in _LOOSE.finditer(text)
    )


def _encoding(packet: bytes) -> str:
    if packet.startswith((b"\xfe\xff", b"\x00<")):
        return "utf-16-be"
    return "utf-16-le" if packet.startswith((b"\xff\xfe", b"<\x00")) else "utf-8"
