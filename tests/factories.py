"""Real rows for tests: people, organizations, contests with their rules, entries with pictures.

- ``make_user()``
- ``make_contest(rules=PRESETS["open"])``: open now, both categories, one version of rules
- ``make_entry(contest=contest, state=State.HUNG)``: handed in, with a picture and a signed statement
- ``make_draft()``: nothing in it but a title
- ``make_member(contest.organization, Role.JUROR)``: a new person in that role

What a test does not care about is left out; what it gives is passed to the row.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import count
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

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
_numbers = count(1)


def make_user(*, password: str | None = None, **fields: Any) -> User:
    """A person; without ``password`` they can't sign in by the form, which spares the slow hashing."""
    number = next(_numbers)
    given = {"email": f"person{number}@example.org", "display_name": f"Person {number}", **fields}
    return User.objects.create_user(password=password, **given)


def make_organization(**fields: Any) -> Organization:
    number = next(_numbers)
    given = {"name": f"House of Pictures {number}", "slug": f"house-{number}", **fields}
    return Organization.objects.create(**given)


def make_member(organization: Organization | None = None, role: Role = Role.ORGANIZER) -> User:
    """A new person with ``role`` in ``organization``."""
    user = make_user()
    Membership.objects.create(organization=organization or make_organization(), user=user, role=role)
    return user


def make_contest(*, rules: Rules = PRESETS["apart"], **fields: Any) -> Contest:
    """A published contest, open since yesterday for a month, with both categories and rules of version 1."""
    number, now = next(_numbers), timezone.now()
    given: dict[str, Any] = {
        "title": f"Open Wall {number}",
        "slug": f"open-wall-{number}",
        "description": "Pictures of any kind.",
        "opens_at": now - timedelta(days=1),
        "closes_at": now + timedelta(days=30),
        "time_zone": "Asia/Seoul",
        "published": True,
        **fields,
    }
    given.setdefault("organization", None)
    given["organization"] = given["organization"] or make_organization()
    contest = Contest.objects.create(**given)
    PolicyVersion.objects.create(contest=contest, number=1, document=rules.as_json())
    Category.objects.create(contest=contest, kind=CategoryKind.HUMAN, name="Made by people")
    Category.objects.create(contest=contest, kind=CategoryKind.AI, name="Made with AI")
    return contest


def make_artwork(entry: Entry, *, content: bytes | None = None, seen: bool = False, **fields: Any) -> Artwork:
    """A picture with real bytes: its own drawing, or ``content``. ``seen`` adds what the worker derives."""
    pixels = draw(next(_numbers), 120, 90)
    content = content or as_file(pixels)
    given: dict[str, Any] = {"original_name": "picture.png", "media_type": "image/png", **fields}
    artwork = Artwork(entry=entry, size=len(content), sha256=hashlib.sha256(content).hexdigest(), **given)
    artwork.original.save("original", ContentFile(content), save=False)
    if seen:
        artwork.width, artwork.height = 120, 90
        for derived in (artwork.display, artwork.thumbnail):
            name = f"{derived.field.name}.webp"
            derived.save(name, ContentFile(as_file(pixels, "WEBP")), save=False)
    artwork.save()
    return artwork


def make_disclosure(
    entry: Entry, *, attested: bool = True, tools: Sequence[Mapping[str, Any]] = (), **fields: Any
) -> Disclosure:
    """A statement, "no generative AI" unless ``level`` says otherwise; signed after its tools are named."""
    disclosure = Disclosure.objects.create(entry=entry, **{"level": AILevel.NONE, **fields})
    for tool in tools:
        make_tool(disclosure, **tool)
    if attested:
        disclosure.attested_name = str(entry.entrant)
        disclosure.attested_at = timezone.now()
        disclosure.attestation_sha256 = attestation.current().sha256
        disclosure.save()
    return disclosure


def make_tool(disclosure: Disclosure, **fields: Any) -> DisclosedTool:
    given = {"model_words": "A model of my own", "licence_class": LicenceClass.PUBLIC_DOMAIN, **fields}
    if "model" in fields:
        given.setdefault("model_words", "")
    return DisclosedTool.objects.create(disclosure=disclosure, **given)


def make_draft(**fields: Any) -> Entry:
    """An entry somebody has just begun: no file, no statement."""
    fields.setdefault("contest", None)
    fields.setdefault("entrant", None)
    fields["contest"] = fields["contest"] or make_contest()
    fields["entrant"] = fields["entrant"] or make_user()
    return Entry.objects.create(**{"title": f"Picture {next(_numbers)}", **fields})


def make_entry(
    *,
    state: State = State.RECEIVED,
    pictures: int = 1,
    seen: bool | None = None,
    level: AILevel = AILevel.NONE,
    tools: Sequence[Mapping[str, Any]] = (),
    **fields: Any,
) -> Entry:
    """An entry with ``pictures`` and a statement of ``level``, signed unless ``state`` is draft.

    ``seen`` adds what the worker derives of each picture; a hung entry has that anyway. A hung entry hangs in
    the human category unless ``category`` names another.
    """
    fields["contest"] = fields.get("contest") or make_contest()
    if state == State.HUNG and not fields.get("category"):
        fields["category"] = fields["contest"].categories.get(kind=CategoryKind.HUMAN)
    if state != State.DRAFT:
        fields.setdefault("submitted_at", timezone.now())
    entry = make_draft(state=state, **fields)
    for position in range(pictures):
        make_artwork(entry, position=position, seen=state == State.HUNG if seen is None else seen)
    make_disclosure(entry, level=level, tools=tools, attested=state != State.DRAFT)
    return entry
