"""Where the lane erred more often than it may, it holds nothing until another model or a person says so."""

import smtplib
from datetime import datetime

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from moderation import detector
from moderation.estimates.live import tallies
from moderation.models import LaneSilence
from moderation.wording import labels
from submissions.models import Contest, Membership, Role, User
from submissions.rules import OnFlag

log = structlog.get_logger(__name__)

TOLD = (Role.OWNER, Role.ORGANIZER)


def in_force(contest: Contest) -> dict[str, LaneSilence]:
    """The silences of ``contest`` by medium, of the installed model; the empty medium stands for all."""
    rows = LaneSilence.objects.filter(contest=contest, ended_at=None, model=detector.model_version())
    return {row.medium: row for row in rows}


def review(contest: Contest) -> list[LaneSilence]:
    """Begin the silences that people's decisions ask for; returns the new ones."""
    rules = contest.policy.rules
    if rules.synthetic_signs == OnFlag.NOTE:
        return []  # the lane holds nothing here
    begun = []
    for tally in tallies(contest, rules):
        if not tally.is_beyond or _ended_after(contest, tally.medium, tally.overturned):
            continue
        try:
            with transaction.atomic():
                begun.append(
                    LaneSilence.objects.create(
                        contest=contest,
                        medium=tally.medium,
                        model=detector.model_version(),
                        overturned=tally.overturned,
                        human=tally.human,
                    )
                )
        except IntegrityError:
            continue  # it is silent already
    if begun:
        log.warning("synthetic lane silenced", contest=contest.pk, media=[one.medium for one in begun])
    return begun


def _ended_after(contest: Contest, medium: str, overturned: int) -> bool:
    """Whether an organizer ended a silence that rested on as many overturned holds: nothing new has come."""
    return LaneSilence.objects.filter(
        contest=contest,
        medium=medium,
        model=detector.model_version(),
        ended_at__isnull=False,
        overturned__gte=overturned,
    ).exists()


def look_again(contest: Contest, *, since: datetime, by: User) -> list[LaneSilence]:
    """End the silences begun since a decision that ``by`` took back, where what is left asks for none.

    The row keeps what was left, so that the same decision made again begins it anew.
    """
    ended = []
    begun = [one for one in in_force(contest).values() if one.began_at >= since]
    left = {tally.medium: tally for tally in tallies(contest)} if begun else {}
    for silence in begun:
        tally = left.get(silence.medium)
        if tally is not None and tally.is_beyond:
            continue
        remaining = tally.overturned if tally else 0
        LaneSilence.objects.filter(pk=silence.pk, ended_at=None).update(
            ended_at=timezone.now(), ended_by=by, overturned=remaining
        )
        ended.append(silence)
    return ended


def end(silence: LaneSilence, *, by: User) -> bool:
    """Let the lane speak again; false where somebody else did so first."""
    return bool(
        LaneSilence.objects.filter(pk=silence.pk, ended_at=None).update(ended_at=timezone.now(), ended_by=by)
    )


def tell_waiting() -> int:
    """Write to the organizers of every contest whose lane fell silent, each silence once; returns letters."""
    letters = 0
    for silence in LaneSilence.objects.filter(told_at=None).select_related("contest__organization"):
        # Claimed before the first letter leaves: at most once.
        if not LaneSilence.objects.filter(pk=silence.pk, told_at=None).update(told_at=timezone.now()):
            continue
        members = Membership.objects.filter(organization=silence.contest.organization, role__in=TOLD)
        for member in members.select_related("user"):
            letters += _tell(silence, member.user)
    return letters


def _tell(silence: LaneSilence, organizer: User) -> int:
    with translation.override(organizer.language):
        context = {
            "silence": silence,
            "contest": silence.contest,
            "medium": labels.label(labels.MEDIUMS, silence.medium) if silence.medium else "",
            "link": settings.SITE_URL + reverse("moderation:contest", args=[silence.contest.slug]),
            "reader": organizer,
            "SITE_NAME": settings.SITE_NAME,
        }
        subject = render_to_string("emails/lane_silent_subject.txt", context)
        body = render_to_string("emails/lane_silent.txt", context)
    letter = EmailMessage(" ".join(subject.split()), body.strip() + "\n", to=[organizer.email])
    try:
        return letter.send()
    except (OSError, smtplib.SMTPException) as error:
        # The contest's page says it as well, so a letter that is lost hides nothing.
        log.warning("letter on a silenced lane not sent", silence=silence.pk, error=str(error))
        return 0
