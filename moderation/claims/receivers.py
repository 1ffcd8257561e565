"""Claims end with decisions and with entries that leave."""

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from moderation.claims import ending
from moderation.models import Case, Decision
from moderation.signals import decided
from submissions.models import Move
from submissions.states import State


@receiver(decided)
def conclude(case: Case, decision: Decision, remarks: frozenset[str] = frozenset(), **_kwargs: Any) -> None:
    ending.conclude(case, decision, remarks=remarks)


@receiver(post_save, sender=Move)
def leave(instance: Move, created: bool, **_kwargs: Any) -> None:
    if created and instance.new in (State.WITHDRAWN, State.REJECTED):
        ending.entry_left(instance.entry)
