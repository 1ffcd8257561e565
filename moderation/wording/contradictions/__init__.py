"""Words of every named contradiction, by family as in ``moderation.checks.statement``.

A contradiction is no accusation: the entrant's sentence says what form and file say and, where there is an
innocent explanation, names it; the reviewer's tells the facts it rests on and what else may explain them.
"""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from moderation.wording.contradictions.amending import AMENDING
from moderation.wording.contradictions.capture import CAPTURE
from moderation.wording.contradictions.data import DATA
from moderation.wording.contradictions.dates import DATES
from moderation.wording.contradictions.origin import ORIGIN
from moderation.wording.contradictions.people import PEOPLE
from moderation.wording.contradictions.tools import TOOLS
from moderation.wording.contradictions.works import WORKS
from moderation.wording.words import Words

CONTRADICTIONS: Mapping[str, Words] = {
    "statement.consistent": Words(
        _("Statement and evidence agree"),
        (_("Nothing that the checks found speaks against your statement."),),
        (_("No finding speaks against the statement."),),
    ),
    **ORIGIN,
    **CAPTURE,
    **TOOLS,
    **DATA,
    **DATES,
    **PEOPLE,
    **WORKS,
    **AMENDING,
}
