"""The checks over a draft, for its entrant's eyes: what its files say of themselves, and dry runs.

Nothing of it is a finding: no screening, no verdict, no case. Signs of generation and likenesses of style are
not even looked for: an answer to them, asked again and again, would teach how to pass them.
"""

from collections.abc import Iterable, Sequence
from typing import BinaryIO, cast

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.db import DatabaseError
from django.utils import timezone

from moderation import provenance as reader
from moderation.checks import CHECKS, Look
from moderation.credentials.trusting import lists_for
from moderation.provenance import Meaning, Origin, Provenance, Trace
from moderation.verdicts import Finding, Lane, Outcome
from moderation.wording.facts import tool as tool_words
from submissions import catalogue
from submissions.models import Disclosure, DryRun, Entry, FileReading, TrialAnswer
from submissions.nudging import count_attempt
from submissions.rules import AILevel
from submissions.states import State
from submissions.trials import fingerprint_of

log = structlog.get_logger(__name__)

READ_TASK, RUN_TASK = "moderation.tasks.read_draft", "moderation.tasks.dry_run"
TRIED = ("file", "provenance", "traces", "duplicate", "registry", "statement")
MOST_TOOLS = 5
MOST_PROMPT = 20_000  # characters, as the form takes them

LEVELS = {Origin.AI_GENERATED: AILevel.GENERATED, Origin.AI_COMPOSITE: AILevel.EDITED}
NOT_GENERATED = (AILevel.NONE, AILevel.ASSISTIVE)
SAYS_AI = {
    "statement.none_but_credentials_say_ai",
    "statement.none_but_generator_trace",
    "statement.assistive_but_part_generated",
}


def read_file(reading: FileReading) -> None:
    """Read one picture's credentials and traces, and keep what they propose for the statement."""
    if reading.read_at is not None:
        return
    if not count_attempt(reading):
        FileReading.objects.filter(pk=reading.pk).update(read_at=timezone.now())
        return
    artwork = reading.artwork
    with artwork.original.open("rb") as opened:
        file = cast("BinaryIO", opened)
        said = reader.read(file, trust=lists_for(artwork.entry.contest.organization))
        traces = [
            trace for trace in reader.read_traces(file, name=artwork.original_name) if trace.speaks_of_ai
        ]
    FileReading.objects.filter(pk=reading.pk, read_at=None).update(
        signed=said.says_ai,
        level=_level(said, traces),
        tools=_tools(_names(said, traces)),
        prompts="\n\n".join(trace.prompt for trace in traces if trace.prompt)[:MOST_PROMPT].replace("\0", ""),
        read_at=timezone.now(),
    )


def _level(said: Provenance, traces: Sequence[Trace]) -> str:
    """The least that fits: credentials before traces, and an edit before a whole picture."""
    if said.says_ai:
        return LEVELS[said.origin]
    if not traces:
        return ""
    whole = any(trace.meaning == Meaning.GENERATED for trace in traces)
    return AILevel.GENERATED if whole else AILevel.EDITED


def _names(said: Provenance, traces: Sequence[Trace]) -> list[str]:
    """Tools that the file names as having generated; who signed is one only where no step names its own."""
    signed: list[str | None] = []
    if said.says_ai:
        signed = [*said.agents] or [said.generator]
    return [name for name in (*signed, *(trace.generator for trace in traces)) if name]


def _tools(names: Iterable[str]) -> list[dict[str, str]]:
    """Each once, by the catalogue where it knows them; an interface runs any model, so it stays words."""
    found: dict[str, dict[str, str]] = {}
    for name in names:
        resolved = catalogue.resolve(name)
        model = resolved.model
        if model is not None and model.role != catalogue.Role.INTERFACE:
            version = resolved.version.name if resolved.version else resolved.version_text
            found.setdefault(model.id, {"model": model.id, "model_words": "", "version": version[:80]})
        else:
            words = tool_words(name)[:200]
            found.setdefault(words.casefold(), {"model": "", "model_words": words, "version": ""})
    return list(found.values())[:MOST_TOOLS]


def run(trial: DryRun) -> None:
    """Answer one dry run; a draft that killed two workers is answered as one that could not be looked at."""
    if trial.finished_at is not None:
        return
    entry = trial.entry
    disclosure = entry.disclosure if entry is not None else None
    if entry is None or disclosure is None or entry.state != State.DRAFT or not disclosure.level:
        _answer(trial, [])  # gone or handed in meanwhile: the desk itself answers then
    elif not count_attempt(trial):
        _answer(trial, [TrialAnswer.COULD_NOT_LOOK])
    else:
        looked_at = fingerprint_of(entry)  # the draft may have changed since it was asked about
        _answer(trial, answers(disclosure, look_over(entry, disclosure)), looked_at)


def look_over(entry: Entry, disclosure: Disclosure) -> tuple[Finding, ...]:
    """What the checks see, kept nowhere; ``entry`` is looked at as if it were handed in now."""
    entry.submitted_at = timezone.now()  # in memory: "earlier" is asked of it
    look = Look(entry, disclosure, rules=entry.contest.policy.rules)
    for name in TRIED:
        try:
            look.findings = (*look.findings, *CHECKS[name].run(look))
        except (OSError, DatabaseError, SoftTimeLimitExceeded):
            raise  # it is tried again, and was counted
        except Exception:
            log.exception("check of a dry run failed", check=name, entry=entry.pk)
            failed = Finding(name, CHECKS[name].LANE, Outcome.UNKNOWN, "check.failed", {"check": name})
            look.findings = (*look.findings, failed)
    return look.findings


def answers(disclosure: Disclosure, findings: Sequence[Finding]) -> list[TrialAnswer]:
    """Findings as the few coarse words of ``TrialAnswer``, each once."""
    said = {answer for finding in findings if (answer := _coarse(finding)) is not None}
    if disclosure.cloaks and AILevel(disclosure.level) in NOT_GENERATED:
        said.add(TrialAnswer.CLOAKED)
    if not said - {TrialAnswer.CLOAKED}:
        said.add(TrialAnswer.NOTHING)
    return [answer for answer in TrialAnswer if answer in said]


def _coarse(finding: Finding) -> TrialAnswer | None:
    if finding.outcome == Outcome.UNKNOWN:
        return TrialAnswer.COULD_NOT_LOOK
    if finding.outcome != Outcome.FLAG or finding.data.get("severity") == "note":
        return None
    if finding.lane == Lane.COPY:
        return TrialAnswer.LIKE_REGISTERED
    if finding.check == "duplicate":  # of another person's entry nothing is told
        return TrialAnswer.ENTERED_BEFORE if finding.data.get("same_entrant") else None
    if finding.code == "statement.another_persons_entry":
        return None
    if finding.lane == Lane.PROVENANCE:
        return TrialAnswer.CHANGED_AFTER_SIGNING
    return TrialAnswer.FILE_SAYS_AI if finding.code in SAYS_AI else TrialAnswer.DIFFERS


def _answer(trial: DryRun, said: Sequence[TrialAnswer], fingerprint: str = "") -> None:
    changed = {"fingerprint": fingerprint} if fingerprint else {}
    DryRun.objects.filter(pk=trial.pk, finished_at=None).update(
        answers=list(said), finished_at=timezone.now(), **changed
    )
