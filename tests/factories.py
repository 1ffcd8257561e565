"""Real rows for tests: people, organizations, contests with their rules, entries with pictures.

    entrant = UserFactory()
    contest = ContestFactory(rules=PRESETS["open"])            # open now, both categories, rules 1
    entry = EntryFactory(contest=contest, state=State.HUNG)    # with one picture and an attested disclosure
    draft = EntryFactory(draft=True)                           # nothing in it but a title
    member(contest.organization, Role.JUROR)                   # a new person in that role
"""

import hashlib
from datetime import timedelta
from typing import Any

import factory
from django.core.files.base import ContentFile
from django.utils import timezone
from factory.django import DjangoModelFactory

from submissions import attestation
from submissions.models import (
    Artwork,
    Category,
    CategoryKind,
    Contest,
    DisclosedTool,
    Disclosure,
    Entry,
    LicenceClass,
    Membership,
    Organization,
    PolicyVersion,
    Role,
    User,
)
from submissions.rules import PRESETS, AILevel, Rules
from submissions.states import State
from tests.pictures import as_file, draw

PASSWORD = "a long enough pass phrase"


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User

    email = factory.Sequence(lambda number: f"person{number}@example.org")
    display_name = factory.Sequence(lambda number: f"Person {number}")

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **fields: Any) -> User:
        return User.objects.create_user(password=fields.pop("password", PASSWORD), **fields)


class OrganizationFactory(DjangoModelFactory[Organization]):
    class Meta:
        model = Organization

    name = factory.Sequence(lambda number: f"House of Pictures {number}")
    slug = factory.Sequence(lambda number: f"house-{number}")


class MembershipFactory(DjangoModelFactory[Membership]):
    class Meta:
        model = Membership

    organization = factory.SubFactory(OrganizationFactory)
    user = factory.SubFactory(UserFactory)
    role = Role.ORGANIZER


def member(organization: Organization, role: Role) -> User:
    """A new person with ``role`` in ``organization``."""
    return MembershipFactory(organization=organization, role=role).user


class ContestFactory(DjangoModelFactory[Contest]):
    """A published contest, open since yesterday and for a month, with both categories and one version of rules."""

    class Meta:
        model = Contest
        skip_postgeneration_save = True

    organization = factory.SubFactory(OrganizationFactory)
    title = factory.Sequence(lambda number: f"Open Wall {number}")
    slug = factory.Sequence(lambda number: f"open-wall-{number}")
    description = "Pictures of any kind."
    opens_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=1))
    closes_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=30))
    time_zone = "Asia/Seoul"
    published = True

    @factory.post_generation  # type: ignore[untyped-decorator, unused-ignore]
    def rules(self: Contest, _create: bool, given: Rules | None, **_more: object) -> None:  # type: ignore[misc]
        document = (given or PRESETS["apart"]).as_json()
        PolicyVersion.objects.create(contest=self, number=1, document=document)
        Category.objects.create(contest=self, kind=CategoryKind.HUMAN, name="Made by people")
        Category.objects.create(contest=self, kind=CategoryKind.AI, name="Made with AI")


class ArtworkFactory(DjangoModelFactory[Artwork]):
    """A file with real bytes: a drawing of its own, or ``bytes=…``. ``seen=True`` adds what the worker derives."""

    class Meta:
        model = Artwork

    class Params:
        seed = factory.Sequence(lambda number: number)

    original_name = "picture.png"
    media_type = "image/png"

    @classmethod
    def _create(cls, model_class: type[Artwork], *args: Any, **fields: Any) -> Artwork:
        seen = fields.pop("seen", False)
        content = fields.pop("bytes", None)
        seed = Artwork.objects.count()
        if content is None:
            content = as_file(draw(seed, 120, 90))
        artwork = Artwork(size=len(content), sha256=hashlib.sha256(content).hexdigest(), **fields)
        artwork.original.save("original", ContentFile(content), save=False)
        if seen:
            artwork.width, artwork.height = 120, 90
            for name in ("display", "thumbnail"):
                derived = ContentFile(as_file(draw(seed, 120, 90), "WEBP"))
                getattr(artwork, name).save(f"{name}.webp", derived, save=False)
        artwork.save()
        return artwork


class DisclosedToolFactory(DjangoModelFactory[DisclosedTool]):
    class Meta:
        model = DisclosedTool

    model_words = "A model of my own"
    licence_class = LicenceClass.PUBLIC_DOMAIN


class DisclosureFactory(DjangoModelFactory[Disclosure]):
    """A statement; signed unless ``attested=False``. ``tools=[{…}, …]`` adds tools before it is signed."""

    class Meta:
        model = Disclosure

    level = AILevel.NONE

    @classmethod
    def _create(cls, model_class: type[Disclosure], *args: Any, **fields: Any) -> Disclosure:
        attested, tools = fields.pop("attested", True), fields.pop("tools", [])
        disclosure = Disclosure.objects.create(**fields)
        for tool in tools:
            DisclosedToolFactory(disclosure=disclosure, **tool)
        if attested:
            disclosure.attested_name = str(disclosure.entry.entrant)
            disclosure.attested_at = timezone.now()
            disclosure.attestation_sha256 = attestation.current().sha256
            disclosure.save()
        return disclosure


class EntryFactory(DjangoModelFactory[Entry]):
    """An entry that was handed in, with one picture and a signed statement of ``level``.

    ``draft=True`` leaves it empty; ``pictures=3`` gives it three; ``seen=True`` adds what the worker derives,
    which a hung entry always has. A hung entry hangs in the human category unless ``category`` says otherwise.
    """

    class Meta:
        model = Entry

    contest = factory.SubFactory(ContestFactory)
    entrant = factory.SubFactory(UserFactory)
    title = factory.Sequence(lambda number: f"Picture {number}")
    state = State.RECEIVED

    @classmethod
    def _create(cls, model_class: type[Entry], *args: Any, **fields: Any) -> Entry:
        if fields.pop("draft", False):
            return Entry.objects.create(**{**fields, "state": State.DRAFT})
        pictures, tools = fields.pop("pictures", 1), fields.pop("tools", [])
        level = fields.pop("level", AILevel.NONE)
        hung = fields["state"] == State.HUNG
        seen = fields.pop("seen", hung)
        if hung and fields.get("category") is None:
            fields["category"] = fields["contest"].categories.get(kind=CategoryKind.HUMAN)
        if fields["state"] != State.DRAFT:
            fields.setdefault("submitted_at", timezone.now())
        entry = Entry.objects.create(**fields)
        for position in range(pictures):
            ArtworkFactory(entry=entry, position=position, seen=seen)
        DisclosureFactory(entry=entry, level=level, tools=tools, attested=entry.state != State.DRAFT)
        return entry
