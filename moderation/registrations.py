"""Who may decide about registrations: neutral people of trusted organizations, and who runs the machine."""

from django.db.models import Q, QuerySet

from matching.models import Artist, Conflict, CoOwner, Proof, ProofKind, ProofState, Quarantine, WorkState
from moderation.models import ClaimSuspension, Sighting
from submissions.models import Organization, Role, User
from submissions.states import State

ORGANIZERS = (Role.OWNER, Role.ORGANIZER)
TAKEN_BACK = (State.DRAFT, State.WITHDRAWN)


def trusted_organizations(user: User) -> QuerySet[Organization]:
    """Those the person organizes that may vouch and decide."""
    mine = Organization.objects.filter(
        is_trusted=True, memberships__user=user, memberships__role__in=ORGANIZERS
    )
    return mine.distinct()


def may_judge(user: User) -> bool:
    return user.is_staff or trusted_organizations(user).exists()


def parties(user: User) -> QuerySet[Artist]:
    """Portfolios of the person, and of those who own works beside the person."""
    beside = CoOwner.objects.filter(artist__owner=user).values("work__artist")
    shared = CoOwner.objects.filter(work__artist__owner=user).values("artist")
    return Artist.objects.filter(Q(owner=user) | Q(pk__in=beside) | Q(pk__in=shared))


def is_party(user: User, artist: Artist) -> bool:
    """Whether the artist is the person, or owns works beside the person."""
    return parties(user).filter(pk=artist.pk).exists()


def open_proofs(user: User) -> QuerySet[Proof]:
    """Questions that the person may answer: vouching for their own organization, the rest as neutral."""
    slugs = list(trusted_organizations(user).values_list("slug", flat=True))
    asked = Q(kind=ProofKind.VOUCHED, organization__in=slugs)
    other = ~Q(kind=ProofKind.VOUCHED) if may_judge(user) else Q(pk=None)
    rows = Proof.objects.filter(asked | other, state=ProofState.OPEN).select_related("artist", "work")
    return rows.exclude(artist__owner=user).order_by("pk")


def vouched_by(user: User) -> QuerySet[Proof]:
    """What the person's organizations vouch for, to be taken back."""
    slugs = list(trusted_organizations(user).values_list("slug", flat=True))
    rows = Proof.objects.filter(kind=ProofKind.VOUCHED, state=ProofState.ACCEPTED)
    if not user.is_staff:
        rows = rows.filter(organization__in=slugs)
    return rows.select_related("artist", "work").order_by("-decided_at")


def open_conflicts(user: User) -> QuerySet[Conflict]:
    """Those in which the person is neutral: no side of it, nor in an organization that vouches for one."""
    if not may_judge(user):
        return Conflict.objects.none()
    rows = Conflict.objects.open().select_related("older__artist", "newer__artist")
    rows = rows.exclude(Q(older__artist__owner=user) | Q(newer__artist__owner=user))
    return rows.exclude(pk__in=[row.pk for row in rows if not _is_neutral(user, row)])


def may_decide(user: User, conflict: Conflict) -> bool:
    return may_judge(user) and _is_neutral(user, conflict)


def _is_neutral(user: User, conflict: Conflict) -> bool:
    artists = (conflict.older.artist, conflict.newer.artist)
    if any(is_party(user, artist) for artist in artists):
        return False
    slugs = list(user.organizations.values_list("slug", flat=True))
    vouched = Proof.objects.filter(
        kind=ProofKind.VOUCHED, state=ProofState.ACCEPTED, artist__in=artists, organization__in=slugs
    )
    return not vouched.exists()


def doubts(user: User) -> QuerySet[Quarantine]:
    """Quarantines in force that the person may lift."""
    if not may_judge(user):
        return Quarantine.objects.none()
    rows = Quarantine.objects.filter(lifted_at=None).exclude(work__state=WorkState.WITHDRAWN)
    return rows.exclude(work__artist__owner=user).select_related("work__artist").order_by("-pk")


def seen_later(user: User) -> QuerySet[Sighting]:
    """Works registered after an entry was judged, in contests the person organizes."""
    mine = Sighting.objects.filter(
        later=True,
        artwork__entry__contest__organization__memberships__user=user,
        artwork__entry__contest__organization__memberships__role__in=ORGANIZERS,
    )
    return mine.exclude(artwork__entry__entrant=user).exclude(artwork__entry__state__in=TAKEN_BACK)


def unnoted(user: User) -> QuerySet[Sighting]:
    return seen_later(user).filter(noted_at=None)


def suspensions(user: User) -> QuerySet[ClaimSuspension]:
    """Artists who may file no claim for a time, as far as the person may lift that."""
    if not may_judge(user):
        return ClaimSuspension.objects.none()
    rows = ClaimSuspension.objects.in_force().exclude(person=user).exclude(claim__artist__owner=user)
    return rows.select_related("claim__artist", "claim__entry__contest", "by").order_by("until")
