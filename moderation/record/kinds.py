"""Which tables the chain is of. A model joins by its trigger; nothing is listed here."""

from dataclasses import dataclass
from functools import cache

from django.apps import apps
from django.db import models

from submissions.models import Chained


@dataclass(frozen=True)
class Kind:
    model: type[models.Model]
    chained: Chained

    @property
    def table(self) -> str:
        return self.model._meta.db_table


@cache
def kinds() -> dict[str, Kind]:
    """Every kind of link by its name."""
    found = {}
    for model in apps.get_models():
        for trigger in getattr(model._meta, "triggers", ()):
            if isinstance(trigger, Chained):
                found[trigger.kind] = Kind(model, trigger)
    return found
