"""Claims in plain words, for each side."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from moderation.models import Claim, ClaimEnd, ClaimOutcome
from submissions.models import User
from submissions.states import State

TO_ARTIST: Mapping[str, Promise] = {
    ClaimOutcome.UPHELD: gettext_lazy(
        "Your claim was upheld: the entry repeats your work and is no longer accepted."
    ),
    ClaimOutcome.DISMISSED: gettext_lazy(
        "Your claim was dismissed: nothing is taken from the entry because of it."
    ),
    ClaimOutcome.INVALID: gettext_lazy(
        "Your claim was found plainly unfounded. That counts against your later claims."
    ),
    ClaimOutcome.WITHDRAWN: gettext_lazy("You withdrew your claim."),
    ClaimOutcome.LAPSED: gettext_lazy(
        "Nobody decided your claim in time, so it ended in the entrant's favour. It does not count against "
        "you."
    ),
    ClaimOutcome.MOOT: gettext_lazy("The entry left the wall before your claim was decided."),
}
TO_ENTRANT: Mapping[str, Promise] = {
    ClaimOutcome.UPHELD: gettext_lazy("The claim was upheld. Your entry is no longer accepted."),
    ClaimOutcome.DISMISSED: gettext_lazy("The claim was dismissed."),
    ClaimOutcome.INVALID: gettext_lazy("The claim was found plainly unfounded."),
    ClaimOutcome.WITHDRAWN: gettext_lazy("The artist withdrew the claim."),
    ClaimOutcome.LAPSED: gettext_lazy("Nobody decided the claim in time, so it ended in your favour."),
    ClaimOutcome.MOOT: gettext_lazy("Your entry left the wall before the claim was decided."),
}


def to_artist(end: ClaimEnd) -> str:
    return str(TO_ARTIST[end.outcome])


def to_entrant(end: ClaimEnd) -> str:
    """How it ended, and where the entry stands now."""
    entry = end.claim.entry
    said = str(TO_ENTRANT[end.outcome])
    if entry.state == State.HUNG and entry.category:
        return f"{said} " + _("Your entry hangs in “%(category)s”.") % {"category": entry.category}
    if entry.state == State.HELD:
        return f"{said} " + _("Another question about your entry is still open, so it does not hang yet.")
    return said


def state(claim: Claim, end: ClaimEnd | None) -> str:
    """Where a claim stands, in one or two words."""
    if end is not None:
        return str(ClaimOutcome(end.outcome).label)
    if hasattr(claim, "answer"):
        return _("Answered, to be decided")
    return _("Waits for the answer") if timezone.now() <= claim.answer_until else _("To be decided")


def when(moment: datetime, reader: User) -> str:
    """A moment on the reader's own clock, which is named."""
    local = moment.astimezone(ZoneInfo(reader.time_zone))
    return f"{date_format(local, 'DATETIME_FORMAT')} ({reader.time_zone})"
