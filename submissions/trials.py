"""Dry runs: an entrant asks what the desk would find, before handing anything in.

The answers are coarse, and few a day: whoever could ask without end would learn where the marks lie.
"""

import hashlib
import json
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from submissions.completeness import Lack
from submissions.intake import Incomplete, NotADraft
from submissions.models import DryRun, Entry, User
from submissions.signals import dry_run_asked
from submissions.states import State

DAY = timedelta(days=1)


class TooMany(Exception):
    """The person has asked as often as one may in a day."""


def ask(entry: Entry, *, by: User) -> DryRun:
    """Note the question; a worker answers it. Raises ``TooMany``, ``Incomplete`` or ``NotADraft``."""
    if entry.entrant_id != by.pk:
        raise PermissionError("only its entrant tries an entry")
    with transaction.atomic():
        User.objects.select_for_update().get(pk=by.pk)  # two presses of the button are counted one by one
        locked = Entry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
        if locked.state != State.DRAFT:
            raise NotADraft(entry.pk)
        if missing := _lacks(locked):
            raise Incomplete(missing)
        fingerprint = fingerprint_of(locked)
        same = locked.dry_runs.filter(fingerprint=fingerprint).order_by("-pk").first()
        if same is not None and (same.finished_at is None or same.asked_at > timezone.now() - DAY):
            return same  # nothing has changed: the answer is there, or is coming
        if left(by) <= 0:
            raise TooMany
        run = DryRun.objects.create(entrant=by, entry=locked, fingerprint=fingerprint)
        transaction.on_commit(partial(dry_run_asked.send_robust, sender=DryRun, run=run))
    return run


def left(person: User) -> int:
    """How often the person may ask today: a day is the last 24 hours."""
    asked = DryRun.objects.filter(entrant=person, asked_at__gt=timezone.now() - DAY).count()
    return max(0, int(settings.DRY_RUNS_A_DAY) - asked)


def latest(entry: Entry) -> DryRun | None:
    return entry.dry_runs.order_by("-pk").first()


def unanswered() -> QuerySet[DryRun]:
    return DryRun.objects.filter(finished_at=None)


def fingerprint_of(entry: Entry) -> str:
    """Of everything that a dry run looks at: the pictures, and the statement with its tools."""
    disclosure = entry.disclosure
    statement: list[object] = []
    if disclosure is not None:
        left_out = {"id", "created", "disclosure", "entry"}
        for row in (disclosure, *disclosure.tools.all()):
            fields = [field for field in row._meta.concrete_fields if field.name not in left_out]
            statement.append({field.name: getattr(row, field.attname) for field in fields})
    pictures = sorted(entry.artworks.values_list("sha256", flat=True))
    told = json.dumps([pictures, statement], cls=DjangoJSONEncoder, sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


def _lacks(entry: Entry) -> list[Lack]:
    """A dry run needs a picture and a level; the rest may still be missing."""
    found = []
    if not entry.artworks.exists():
        found.append(Lack("files", _("Add at least one picture.")))
    disclosure = entry.disclosure
    if disclosure is None or not disclosure.level:
        found.append(Lack("level", _("Say how far AI was used.")))
    return found
