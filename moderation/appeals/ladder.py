"""Where an entry may stand, from the worst to the best, and what an appeal may end with.

An appeal is decided between where the entry stood and what its entrant asks for, both included: whoever
appeals risks nothing. The database repeats it (``moderation.models.cases.NO_WORSE``). Knows no database.
"""

from moderation.models import AppealOutcome
from moderation.verdicts import Route
from submissions.rules import AILevel

LADDER = (Route.REJECT, Route.AI_APART, Route.AI, Route.HUMAN)


def between(stood: Route, asks: Route) -> tuple[Route, ...]:
    """What may be decided, beginning with where the entry stood."""
    low, high = sorted((LADDER.index(stood), LADDER.index(asks)))
    steps = LADDER[low : high + 1]
    return steps if steps[0] == stood else steps[::-1]


def outcome(stood: Route, asks: Route, decided: Route) -> AppealOutcome:
    """What a decision means for the appeal."""
    if decided == stood:
        return AppealOutcome.UPHELD
    return AppealOutcome.OVERTURNED if decided == asks else AppealOutcome.PARTLY


def asks(stood: Route, level: AILevel, *, has_ai_category: bool) -> tuple[Route, ...]:
    """What the entrant of an entry that stands at ``stood`` may ask for, the best first.

    A rejection may always be contested; what hangs only where it hangs otherwise than was stated. Who states
    that the work was generated asks for the AI category, where the contest has one.
    """
    if stood == Route.HUMAN:
        return (Route.AI,) if level == AILevel.GENERATED and has_ai_category else ()
    human = () if level == AILevel.GENERATED and has_ai_category else (Route.HUMAN,)
    ai = {
        Route.REJECT: (Route.AI, Route.AI_APART) if has_ai_category else (),
        Route.AI_APART: (Route.AI,),
    }.get(stood, ())
    return (*human, *ai)
