"""Statements with the findings that speak for or against them, taken through the check of the statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from matching.models import Proof, ProofKind, Work
from moderation.checks import statement
from moderation.checks.look import Look
from moderation.verdicts import Finding, Lane, Outcome
from submissions.models import Contest, Disclosure, Entry, LicenceClass, ProcessFile, ProcessRole, User
from submissions.rules import AILevel, Rules
from submissions.states import State
from tests.factories import make_artwork, make_disclosure, make_draft

OWN = {"model_words": "My own model", "licence_class": LicenceClass.PUBLIC_DOMAIN}
MIDJOURNEY = {"model": "midjourney", "version": "6", "licence_class": LicenceClass.UNKNOWN}


def credentials(origin: str, **data: Any) -> Finding:
    told = {"origin": origin, "integrity": "intact", "flags": [], "vouched": False, **data}
    return Finding("provenance", Lane.PROVENANCE, Outcome.CLEAR, f"provenance.{origin}", told)


def no_credentials() -> Finding:
    return Finding("provenance", Lane.PROVENANCE, Outcome.CLEAR, "provenance.none", {"integrity": "none"})


def camera(**data: Any) -> Finding:
    return credentials("captured", vouched=True, generator="Leica M11-P", **data)


def trace(*generators: str, meaning: str = "generated", prompts: Sequence[str] = ()) -> Finding:
    traces = [{"generator": one, "meaning": meaning, "weak": False, "key": "k"} for one in generators]
    code = "traces.weak" if meaning == "processed" else "traces.generator"
    data = {"generators": list(generators), "traces": traces, "prompts": list(prompts)}
    return Finding("traces", Lane.PROVENANCE, Outcome.CLEAR, code, data)


def estimate(outcome: Outcome = Outcome.FLAG, medium: str = "photograph", by: str = "estimate") -> Finding:
    data = {"medium": medium, "medium_by": by}
    return Finding("synthetic", Lane.SYNTHETIC, outcome, "synthetic.signs_of_generation", data, score=0.9)


def duplicate(*, same_entrant: bool) -> Finding:
    data = {"same_entrant": same_entrant, "same_contest": True}
    return Finding("duplicate", Lane.FILE, Outcome.FLAG, "duplicate.same_picture", data)


def copy_of(work: Work) -> Finding:
    data = {"work": str(work.public_id), "reference": work.title}
    return Finding("registry", Lane.COPY, Outcome.FLAG, "copy.verified", data)


def prove_signed(work: Work) -> None:
    evidence = {"kind": "c2pa", "signer_name": "Studio Seo"}
    Proof.objects.create(artist=work.artist, work=work, kind=ProofKind.SIGNED_ORIGINAL, evidence=evidence)


@dataclass
class Stated:
    """An entry with its statement and what the other checks found of its first picture."""

    findings: Sequence[Finding] = ()
    level: AILevel = AILevel.NONE
    tools: Sequence[Mapping[str, Any]] = ()
    content: bytes | None = None
    entrant: User | None = None
    contest: Contest | None = None
    second: Sequence[Finding] = ()  # found of a second picture
    rules: Rules | None = None
    said: dict[str, Any] = field(default_factory=dict)

    def entry(self) -> Entry:
        draft = make_draft(entrant=self.entrant, contest=self.contest)
        now = timezone.now()
        Entry.objects.filter(pk=draft.pk).update(state=State.RECEIVED, submitted_at=now)
        draft.refresh_from_db()
        make_artwork(draft, content=self.content)
        if self.second:
            make_artwork(draft, position=1)
        return draft

    def look(self, entry: Entry | None = None) -> Look:
        entry = entry or self.entry()
        version = entry.disclosures.count() + 1
        disclosure = make_disclosure(entry, level=self.level, tools=self.tools, version=version, **self.said)
        pictures = [artwork.pk for artwork in entry.artworks.all()]
        found = [_of(one, pictures[0]) for one in self.findings]
        found += [_of(one, pictures[1]) for one in self.second]
        return Look(entry, disclosure, tuple(found), self.rules)

    def contradictions(self, entry: Entry | None = None) -> list[Finding]:
        return [one for one in statement.run(self.look(entry)) if one.outcome != Outcome.CLEAR]


def _of(finding: Finding, artwork: int) -> Finding:
    return Finding(**{**vars(finding), "artwork": artwork})


def add_reference(entry: Entry, content: bytes, *, role: ProcessRole = ProcessRole.REFERENCE) -> None:
    file = ProcessFile(
        entry=entry, role=role, original_name="mood.png", size=len(content), sha256=f"{len(content):064}"
    )
    file.original.save("mood", ContentFile(content), save=False)
    file.save()


def state_before(entry: Entry, **said: Any) -> Disclosure:
    return make_disclosure(entry, version=entry.disclosures.count() + 1, **said)


def earlier(entry: Entry) -> None:
    """Let ``entry`` have been handed in an hour ago."""
    Entry.objects.filter(pk=entry.pk).update(submitted_at=timezone.now() - timedelta(hours=1))
