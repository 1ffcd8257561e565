"""What organizers do with organizations, contests and their rules: the verbs, one transaction each."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from moderation.models import RulesDraft
from moderation.slugs import slug_from
from submissions.models import (
    Category,
    CategoryKind,
    Contest,
    Membership,
    Organization,
    PolicyVersion,
    Role,
    User,
)
from submissions.rules import PRESETS, Rules


class NoSuchAccount(Exception):
    """No account that may be added has this address."""


class AlreadyMember(Exception):
    """The person has a role in the organization already."""


class LastOwner(Exception):
    """An organization without an owner could never be managed again."""


@transaction.atomic
def create_organization(name: str, *, by: User) -> Organization:
    slug = slug_from(
        name, taken=lambda one: Organization.objects.filter(slug=one).exists(), fallback="organization"
    )
    organization = Organization.objects.create(name=name, slug=slug)
    Membership.objects.create(organization=organization, user=by, role=Role.OWNER)
    return organization


@transaction.atomic
def add_member(organization: Organization, *, email: str, role: Role) -> Membership:
    """Give the person with this address ``role``; raises ``NoSuchAccount`` or ``AlreadyMember``."""
    user = User.objects.filter(email__iexact=email, is_active=True).first()
    if user is None:
        raise NoSuchAccount(email)
    membership, is_new = Membership.objects.get_or_create(
        organization=organization, user=user, defaults={"role": role}
    )
    if not is_new:
        raise AlreadyMember(email)
    return membership


@transaction.atomic
def remove_member(membership: Membership) -> None:
    """Take the role away; raises ``LastOwner``."""
    owners = Membership.objects.select_for_update().filter(
        organization=membership.organization_id, role=Role.OWNER
    )
    if [owner.pk for owner in owners] == [membership.pk]:
        raise LastOwner(membership.pk)
    membership.delete()


def sole_owner(organization: Organization) -> int | None:
    """The key of the only owner's membership, which cannot be removed; ``None`` where there are several."""
    owners = organization.memberships.filter(role=Role.OWNER).values_list("pk", flat=True)[:2]
    return owners[0] if len(owners) == 1 else None


@transaction.atomic
def create_contest(
    organization: Organization,
    *,
    title: str,
    description: str,
    opens_at: datetime,
    closes_at: datetime,
    time_zone: str,
    country: str = "",
    published: bool,
    category_names: Mapping[CategoryKind, str],
    rules: Rules,
    by: User,
) -> Contest:
    """A contest with its categories and the first version of its rules."""
    contest = Contest.objects.create(
        organization=organization,
        title=title,
        slug=slug_from(
            title, taken=lambda one: Contest.objects.filter(slug=one).exists(), fallback="contest"
        ),
        description=description,
        opens_at=opens_at,
        closes_at=closes_at,
        time_zone=time_zone,
        country=country,
        published=published,
    )
    name_categories(contest, category_names)
    PolicyVersion.objects.create(contest=contest, number=1, document=rules.as_json(), created_by=by)
    return contest


@transaction.atomic
def edit_contest(contest: Contest, *, category_names: Mapping[CategoryKind, str]) -> None:
    """Save what a form has written into ``contest``. Its address stays: people have written it down."""
    contest.save()
    name_categories(contest, category_names)


def name_categories(contest: Contest, names: Mapping[CategoryKind, str]) -> None:
    for kind, name in names.items():
        Category.objects.update_or_create(contest=contest, kind=kind, defaults={"name": name})


@transaction.atomic
def set_rules(contest: Contest, rules: Rules, *, by: User, text: str = "") -> PolicyVersion | None:
    """A new version of the contest's rules, or ``None`` where they are the same. No version is ever edited,
    and what was judged under an earlier one stays judged.

    ``text`` is the document as a person wrote it; a changed comment is a new version too.
    """
    Contest.objects.select_for_update().get(pk=contest.pk)
    in_force = contest.policies.order_by("-number").first()
    if in_force and in_force.rules == rules and text in ("", in_force.toml):
        return None
    return PolicyVersion.objects.create(
        contest=contest,
        number=in_force.number + 1 if in_force else 1,
        document=rules.as_json(),
        text=text,
        created_by=by,
    )


class NoSuchRules(Exception):
    """No preset, version, contest or file has this name; the text says which was looked for."""


def find_rules(name: str, contest: Contest | None) -> Rules:
    """The rules that ``name`` means: a preset, a number of ``contest``'s versions, ``contest:number`` of
    another contest, its address alone for what is in force there, or ``draft`` for what ``contest`` tries
    out.

    Raises ``NoSuchRules``.
    """
    if name in PRESETS:
        return PRESETS[name]
    if name == "draft" and contest:
        draft = RulesDraft.objects.running(contest)
        if draft is None:
            raise NoSuchRules(f"{contest.slug} tries out no draft")
        return draft.rules
    whose, number = contest, name
    if not name.isdecimal():
        slug, _colon, number = name.partition(":")
        whose = Contest.objects.filter(slug=slug).first()
    if whose is None or not (number == "" or number.isdecimal()):
        raise NoSuchRules(name)
    versions = whose.policies.order_by("-number")
    found = (versions.filter(number=number) if number else versions).first()
    if found is None:
        raise NoSuchRules(name)
    return found.rules
