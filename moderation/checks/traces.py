"""Traces that generators leave outside Content Credentials: text chunks, EXIF, XMP, hidden pixels."""

from moderation import provenance as reader
from moderation.checks.look import ArtworkLook, Look
from moderation.provenance import Meaning
from moderation.verdicts import Finding, Lane, Outcome

NAME = "traces"
LANE = Lane.PROVENANCE
VERSION = reader.VERSION


def run(look: Look) -> list[Finding]:
    return [_read(artwork) for artwork in look.artworks]


def _read(look: ArtworkLook) -> Finding:
    with look.original() as file:
        found = reader.read_traces(file, name=look.artwork.original_name)
    traces = [trace for trace in found if trace.meaning != Meaning.OPT_OUT]  # that is for ``provenance``
    speaking = [trace for trace in traces if trace.speaks_of_ai]
    code = "traces.generator" if speaking else "traces.weak" if traces else "traces.none"
    generators = list(dict.fromkeys(trace.generator for trace in speaking if trace.generator))
    return Finding(
        NAME,
        LANE,
        Outcome.CLEAR,  # a trace speaks of a tool; whether that contradicts the statement, ``statement`` says
        code,
        {
            "generators": generators,
            "traces": [trace.as_json() for trace in traces],
            # Private to the entrant and those who judge.
            "prompts": [trace.prompt for trace in traces if trace.prompt],
        },
        artwork=look.pk,
        versions={"check": VERSION},
    )
