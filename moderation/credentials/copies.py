"""Giving credentials back: a hung picture's copy, signed with where it hangs. The original is only read.

Asking adds a row, a worker fulfils it. As everywhere, the row is the truth and the message only a nudge.
"""

from datetime import timedelta
from enum import StrEnum
from typing import Any, cast

import structlog
from celery import current_app
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from kombu.exceptions import OperationalError

from moderation.credentials.authority import House, signs_for
from moderation.credentials.trusting import lists_for
from moderation.models import CheckResult, NameConsent, SignedCopy
from moderation.provenance import Integrity, Origin, Provenance, read
from moderation.provenance.signing import IPTC, Ingredient, Manifest, SigningError, write
from submissions.models import Artwork, CategoryKind, Entry, User
from submissions.rules import AILevel
from submissions.states import State

log = structlog.get_logger(__name__)

ASSERTION = "vernissage.hanging"
MOST_ATTEMPTS = 2
GRACE = timedelta(minutes=5)  # longer than a task may run
_UNMASKING = {"identity", "author_name", "gps"}


class NotHung(Exception):
    """Only what hangs is signed: the copy says where."""


class Unsigned(Exception):
    """This picture cannot be signed."""

    def __init__(self, problem: "Problem", message: str) -> None:
        super().__init__(message)
        self.problem = problem


class Problem(StrEnum):
    """Why a copy could not be signed; pages have a sentence for each."""

    NO_LONGER_HUNG = "no_longer_hung"
    UNREADABLE = "unreadable"  # damaged credentials cannot be carried on honestly
    REFUSED = "refused"  # the library does not write into this file
    CERTIFICATE = "certificate"  # the configured certificate or key is of no use
    GAVE_UP = "gave_up"


def consented_name(entry: Entry) -> str:
    """The name that the entrant wants to stand in copies, as they last chose; empty for none."""
    last = entry.name_consents.order_by("-pk").first()
    return last.name if last else ""


def agree(entry: Entry, *, by: User, named: bool) -> NameConsent:
    """Record whether the entrant wants to be named; nobody else may choose that."""
    if by.pk != entry.entrant_id:
        raise PermissionError("only the entrant agrees to be named")
    return NameConsent.objects.create(entry=entry, name=str(by)[:120] if named else "")


def ask(entry: Entry, *, by: User | None) -> list[SignedCopy]:
    """A signed copy of every picture of ``entry``: those under way or there already, and new ones.

    Raises ``NotHung``, and ``SigningError`` where the certificate cannot be used.
    """
    if entry.state != State.HUNG or entry.category is None:
        raise NotHung(entry.pk)
    house, name = signs_for(entry.contest.organization), consented_name(entry)
    return [_ask(artwork, entry.category.kind, name, house, by) for artwork in entry.artworks.all()]


def _ask(artwork: Artwork, kind: str, name: str, house: House, by: User | None) -> SignedCopy:
    facts = {"category": kind, "name": name, "certificate": house.signatory.fingerprint}
    there = Q(finished_at=None) | (Q(**facts) & ~Q(file=""))
    if found := artwork.signed_copies.filter(there).last():
        return found
    try:
        with transaction.atomic():
            return SignedCopy.objects.create(
                artwork=artwork,
                **facts,
                signer_name=house.signatory.name[:200],
                is_demonstration=house.is_demonstration,
                asked_by=by,
            )
    except IntegrityError:  # somebody asked in the same moment
        return artwork.signed_copies.waiting().get()


def nudge(copy: SignedCopy) -> None:
    """Ask a worker to sign ``copy`` once this transaction holds. A broker that is down loses nothing."""

    def send() -> None:
        try:
            current_app.send_task("moderation.tasks.sign_copy", args=[copy.pk])
        except OperationalError as error:
            log.warning("broker out of reach, the sweeper will ask again", copy=copy.pk, error=str(error))

    transaction.on_commit(send)


def left_lying() -> list[int]:
    """Copies whose message was lost or whose worker died."""
    late = timezone.now() - GRACE
    return list(SignedCopy.objects.waiting().filter(asked_at__lt=late).values_list("pk", flat=True))


def fulfil(copy: SignedCopy) -> SignedCopy:
    """Sign ``copy`` unless that is done; a second run finds nothing to do, or loses quietly."""
    if copy.finished_at:
        return copy
    # Counted before the try and committed: if this file kills the process, the count survives it.
    SignedCopy.objects.filter(pk=copy.pk).update(attempts=F("attempts") + 1)
    copy.refresh_from_db()
    if copy.attempts > MOST_ATTEMPTS:
        return _finished(copy, problem=Problem.GAVE_UP)
    entry = Entry.objects.select_related("contest__organization", "category").get(pk=copy.artwork.entry_id)
    if entry.state != State.HUNG or entry.category is None or entry.category.kind != copy.category:
        return _finished(copy, problem=Problem.NO_LONGER_HUNG)
    try:
        house = signs_for(entry.contest.organization)
        signed = sign(copy.artwork, entry, house, name=copy.name)
    except (Unsigned, SigningError) as error:
        log.warning("not signed", copy=copy.pk, problem=str(error))
        return _finished(copy, problem=getattr(error, "problem", Problem.CERTIFICATE))
    stored = copy.file.storage.save(
        copy.file.field.generate_filename(copy, "copy"),
        ContentFile(signed),
    )
    done = _finished(copy, file=stored, size=len(signed))
    if done.file.name != stored:
        copy.file.storage.delete(stored)  # another run was quicker
    return done


def _finished(copy: SignedCopy, **fields: Any) -> SignedCopy:
    SignedCopy.objects.filter(pk=copy.pk, finished_at=None).update(finished_at=timezone.now(), **fields)
    copy.refresh_from_db()
    return copy


def sign(artwork: Artwork, entry: Entry, house: House, *, name: str) -> bytes:
    """The picture's original bytes with a manifest of the house's own; raises ``Unsigned``.

    The file's own manifest stays inside as the parent. Where the entrant has not agreed to be named, its
    assertions of identity, author and place are redacted, as the standard allows.
    """
    with artwork.original.open("rb") as file:
        original = file.read()
    said = read(original, trust=lists_for(entry.contest.organization))
    if said.integrity in {Integrity.UNREADABLE, Integrity.REMOTE_ONLY}:
        raise Unsigned(Problem.UNREADABLE, f"the file's own credentials are {said.integrity}")
    redactions = [] if name else _unmasking(said)
    definition = {
        "claim_generator_info": [{"name": settings.SITE_NAME, "version": "1"}],
        "title": entry.title,
        "redactions": redactions,
        "assertions": [
            {"label": "c2pa.actions.v2", "data": {"actions": _actions(artwork, entry, said, redactions)}},
            {"label": ASSERTION, "data": _hanging(entry)},
            *([_named(name)] if name else []),
        ],
    }
    parent = Ingredient(
        original,
        artwork.media_type,
        {"title": entry.title, "relationship": "parentOf", "label": "original", "instance_id": "original"},
    )
    try:
        return write(original, artwork.media_type, Manifest(definition, [parent]), house.signatory)
    except SigningError as error:
        raise Unsigned(Problem.REFUSED, str(error)) from error


def _unmasking(said: Provenance) -> list[str]:
    found = [
        f"self#jumbf=/c2pa/{each.manifest}/c2pa.assertions/{each.note}"
        for each in said.evidence
        if each.supports in _UNMASKING and each.manifest and each.note
    ]
    return list(dict.fromkeys(found))


def _actions(artwork: Artwork, entry: Entry, said: Provenance, redactions: list[str]) -> list[dict[str, Any]]:
    opened = {
        "action": "c2pa.opened",
        "digitalSourceType": IPTC + source_type(artwork, entry, said),
        "parameters": {"ingredientIds": ["original"]},
    }
    redacted = [
        {"action": "c2pa.redacted", "reason": "c2pa.PII.present", "parameters": {"redacted": address}}
        for address in redactions
    ]
    return [opened, *redacted, {"action": "c2pa.published"}]


def source_type(artwork: Artwork, entry: Entry, said: Provenance) -> str:
    """IPTC's word for how the picture came to be, as far as the desk concluded it.

    The category leads: nothing that hangs as a human work is signed as generated, nor the reverse.
    """
    disclosure = entry.disclosure
    if cast("Any", entry.category).kind == CategoryKind.AI:
        generated = (
            disclosure and disclosure.level == AILevel.GENERATED
        ) or said.origin is Origin.AI_GENERATED
        return "trainedAlgorithmicMedia" if generated else "compositeWithTrainedAlgorithmicMedia"
    if said.vouched and said.origin in {Origin.CAPTURED, Origin.CAPTURED_EDITED}:
        return "digitalCapture"
    return "digitalCreation"


def _hanging(entry: Entry) -> dict[str, Any]:
    """Where the picture hangs. No public id of the entry: the file must not lead to who entered it."""
    disclosure = entry.disclosure
    contest = entry.contest
    return {
        "contest": contest.title,
        "organization": contest.organization.name,
        "address": f"{settings.SITE_URL}/contests/{contest.slug}/",
        "category": cast("Any", entry.category).kind,
        "training_data_not_cleared": entry.shown_apart,
        "stated_use_of_ai": disclosure.level if disclosure else "",
    }


def _named(name: str) -> dict[str, Any]:
    context = {"dc": "http://purl.org/dc/elements/1.1/"}
    return {"label": "cawg.metadata", "data": {"@context": context, "dc:creator": [name]}}


def latest_reading(artwork: Artwork) -> CheckResult | None:
    """What the check of credentials last found of ``artwork``."""
    return (
        CheckResult.objects.filter(
            artwork=artwork, check_name="provenance", screening__abandoned_at__isnull=True
        )
        .order_by("-pk")
        .first()
    )
