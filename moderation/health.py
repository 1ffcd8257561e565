"""Is everything there that the house needs? Each look is bounded in time and says one line."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from celery import current_app
from django.conf import settings
from django.contrib.humanize.templatetags.humanize import naturaltime
from django.db import DatabaseError, connection
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from kombu.exceptions import OperationalError

from matching import live
from matching.models import Change, Work
from moderation import detector
from moderation.credentials.authority import signs_for
from moderation.models import Case, Screening, TrustedAuthority
from moderation.provenance import TrustList, TrustLists
from moderation.provenance.listkeeping import Kept, kept
from moderation.provenance.signing import SigningError
from moderation.provenance.trust import certificates_in
from moderation.queueing import waiting_messages
from submissions.models import Organization
from submissions.states import State

EXPIRES_SOON = timedelta(days=30)
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
        (
            gettext_lazy("What the checks rest on"),
            [*trust_lists(), *own_trust_lists(), signing(), weights(), head(), *index()],
        ),
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
    dates = {each.name: each for folder in reversed(settings.TRUST_DIRS) for each in kept(Path(folder))}
    found = [Look(each.name, _trust_list(each, dates.get(each.name)), is_well=True) for each in lists.lists]
    return [*found, *problems]


def _trust_list(one: TrustList, record: Kept | None) -> str:
    """Its version, and since when and from where it lies there, as far as that was recorded."""
    facts = {"version": one.version, "number": certificates_in(one.anchors.encode())}
    said = _("version %(version)s, %(number)s certificates") % facts
    if record is None:
        return said
    kept_on = date_format(datetime.fromisoformat(record.kept_at), "DATE_FORMAT")
    host = urlsplit(record.source).hostname
    if not host:  # copied from a folder: organizers read this page too, and a path is none of their business
        return _("%(said)s, kept on %(date)s") % {"said": said, "date": kept_on}
    return _("%(said)s, kept on %(date)s from %(source)s") % {"said": said, "date": kept_on, "source": host}


def own_trust_lists() -> list[Look]:
    """What organizations recognise for their own contests."""
    rows = TrustedAuthority.objects.filter(removed_at=None).select_related("organization")
    soon = timezone.now() + EXPIRES_SOON
    return [
        Look(
            f"{row.organization}: {row.name}",
            _("version %(version)s, added on %(added)s, valid until %(until)s")
            % {
                "version": row.version,
                "added": date_format(row.added_at, "DATE_FORMAT"),
                "until": date_format(row.expires_at, "DATE_FORMAT"),
            },
            is_well=row.expires_at > soon,
        )
        for row in rows.order_by("organization__name", "pk")
    ]


def signing() -> Look:
    """With what copies of hung works are signed, where no organization has its own."""
    name = gettext_lazy("Certificate for signed copies")
    if not settings.CREDENTIALS_CERTIFICATE:
        return Look(name, _("a demonstration's: nobody will recognise it"))
    if "{organization}" in settings.CREDENTIALS_CERTIFICATE:
        return Look(name, _("one for each organization"))
    try:
        house = signs_for(Organization())
        ends = house.signatory.certificate.not_valid_after_utc
    except SigningError as error:
        return Look(name, str(error), is_well=False)
    facts = {"name": house.signatory.name, "until": date_format(ends, "DATE_FORMAT")}
    is_valid = ends > timezone.now() + EXPIRES_SOON
    return Look(name, _("%(name)s, valid until %(until)s") % facts, is_well=is_valid)


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
    return [
        Look(gettext_lazy("Protected works"), number_format(Work.objects.matchable().count())),
        Look(gettext_lazy("Registry's last change"), changed),
        snapshot(),
    ]


def snapshot() -> Look:
    """How far the registry's snapshot is behind the database; workers read the rest beside it."""
    name = gettext_lazy("Snapshot of the index")
    try:
        state = live.state()
    except live.RegistryUnavailable as error:
        return Look(name, str(error), is_well=False)
    if state is None:
        return Look(name, _("none yet: workers read the database"))
    facts = {
        "version": state.version,
        "when": naturaltime(datetime.fromtimestamp(state.created, UTC)),
        "works": number_format(state.works),
        "new": number_format(state.new),
        "gone": number_format(state.gone),
    }
    says = _("version %(version)s, %(when)s, %(works)s works; since then %(new)s new, %(gone)s withdrawn")
    return Look(name, says % facts, is_well=not state.too_old)


def _unasked(name: str | Promise) -> Look:
    return Look(name, _("cannot be asked without the broker"), is_well=False)
