"""Where an entry can be, and the moves between. A table you can read aloud."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    DRAFT = "draft", _("Draft")
    RECEIVED = "received", _("Being checked")
    HELD = "held", _("With a person")
    HUNG = "hung", _("Accepted")
    REJECTED = "rejected", _("Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")


MOVES: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.RECEIVED, State.WITHDRAWN}),
    State.RECEIVED: frozenset({State.HELD, State.HUNG, State.REJECTED, State.WITHDRAWN}),
    State.HELD: frozenset({State.HUNG, State.REJECTED, State.RECEIVED, State.WITHDRAWN}),
    State.HUNG: frozenset(
        {State.HUNG, State.HELD, State.REJECTED, State.WITHDRAWN}
    ),  # or in the other category
    State.REJECTED: frozenset({State.HELD, State.HUNG}),
    State.WITHDRAWN: frozenset(),
}
