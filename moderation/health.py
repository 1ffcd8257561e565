"""Is everything there that the house needs? Each look is bounded in time and says one line."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from celery import current_app
from django.conf import settings
from django.contrib.humanize.templatetags.humanize import naturaltime
from django.db import DatabaseError, connection
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from kombu.exceptions import OperationalError

from matching.models import Change, Work
from moderation import detector
from moderation.models import Case, Screening
from moderation.provenance import TrustLists
from moderation.queueing import waiting_messages
from submissions.states import State

PATIENCE = 2  # seconds for the broker, and for workers to answer


@dataclass(frozen=True)
class Look:
    """What one look saw. ``is_well`` is None where there is nothing to be well or ill about."""

    name: str | Promise
    says: str
    is_well: bool | None = None


def everything() -> list[tuple[str | Promise, list[Look]]]:
    """Every look, by group. A broker that is out of reach is asked only once."""
    reached = broker()
    servers = [database(), reached, workers() if reached.is_well else _unasked(gettext_lazy("Workers"))]
    return [
        (gettext_lazy("Servers"), servers),
        (gettext_lazy("Work"), [*(queue_lengths() if reached.is_well else []), *(_work())]),
        (gettext_lazy("What the checks rest on"), [*trust_lists(), weights(), head(), *index()]),
    ]


def database() -> Look:
    name = gettext_lazy("Database")
    try:
        with connection.cursor() as cursor:
            cursor.execute("show server_version")
            (version,) = cursor.fetchone()
    except DatabaseError:
        return Look(name, _("out of reach"), is_well=False)
    return Look(name, f"PostgreSQL {version}", is_well=True)


def broker() -> Look:
    name = gettext_lazy("Broker")
    try:
        with current_app.connection_for_read() as broker_connection:
            broker_connection.ensure_connection(max_retries=1, timeout=PATIENCE)
    except (OperationalError, OSError):
        return Look(name, _("out of reach; what arrives is kept and checked later"), is_well=False)
    return Look(name, _("answers"), is_well=True)


def workers() -> Look:
    name = gettext_lazy("Workers")
    try:
        answers = current_app.control.ping(timeout=PATIENCE / 2)
    except (OperationalError, OSError):
        answers = []
    if not answers:
        return Look(name, _("none answered"), is_well=False)
    return Look(name, ", ".join(sorted(worker for answer in answers for worker in answer)), is_well=True)


def queue_lengths() -> list[Look]:
    try:
        lengths = waiting_messages()
    except (OperationalError, OSError):
        return []
    title = _("Messages in queue “%(name)s”")
    return [Look(title % {"name": name}, number_format(length)) for name, length in lengths.items()]


def _work() -> list[Look]:
    unfinished = Screening.objects.unfinished().filter(entry__state=State.RECEIVED)
    oldest = unfinished.order_by("created").values_list("created", flat=True).first()
    said = _("none")
    if oldest is not None:
        facts = {"number": unfinished.count(), "when": naturaltime(oldest)}
        said = _("%(number)s, the oldest from %(when)s") % facts
    return [
        Look(gettext_lazy("Screenings under way"), said),
        Look(gettext_lazy("Open cases"), number_format(Case.objects.open().count())),
    ]


def trust_lists() -> list[Look]:
    """The lists on disk now; a worker keeps the ones it started with."""
    lists = TrustLists.load(*settings.TRUST_DIRS)
    problems = [Look(Path(path).name, problem, is_well=False) for path, problem in lists.problems.items()]
    if not lists.lists and not problems:
        return [Look(gettext_lazy("Trust lists"), _("none: no signer is recognised"), is_well=False)]
    found = [
        Look(each.name, _("version %(version)s") % {"version": each.version}, is_well=True)
        for each in lists.lists
    ]
    return [*found, *problems]


def weights() -> Look:
    name = gettext_lazy("Model that sees")
    if settings.CLIP_WEIGHTS:
        return Look(name, f"{settings.CLIP_ARCHITECTURE}, {Path(settings.CLIP_WEIGHTS).name}")
    files = sorted(path.name for path in settings.MODELS_DIR.glob("*") if path.is_file())
    if not files:
        return Look(name, _("no weights on this machine"), is_well=False)
    return Look(name, f"{settings.CLIP_ARCHITECTURE}, {', '.join(files)}", is_well=True)


def head() -> Look:
    name = gettext_lazy("Detector")
    try:
        return Look(name, detector.model_version(), is_well=True)
    except detector.HeadError as error:
        return Look(name, str(error), is_well=False)


def index() -> list[Look]:
    """The registry in the database, which is the truth, and the newest snapshot beside it."""
    last = Change.objects.order_by("-pk").first()
    changed = (
        _("change %(number)s, %(when)s") % {"number": last.pk, "when": naturaltime(last.at)} if last else "–"
    )
    snapshots = [path for path in settings.INDEX_DIR.glob("*") if path.is_file()]
    newest = max((path.stat().st_mtime for path in snapshots), default=None)
    return [
        Look(gettext_lazy("Protected works"), number_format(Work.objects.matchable().count())),
        Look(gettext_lazy("Registry's last change"), changed),
        Look(
            gettext_lazy("Newest snapshot of the index"),
            naturaltime(datetime.fromtimestamp(newest, UTC)) if newest else _("none yet"),
        ),
    ]


def _unasked(name: str | Promise) -> Look:
    return Look(name, _("cannot be asked without the broker"), is_well=False)
