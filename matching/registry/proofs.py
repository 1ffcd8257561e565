"""Proof that works are their artist's: asked for, looked at, accepted, refused, taken back.

Grades rise: claimed alone, signed original, dated publication, vouched for. Who takes a proof back lowers the
grade for the entries that are looked at from then on; nothing is judged again by itself.
"""

import secrets
from datetime import date
from functools import partial
from html import unescape
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from matching import fetching
from matching.models import Artist, Proof, ProofKind, ProofState, Work
from matching.registry.keeping import send

CODE_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that are taken for each other
MOST_PAGE_BYTES = 3_000_000
PAGE_SECONDS = 20


class NotOpen(Exception):
    """The proof was decided meanwhile."""


def make_code() -> str:
    return "vernissage-" + "".join(secrets.choice(CODE_LETTERS) for _ in range(16))


def ask_publication(artist: Artist, *, work: Work | None, url: str, published_on: date) -> Proof:
    """Note a page and give it a code. The artist puts the code on the page, then asks for a look."""
    _check_work(artist, work)
    return Proof.objects.create(
        artist=artist,
        work=work,
        kind=ProofKind.DATED_PUBLICATION,
        url=url,
        code=make_code(),
        published_on=published_on,
    )


def ask_vouching(artist: Artist, *, work: Work | None, organization: str) -> Proof:
    """Ask an organization, by its slug; one open question at a time."""
    _check_work(artist, work)
    found = Proof.objects.filter(
        artist=artist,
        work=work,
        kind=ProofKind.VOUCHED,
        organization=organization,
        state__in=[ProofState.OPEN, ProofState.ACCEPTED],
    ).first()
    return found or Proof.objects.create(
        artist=artist, work=work, kind=ProofKind.VOUCHED, organization=organization
    )


def vouch(artist: Artist, *, work: Work | None, organization: str, by: Any, note: str = "") -> Proof:
    """An organization vouches, asked or not. ``by`` is empty where those who run the machine do."""
    proof = ask_vouching(artist, work=work, organization=organization)
    if proof.state == ProofState.OPEN:
        decide(proof, state=ProofState.ACCEPTED, by=by, note=note)
    return proof


def record_original(work: Work, *, accepted: bool, evidence: dict[str, Any], note: str = "") -> Proof | None:
    """What a look at the file's own bytes gave: accepted at once, or to be looked at by a person.

    Once a file; nothing where it was looked at before.
    """
    now = timezone.now()
    try:
        with transaction.atomic():
            return Proof.objects.create(
                artist=work.artist,
                work=work,
                kind=ProofKind.SIGNED_ORIGINAL,
                state=ProofState.ACCEPTED if accepted else ProofState.OPEN,
                evidence=evidence,
                note=note,
                decided_at=now if accepted else None,
            )
    except IntegrityError:
        return None


def decide(proof: Proof, *, state: ProofState, by: Any = None, note: str = "", **seen: Any) -> None:
    """Accept or refuse an open proof; raises ``NotOpen``. ``by`` is empty where a worker decides."""
    if state not in (ProofState.ACCEPTED, ProofState.REFUSED):
        raise ValueError(f"nobody decides {state}")
    here = Proof.objects.filter(pk=proof.pk, state=ProofState.OPEN)
    evidence = proof.evidence | seen
    if not here.update(state=state, by=by, note=note, evidence=evidence, decided_at=timezone.now()):
        raise NotOpen(proof.pk)
    proof.refresh_from_db()


def revoke(proof: Proof, *, by: Any, note: str) -> bool:
    """Take back what was accepted; whether it was."""
    accepted = Proof.objects.filter(pk=proof.pk, state=ProofState.ACCEPTED)
    return bool(accepted.update(state=ProofState.REVOKED, by=by, note=note, decided_at=timezone.now()))


def drop(proof: Proof) -> bool:
    """The artist takes an open question back."""
    deleted, _rows = (
        Proof.objects.filter(pk=proof.pk, state=ProofState.OPEN)
        .exclude(kind=ProofKind.SIGNED_ORIGINAL)
        .delete()
    )
    return bool(deleted)


def ask_look(proof: Proof) -> None:
    """Have a worker fetch the page."""
    now = timezone.now()
    open_page = Proof.objects.filter(pk=proof.pk, state=ProofState.OPEN, kind=ProofKind.DATED_PUBLICATION)
    if open_page.update(asked_at=now):
        transaction.on_commit(partial(send, "matching.tasks.look_at_page", proof.pk))


def look_at_page(proof: Proof) -> bool:
    """Fetch the page and accept the proof where it carries the code; what was seen is noted either way.

    Never refuses: the code may come later, and a person may look where a fetch can't.
    """
    if proof.state != ProofState.OPEN or proof.kind != ProofKind.DATED_PUBLICATION:
        return False
    try:
        page = fetching.fetch(
            proof.url, most_bytes=MOST_PAGE_BYTES, seconds=PAGE_SECONDS, accept="text/html, text/plain;q=0.9"
        )
    except fetching.FetchRefused as refused:
        _note(proof, problem=str(refused))
        return False
    if not carries(page.data, proof.code):
        _note(proof, problem="no_code", address=page.url)
        return False
    try:
        decide(
            proof, state=ProofState.ACCEPTED, address=page.url, sha256=page.sha256, fetched=_now(), problem=""
        )
    except NotOpen:
        return False
    return True


def carries(page: bytes, code: str) -> bool:
    """Whether the page's text has the code as a word of its own."""
    text = unescape(page.decode("utf-8", errors="replace"))
    at = text.find(code)
    while at >= 0:
        after = text[at + len(code) : at + len(code) + 1]
        if not after.isalnum():
            return True
        at = text.find(code, at + 1)
    return False


def _note(proof: Proof, **seen: str) -> None:
    Proof.objects.filter(pk=proof.pk, state=ProofState.OPEN).update(
        evidence=proof.evidence | seen | {"fetched": _now()}
    )


def _now() -> str:
    return timezone.now().isoformat(timespec="seconds")


def _check_work(artist: Artist, work: Work | None) -> None:
    if work is not None and work.artist_id != artist.pk:
        raise ValueError("a proof is of the artist's own work")
