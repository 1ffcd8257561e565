"""Take an entry through all checks in this process, by the same steps as the worker."""

from moderation.models import Screening, Verdict
from moderation.screening import run_stage
from moderation.stages import begin, next_stage
from submissions.models import Entry


def screen_now(entry: Entry) -> Verdict:
    return finish(begin(entry))


def finish(screening: Screening) -> Verdict:
    stage: str | None = next_stage(screening)
    while stage is not None:
        stage = run_stage(screening, stage)
    screening.entry.refresh_from_db()
    return Verdict.objects.get(screening=screening)
