"""The eight entries, who hands them in, and where each should come to stand."""

import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from matching import registry
from matching.models import Artist, Work
from matching.registry import proofs
from moderation.appeals import filing, judgements
from moderation.claims import filing as claims
from moderation.demo import pictures, signing
from moderation.demo.signing import Credentials
from moderation.models import Appeal, Claim
from moderation.verdicts import Route
from submissions import intake
from submissions.models import (
    Category,
    CategoryKind,
    Contest,
    Entry,
    LicenceClass,
    Membership,
    Organization,
    PolicyVersion,
    Role,
    User,
)
from submissions.rules import PRESETS, AILevel
from submissions.states import State
from submissions.uploads import take_picture

PASSWORD = "vernissage-demo"  # noqa: S105 -- the demonstration listens on this machine only
CONTEST = "spring-salon"
PEOPLE = {
    "organizer@example.org": "Ines Ortega",
    "juror@example.org": "Jonas Beck",
    "artist@example.org": "Haneul Seo",
    "entrant@example.org": "Mina Park",
}
PARAMETERS = (
    "harbour at dusk, interference of waves\nNegative prompt: blurry\n"
    "Steps: 28, Sampler: Euler a, CFG scale: 7, Seed: 1867, Size: 1024x1024, Model: sd_xl_base_1.0"
)


APPEAL = (
    "I said openly what the model was trained on. I don't ask for a prize in the AI category: hang it apart, "
    "under the label, where people can see both."
)


CLAIMED = "Countdown"
CLAIM = (
    "This is my photograph of the launch, mirrored, cropped and with warmer colours. I gave it to nobody, "
    "and nobody asked me."
)
# Of the entry's picture, as an artist would draw it.
WHERE = [[0.17, 0.18], [0.88, 0.18], [0.88, 1.0], [0.17, 1.0]]


@dataclass(frozen=True)
class Scene:
    """One entry of the demonstration: its file, its statement, and where it should come to stand."""

    title: str
    statement: str
    file_name: str
    make: Callable[[Credentials], bytes]
    state: State
    category: CategoryKind | None = None
    level: AILevel = AILevel.NONE
    tools: tuple[dict[str, object], ...] = ()
    prompts: str = ""


@cache
def registered_work() -> bytes:
    return pictures.as_jpeg(pictures.photograph("chelsea"))


def _signed_as_generated(credentials: Credentials) -> bytes:
    picture = pictures.as_jpeg(pictures.hills(11))
    return signing.sign(picture, "image/jpeg", credentials, tool="Adobe Firefly", source_type=signing.TRAINED)


def _tampered(credentials: Credentials) -> bytes:
    picture = pictures.as_jpeg(pictures.photograph("motorcycle_left"))
    signed = signing.sign(
        picture, "image/jpeg", credentials, tool="Example Camera Roll", source_type=signing.DRAWN
    )
    return signing.tamper(signed)


def _copy(_: Credentials) -> bytes:
    work = pictures.photograph("chelsea")
    return pictures.as_jpeg(pictures.cropped_mirrored_copy(work), quality=80)


def _unregistered(_: Credentials) -> bytes:
    """Of a work that is registered only after the entry was judged."""
    return pictures.as_jpeg(pictures.cropped_mirrored_copy(pictures.photograph("rocket", "jpg")), quality=88)


SCENES: tuple[Scene, ...] = (
    Scene(
        "Morning cup",
        "Photographed at the kitchen table.",
        "IMG_2231.jpg",
        lambda _: pictures.as_jpeg(pictures.photograph("coffee")),
        State.HUNG,
        CategoryKind.HUMAN,
    ),
    Scene(
        "Tiles for a station",
        "Generated in many runs and chosen by hand.",
        "tiles.png",
        lambda _: pictures.as_png(pictures.tiles(7)),
        State.HUNG,
        CategoryKind.AI,
        AILevel.GENERATED,
        (
            {
                "model": "public-diffusion",
                "model_words": "Public Diffusion",
                "licence_class": LicenceClass.PUBLIC_DOMAIN,
            },
        ),
        "tiles, quarter circles, five inks",
    ),
    Scene(
        "Evening ridge",
        "",
        "ridge.jpg",
        lambda _: pictures.as_jpeg(pictures.hills(3)),
        State.REJECTED,
        None,
        AILevel.GENERATED,
        (
            {
                "model": "stable-diffusion-1",
                "model_words": "Stable Diffusion",
                "version": "1.5",
                "licence_class": LicenceClass.SCRAPED,
            },
        ),
        "mountain ridges at dusk, flat colours",
    ),
    Scene("Moon over the valley", "Painted from memory.", "valley.jpg", _signed_as_generated, State.HELD),
    Scene("Green eyes", "My neighbour's cat.", "cat.jpg", _copy, State.HELD),
    Scene(
        "Standing waves",
        "",
        "waves.png",
        lambda _: pictures.as_png(pictures.orbits(5), parameters=PARAMETERS),
        State.HELD,
    ),
    Scene("The workshop", "Found light, no retouching.", "workshop.jpg", _tampered, State.HELD),
    Scene(CLAIMED, "From the dunes, early.", "countdown.jpg", _unregistered, State.HUNG, CategoryKind.HUMAN),
)


def the_stage() -> tuple[Contest, User, Artist]:
    """The contest, the entrant and the artist; set up unless an earlier run came so far."""
    contest = Contest.objects.filter(slug=CONTEST).first()
    if contest is None:
        return _set_the_stage()
    artist = Artist.objects.get(owner__email="artist@example.org")
    return contest, User.objects.get(email="entrant@example.org"), artist


@transaction.atomic
def _set_the_stage() -> tuple[Contest, User, Artist]:
    """People, an organization, an open contest with the default rules, and an artist."""
    people = {email: _person(email, name) for email, name in PEOPLE.items()}
    house = Organization.objects.create(name="Salon House", slug="salon-house", is_trusted=True)
    for email, role in (("organizer@example.org", Role.OWNER), ("juror@example.org", Role.JUROR)):
        Membership.objects.create(organization=house, user=people[email], role=role)
    now = timezone.now()
    contest = Contest.objects.create(
        organization=house,
        title="Spring Salon",
        slug=CONTEST,
        description="Pictures of any kind. Human works and works made with AI hang in rooms of their own.",
        opens_at=now - timedelta(days=1),
        closes_at=now + timedelta(days=60),
        time_zone="Asia/Seoul",
        published=True,
    )
    for kind in CategoryKind:
        Category.objects.create(contest=contest, kind=kind, name=str(kind.label))
    PolicyVersion.objects.create(contest=contest, number=1, document=PRESETS["apart"].as_json())
    artist = Artist.objects.create(owner=people["artist@example.org"], name="Haneul Seo")
    # Without proof a match would be a note only; here the house knows its artist.
    proofs.vouch(
        artist,
        work=None,
        organization=house.slug,
        by=people["organizer@example.org"],
        note="Shown here in 2024.",
    )
    return contest, people["entrant@example.org"], artist


def _person(email: str, name: str) -> User:
    from allauth.account.models import EmailAddress  # noqa: PLC0415 -- allauth's models load after ours

    user = User.objects.create_user(email, PASSWORD, display_name=name)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def register_work(artist: Artist) -> Work:
    """The work that one of the entries copies."""
    return registry.register(artist, io.BytesIO(registered_work()), title="Chelsea", year="2024")


def register_later_work(artist: Artist) -> Work:
    """The work of which the artist finds a copy on the wall; registered after the entries were judged."""
    earlier = Work.objects.filter(artist=artist, title="Launch").first()
    picture = pictures.as_jpeg(pictures.photograph("rocket", "jpg"))
    return earlier or registry.register(artist, io.BytesIO(picture), title="Launch", year="2023")


def hand_in(contest: Contest, entrant: User) -> Iterator[Entry]:
    """Each scene through the same verbs as the pages use; one that was handed in before stays as it is."""
    credentials = signing.make_credentials("Vernissage demonstration")
    for scene in SCENES:
        earlier = contest.entries.filter(entrant=entrant, title=scene.title).first()
        yield earlier or _hand_in(scene, contest, entrant, credentials)


@transaction.atomic
def _hand_in(scene: Scene, contest: Contest, entrant: User, credentials: Credentials) -> Entry:
    entry = intake.start(contest, by=entrant)
    file = SimpleUploadedFile(scene.file_name, scene.make(credentials))
    intake.add_file(entry, take_picture(file))
    intake.keep(
        entry,
        work={"title": scene.title, "statement": scene.statement},
        statement={"level": scene.level, "prompts": scene.prompts},
        tools=scene.tools,
    )
    with override(entrant.language):
        intake.hand_in(entry, by=entrant, signed=entrant.display_name)
    return entry


def appeal(entries: Iterable[Entry]) -> Appeal | None:
    """The entrant of what the rules rejected contests it, once; whoever organizes the contest decides."""
    for entry in entries:
        judgement = judgements.in_force(entry)
        if judgement is not None and judgement.stood == Route.REJECT and judgement.bar is None:
            return filing.file(entry, by=entry.entrant, asks=Route.AI_APART, words=APPEAL)
    return None


def claim(entries: Iterable[Entry], artist: Artist) -> Claim | None:
    """The artist sees a copy of the later work on the wall and claims it, once; its entrant is to answer."""
    entry = next(one for one in entries if one.title == CLAIMED)
    if entry.claims.exists():
        return None
    artwork, owner = entry.artworks.get(), artist.owner
    assert owner is not None  # the stage gave the portfolio one
    work = Work.objects.get(artist=artist, title="Launch")
    return claims.file_claim(work, artwork, by=owner, artist=artist, region=WHERE, words=CLAIM)
