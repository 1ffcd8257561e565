"""Traces that generators leave outside C2PA: texts, EXIF, XMP, bits in pixels, trailers, file names."""

from typing import BinaryIO

from moderation.provenance.bytesource import ByteSource
from moderation.provenance.containers import metadata
from moderation.provenance.sniffing import media_type
from moderation.provenance.traces import exif, filename, pngtext, stealth, trailer, xmpfields
from moderation.provenance.values import Trace

_MAX_TRACES = 100


def read_traces(file: BinaryIO | bytes, *, name: str | None = None) -> tuple[Trace, ...]:
    """Every trace in ``file``, each key once. ``name`` is the uploaded file's name, good for weak hints only.

    Never raises for bad bytes; the file stays open and stands at its start afterwards.
    """
    source = ByteSource(file)
    media = media_type(source)
    found = metadata(source, media)
    traces = [
        *pngtext.traces(found.texts),
        *exif.traces(found),
        *xmpfields.traces(found.xmp),
        *exif.comment_traces(found.comments),
        *stealth.traces(source, media),
        *trailer.traces(source),
        *filename.traces(name),
    ]
    source.rewind()
    return _distinct(traces)


def _distinct(traces: list[Trace]) -> tuple[Trace, ...]:
    """Each key once, the strongest first; a bare name only where nothing better names that generator."""
    named = {trace.generator for trace in traces if not trace.weak and not _is_name(trace)}
    kept: dict[str, Trace] = {}
    for trace in sorted(traces, key=lambda trace: trace.weak):
        if _is_name(trace):
            if trace.generator in named:
                continue
            named.add(trace.generator)
        before = kept.get(trace.key)
        if before is None or (
            before.prompt is None and trace.prompt is not None and before.weak == trace.weak
        ):
            kept[trace.key] = trace
    return tuple(kept.values())[:_MAX_TRACES]


def _is_name(trace: Trace) -> bool:
    return trace.key.startswith("generator_name:")


__all__ = ["read_traces"]
