"""What a stored estimate means where a contest allows more, or fewer, false accusations."""

from dataclasses import replace
from typing import Final

from moderation import detector
from moderation.detector import Band, HeadError, Medium, Silence
from moderation.verdicts import Finding, Lane, Outcome
from submissions.rules import Rules

# All that is read of an estimate's data.
MEASURED: Final = ("logit", "medium", "budget", "reason")
# Silences that no budget ends: their cause lies outside the picture.
_OUTSIDE: Final = (Silence.CLOAKED, Silence.DRIFT)


def as_budgeted(finding: Finding, rules: Rules) -> Finding:
    """``finding`` as its check would have said it under the budgets of ``rules``.

    All but estimates stay as they are, and so do those that another head made: their values mean something
    else.
    """
    data = finding.data
    if finding.lane != Lane.SYNTHETIC or data.get("logit") is None or data.get("reason") in _OUTSIDE:
        return finding
    medium = str(data.get("medium") or "")
    if medium not in list(Medium) or rules.budget(medium) == data.get("budget"):
        return finding
    try:
        judged = detector.judge_again(
            str(finding.versions.get("model")),
            float(data["logit"]),
            Medium(medium),
            budget=rules.budget(medium),
        )
    except HeadError:
        return finding
    if judged is None:
        return finding
    outcome = Outcome.FLAG if judged.band == Band.SIGNS else Outcome.CLEAR
    return replace(
        finding, outcome=outcome, code=f"synthetic.{judged.band}", data=dict(data) | judged.as_json()
    )
