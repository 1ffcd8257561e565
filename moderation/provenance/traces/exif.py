"""Traces in EXIF fields, and in plain comments."""

import re
from collections.abc import Iterable, Iterator

from moderation.provenance import generators
from moderation.provenance.bytesource import ByteSource
from moderation.provenance.containers import Metadata
from moderation.provenance.containers.exif import texts
from moderation.provenance.traces.pngtext import tc260
from moderation.provenance.traces.prompts import Found, Kind, recognise
from moderation.provenance.values import Trace

_COMFY = re.compile(r"^(prompt|workflow)\s*:\s*(?=[{\[])", re.IGNORECASE)
_UUID = re.compile(r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", re.IGNORECASE)
_SIGNATURE = re.compile(r"^Signature:\s*[A-Za-z0-9+/=_\-]{40,}$", re.IGNORECASE)
_TOOL_FIELDS = {
    "Make",
    "Model",
    "Software",
    "HostComputer",
    "ImageEditingSoftware",
    "MetadataEditingSoftware",
}
_IN_USER_COMMENT = {
    Kind.A1111: "a1111_usercomment",
    Kind.FOOOCUS: "usercomment_json_generation",
    Kind.JSON: "usercomment_json_generation",
}


def traces(found: Metadata) -> Iterator[Trace]:
    sources = [ByteSource(block) for block in found.exif] + ([found.tiff] if found.tiff else [])
    for source in sources:
        fields = dict(texts(source))
        yield from _grok(fields)
        for name, value in fields.items():
            yield from _of(name, value)


def _grok(fields: dict[str, str]) -> Iterator[Trace]:
    if _UUID.match(fields.get("Artist", "")) and _SIGNATURE.match(fields.get("ImageDescription", "")):
        yield Trace("xai_grok_signature", "Grok", where="EXIF Artist and ImageDescription")


def _of(name: str, value: str) -> Iterator[Trace]:
    where = f"EXIF {name}"
    if comfy := _COMFY.match(value):
        found = recognise(value[comfy.end() :])
        yield Trace(
            f"comfyui_{comfy[1].lower()}", "ComfyUI", where=where, prompt=found.prompt if found else None
        )
        return
    if name == "MakerNote":
        if value.strip("\x00 ").lower() in {"fooocus", "a1111"}:  # Fooocus writes its scheme's name here
            yield Trace("fooocus", "Fooocus", where=where)
        return
    if found := recognise(value):
        yield trace_of(found, value, where, in_user_comment=name == "UserComment")
        return
    generator = generators.named_in(value) if name in _TOOL_FIELDS else None
    if generator == "Fooocus" and name == "Software":
        yield Trace("fooocus", "Fooocus", where=where)
    elif generator:
        yield Trace(f"generator_name:{where}", generator, where=where)
    elif hint := generators.hinted_in(value):
        yield Trace(f"generator_name:{where}", hint, weak=True, where=where)


def trace_of(found: Found, value: str, where: str, *, in_user_comment: bool = False) -> Trace:
    """The trace for generation parameters ``found`` in the text ``value``."""
    if found.kind is Kind.TC260:
        return tc260(value, where)
    key = _IN_USER_COMMENT.get(found.kind, found.kind) if in_user_comment else found.kind
    return Trace(str(key), found.generator, where=where, prompt=found.prompt)


def comment_traces(comments: Iterable[bytes]) -> Iterator[Trace]:
    """JPEG and GIF comments: older Fooocus kept its JSON there."""
    for comment in comments:
        text = comment.decode("utf-8", "replace").strip("\x00 \r\n")
        if found := recognise(text):
            yield trace_of(found, text, "comment")
        elif generator := generators.hinted_in(text):
            yield Trace("generator_name:comment", generator, weak=True, where="comment")
