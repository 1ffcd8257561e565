"""Erasing a person: their entries, their portfolios, their account. What stays names nobody."""

from contextlib import suppress

import pgtrigger
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from matching import imports, registry
from matching.models import Answer, ApiToken, Artist, Conflict, CoOwner, Import, Quarantine
from moderation import searching
from moderation.claims import ending
from moderation.models import (
    Absence,
    Acquaintance,
    Case,
    CaseKind,
    CaseLock,
    CaseNote,
    CategoryClosing,
    Claim,
    ClaimSuspension,
    DeskView,
    SavedFilter,
)
from moderation.people.erasing import erase_claim, withdraw_and_erase
from submissions.models import ERASED, Entry, ErasedBy, Membership, Organization, Role, User

NOWHERE = "erased.invalid"  # RFC 2606: no letter ever arrives there


class OwnsAlone(Exception):
    """An organization would be left without an owner; ``organizations`` says which."""

    def __init__(self, organizations: list[Organization]) -> None:
        super().__init__(", ".join(map(str, organizations)))
        self.organizations = organizations


def owned_alone(person: User) -> list[Organization]:
    """Organizations that nobody else owns: somebody must take them over first."""
    mine = Organization.objects.filter(memberships__user=person, memberships__role=Role.OWNER)
    others = Membership.objects.filter(role=Role.OWNER).exclude(user=person)
    return list(mine.exclude(pk__in=others.values("organization")).order_by("name"))


def erase_person(person: User, *, by: ErasedBy) -> None:
    """Erase everything that is about ``person`` alone; raises ``OwnsAlone``. Twice is once.

    Each entry and each work is a transaction of its own, and the account goes last: broken off half-way, it
    is begun again from the same button.
    """
    if alone := owned_alone(person):
        raise OwnsAlone(alone)
    for entry in Entry.objects.filter(entrant=person).order_by("pk"):
        withdraw_and_erase(entry, by=by)
    _erase_claims(person)
    for artist in Artist.objects.filter(owner=person).order_by("pk"):
        _erase_portfolio(artist)
    _erase_account(person)


def _erase_claims(person: User) -> None:
    """Nobody is left to stand for what is still open."""
    for claim in Claim.objects.filter(by=person).select_related("entry").order_by("pk"):
        with suppress(ending.HasEnded):
            ending.withdraw(claim)
        erase_claim(claim)
    ClaimSuspension.objects.filter(person=person).update(reason=ERASED)
    ClaimSuspension.objects.filter(person=person).exclude(lifted_because="").update(lifted_because=ERASED)


def _erase_portfolio(artist: Artist) -> None:
    imports.stop(artist)
    for work in artist.works.kept().order_by("pk"):
        registry.withdraw(work)
    with transaction.atomic():
        artist.works.update(title="", year="", source="", rights="", original_name="")
        artist.proofs.update(note="", evidence={})
        artist.proofs.exclude(url="").update(url=f"https://{NOWHERE}/")
        Import.objects.filter(artist=artist).update(original_name="", problems=[])
        conflicts = Conflict.objects.filter(Q(older__artist=artist) | Q(newer__artist=artist))
        conflicts.exclude(reason="").update(reason=ERASED)
        conflicts.update(data={})
        lifted = Quarantine.objects.filter(work__artist=artist).exclude(lifted_because="")
        lifted.update(lifted_because=ERASED)
        ApiToken.objects.filter(artist=artist).delete()
        Artist.objects.filter(pk=artist.pk).update(
            name=f"{ERASED} {artist.pk}",
            aliases="",
            biography="",
            website="",
            licensed_accounts=[],
            licensed_organizations=[],
        )
        searching.renew(searching.cases_with(artist))


@transaction.atomic
def _erase_account(person: User) -> None:
    """The row stays for the decisions and rows that point at it, and says only that somebody was there."""
    person.memberships.all().delete()
    EmailAddress.objects.filter(user=person).delete()
    Authenticator.objects.filter(user=person).delete()
    _erase_answers(person)
    # Who was asked to share a work, or shares one, is known by this address: they leave it.
    CoOwner.objects.filter(email__iexact=person.email).delete()
    CategoryClosing.objects.filter(by=person).exclude(signed="").update(signed=ERASED)
    _erase_work(person)
    SavedFilter.objects.filter(person=person).delete()
    held = Case.objects.filter(assigned_to=person)
    held.filter(kind=CaseKind.EXERCISE, closed_at=None).update(closed_at=timezone.now())
    held.exclude(kind=CaseKind.EXERCISE).update(assigned_to=None)
    Absence.objects.filter(person=person).delete()
    # What others said of knowing this person, and what they said of knowing others.
    Acquaintance.objects.filter(Q(reviewer=person) | Q(address__iexact=person.email)).delete()
    User.objects.filter(pk=person.pk).update(
        email=f"erased-{person.pk}@{NOWHERE}",
        display_name="",
        first_name="",
        last_name="",
        password="!",  # noqa: S106 -- no password fits it
        is_active=False,
        is_staff=False,
        is_superuser=False,
        time_zone="UTC",
        last_login=None,
    )
    for session in Session.objects.iterator():
        if session.get_decoded().get("_auth_user_id") == str(person.pk):
            session.delete()


def _erase_answers(person: User) -> None:
    with pgtrigger.ignore("matching.Answer:append_only"):
        Answer.objects.filter(by=person).update(text=ERASED)


def _erase_work(person: User) -> None:
    """What they said among reviewers; that somebody said something at that time stays."""
    CaseNote.objects.filter(by=person).exclude(text="").update(text=ERASED)
    CaseLock.objects.filter(holder=person).delete()
    DeskView.objects.filter(person=person).delete()
