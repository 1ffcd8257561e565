"""Appeals as pages show them: to the entrant, to those who decide, to those who may not."""

from dataclasses import dataclass

from moderation import seconding
from moderation.appeals import judgements
from moderation.appeals.judgements import Judgement
from moderation.models import Appeal, AppealEnd, Case, CaseKind
from submissions import previews
from submissions.models import Entry, ProcessFile, ProcessRole


@dataclass(frozen=True)
class Shown:
    """An appeal with its files, what was judged before, and how it ended."""

    appeal: Appeal
    files: list[ProcessFile]
    end: AppealEnd | None
    told: tuple[str, ...] = ()
    """In which words a person had judged before."""

    @property
    def was_waived(self) -> bool:
        """Whether its category was closed meanwhile."""
        return self.appeal.waivers.exists()


@dataclass(frozen=True)
class OwnAppeals:
    """What an entrant sees on an entry's page: what they may do, and what became of earlier appeals."""

    judgement: Judgement | None
    appeals: list[Shown]

    @property
    def may_appeal(self) -> bool:
        return self.judgement is not None and self.judgement.bar is None


def of(entry: Entry) -> list[Shown]:
    """All appeals of ``entry``, the newest first."""
    found = entry.appeals.select_related("end", "decision", "verdict__screening__policy").order_by("-pk")
    return [_shown(appeal) for appeal in found]


def of_case(case: Case) -> Shown | None:
    """The appeal that ``case`` is about, where it is about one."""
    if case.kind != CaseKind.APPEAL:
        return None
    found = Appeal.objects.select_related("end", "decision", "verdict__screening__policy")
    appeal = found.filter(case=case).first()
    return _shown(appeal) if appeal else None


def own(entry: Entry) -> OwnAppeals:
    return OwnAppeals(judgements.in_force(entry), of(entry))


def _shown(appeal: Appeal) -> Shown:
    files = ProcessFile.objects.filter(
        entry=appeal.entry_id, role=ProcessRole.APPEAL, sha256__in=appeal.evidence
    )
    told = seconding.said(appeal.decision).reasons
    return Shown(appeal, previews.of(files), getattr(appeal, "end", None), told)
