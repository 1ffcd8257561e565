"""What would unmask an entrant is planted wherever a file has room, and looked for wherever those get who are
not to know whose work they judge: jurors always, reviewers where a contest is reviewed blindly."""

import contextlib
import io
import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from typing import Any

import c2pa
import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from PIL import Image
from PIL.ExifTags import IFD, Base
from PIL.PngImagePlugin import PngInfo

from moderation import blind, decisions, screening
from moderation.credentials import copies
from moderation.models import Case, CheckResult, Interest, InterestSource, ReviewSettings, SignedCopy
from moderation.screening import run_stage
from moderation.stages import begin
from moderation.verdicts import Route
from submissions.models import (
    Artwork,
    CategoryKind,
    Entry,
    ProcessFile,
    ProcessPreview,
    Role,
    User,
)
from submissions.states import State
from tests.factories import make_artwork, make_contest, make_draft, make_entry, make_member, make_user
from tests.factories import make_disclosure as make_statement
from tests.moderation.provenance import signing
from tests.moderation.rows import CONTRADICTION
from tests.pictures import as_file, draw

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
WORD = "zanzibar"  # every secret begins with it, so that any of them is found
SECRET = re.compile(rb"zanzibar-\w+")
PLACES = (
    "identity", "author", "certificate", "gps", "exifartist", "xmpcreator", "comment", "filename",
    "ingredient", "thumbnail", "prompt", "generator", "title", "name", "email", "copyright", "serial",
    "byline", "process", "layer", "camera",
)  # fmt: skip
# What a reviewer judges by: the words that were given to a generator, and the generator's name.
EVIDENCE = {"prompt", "generator"}


def secret(place: str) -> str:
    assert place in PLACES
    return f"{WORD}-{place}"


# A statement's own words, with everything in it by which the desk knows the entrant.
CONFESSION = (
    f"I, {secret('name')}, made {secret('filename')}.jpg after {secret('process')}.psd; write to "
    f"{secret('email')}@example.org."
)


@dataclass
class Planted:
    entry: Entry
    artwork: Artwork
    original: bytes


def _picture() -> bytes:
    """A JPEG whose own metadata tells who made it, where, and with which words."""
    exif = Image.Exif()
    exif[Base.Artist] = secret("exifartist")
    exif[Base.ImageDescription] = f"{secret('prompt')}\nSteps: 20, Sampler: Euler, CFG scale: 7"
    exif[Base.Copyright] = secret("copyright")
    exif.get_ifd(IFD.Exif)[Base.BodySerialNumber] = secret("serial")
    exif.get_ifd(IFD.GPSInfo)[0x1D] = secret("gps")  # date stamp, a text
    xmp = (
        "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
        "<rdf:Description xmlns:dc='http://purl.org/dc/elements/1.1/' "
        f"dc:creator='{secret('xmpcreator')}'/></rdf:RDF></x:xmpmeta>"
    )
    return _with_byline(
        as_file(
            draw(11, 640, 480),
            "JPEG",
            exif=exif.tobytes(),
            xmp=xmp.encode(),
            comment=secret("comment").encode(),
        )
    )


def _with_byline(jpeg: bytes) -> bytes:
    """IPTC's By-line (2:80) in Photoshop's block, right behind the start of the image."""
    said = secret("byline").encode()
    iptc = b"\x1c\x02\x50" + len(said).to_bytes(2, "big") + said
    block = b"8BIM\x04\x04\x00\x00" + len(iptc).to_bytes(4, "big") + iptc + b"\0" * (len(iptc) % 2)
    segment = b"Photoshop 3.0\0" + block
    return jpeg[:2] + b"\xff\xed" + (len(segment) + 2).to_bytes(2, "big") + segment + jpeg[2:]


def _thumbnail() -> bytes:
    """A picture with a text inside: what a thumbnail shows must not reach a juror, in any encoding."""
    return as_file(draw(12, 200, 150), "JPEG", comment=secret("thumbnail").encode())


def _signed(original: bytes) -> bytes:
    who = signing.leaf(signing.authority("Root"), secret("certificate")).signatory
    author = {"@type": "Person", "name": secret("author")}
    definition: dict[str, Any] = {
        "title": secret("title"),
        "claim_generator_info": [{"name": secret("generator")}],
        "assertions": [
            {"label": "c2pa.actions.v2", "data": {"actions": [signing.created("digitalCapture")]}},
            {
                "label": "stds.schema-org.CreativeWork",
                "data": {"@context": "https://schema.org", "@type": "CreativeWork", "author": [author]},
            },
            {"label": "adobe.crypto.addresses", "data": {"ethereum": [secret("identity")]}},
            {
                "label": "stds.exif",
                "data": {
                    "@context": {"exif": "http://ns.adobe.com/exif/1.0/"},
                    "exif:GPSAreaInformation": secret("gps"),
                },
            },
        ],
    }
    about = {
        "title": secret("ingredient"),
        "relationship": "componentOf",
        "thumbnail": {"format": "image/jpeg", "identifier": "thumb.jpg"},
    }
    quiet = {"verify": {"verify_after_sign": False}, "builder": {"thumbnail": {"enabled": False}}}
    output = io.BytesIO()
    with (
        c2pa.Context.from_dict(quiet) as context,
        c2pa.Builder(definition, context) as builder,
        c2pa.Signer.from_callback(who.sign, who.algorithm, who.chain) as signer,
    ):
        builder.add_resource("thumb.jpg", io.BytesIO(_thumbnail()))
        builder.add_ingredient(about, "image/jpeg", io.BytesIO(as_file(draw(13, 64, 48), "JPEG")))
        builder.sign(signer, "image/jpeg", io.BytesIO(original), output)
    return output.getvalue()


@pytest.fixture
def planted() -> Planted:
    """An entry full of secrets, read by the real checks, and hung."""
    contest = make_contest()
    entrant = make_user(display_name=secret("name"), email=f"{secret('email')}@example.org")
    entry = make_draft(contest=contest, entrant=entrant, title="Harbour", statement=CONFESSION)
    original = _signed(_picture())
    artwork = make_artwork(
        entry, content=original, media_type="image/jpeg", original_name=f"{secret('filename')}.jpg"
    )
    process = ProcessFile.objects.create(
        entry=entry, original_name=f"{secret('process')}.psd", size=9, sha256="0" * 64
    )
    layers = [{"name": secret("layer"), "width": 8, "height": 8, "mode": "normal", "opacity": 100}]
    ProcessPreview.objects.create(
        file=process, kind="psd", layers=layers, layer_count=1, camera=secret("camera")
    )
    make_statement(entry, prompts=secret("prompt"), explanation=CONFESSION, parts=CONFESSION)
    Entry.objects.filter(pk=entry.pk).update(state=State.RECEIVED, submitted_at=entry.created)
    entry.refresh_from_db()
    run_stage(begin(entry), "screen")
    human = contest.categories.get(kind=CategoryKind.HUMAN)
    Entry.objects.filter(pk=entry.pk).update(state=State.HUNG, category=human)
    entry.refresh_from_db()
    artwork.refresh_from_db()
    return Planted(entry, artwork, original)


def said_by(client: Client, path: str) -> tuple[int, bytes]:
    """Status, and everything that came: headers, body, and an image's metadata once more, unpacked."""
    response = client.get(path)
    body = response.getvalue() if response.streaming else response.content
    return response.status_code, str(dict(response.headers)).encode() + body


def juror_paths(planted: Planted) -> Iterator[str]:
    slug = planted.entry.contest.slug
    yield from (f"/contests/{slug}/jury/", f"/contests/{slug}/jury/?category=ai")
    yield from ("/", "/contests/", f"/contests/{slug}/", f"/contests/{slug}/gallery/")
    yield f"/contests/{slug}/gallery/{planted.entry.public_id}/"
    yield from (f"/pictures/{planted.artwork.public_id}/{size}" for size in ("display", "thumbnail"))


def closed_paths(planted: Planted) -> Iterator[str]:
    """Where those who judge look behind the scenes."""
    artwork, entry = planted.artwork.public_id, planted.entry.public_id
    yield from (f"/originals/{artwork}", f"/organize/entry/{entry}/", f"/entries/{entry}/")
    yield from (f"/entries/{entry}/credentials/", f"/credentials/{artwork}/report.json")
    copy = copies.fulfil(copies.ask(planted.entry, by=None)[0])
    yield f"/signed-copies/{copy.public_id}"
    finding = CheckResult.objects.get(check_name="provenance")
    (child,) = finding.data["manifests"]["children"]
    yield f"/credentials/{artwork}/{child['picture']}"


def test_the_secrets_are_really_there(planted: Planted) -> None:
    """For every negative below, something that could leak."""
    findings = str(list(CheckResult.objects.values_list("data", flat=True)))

    in_file = {place for place in PLACES if secret(place).encode() in planted.original}
    in_findings = {place for place in PLACES if secret(place) in findings}

    assert in_file == set(PLACES) - {"filename", "name", "email", "process", "layer", "camera"}
    assert in_findings >= {"certificate", "ingredient", "generator", "title", "prompt"}
    flags = CheckResult.objects.get(check_name="provenance").data["flags"]
    assert {"identity", "author_name", "gps"} <= set(flags)


@pytest.mark.parametrize("who", ["juror", "visitor", "other_entrant"])
def test_nothing_reaches_jurors_or_the_public(planted: Planted, as_person: SignIn, who: str) -> None:
    people: dict[str, Callable[[], Client]] = {
        "juror": lambda: as_person(make_member(planted.entry.contest.organization, Role.JUROR)),
        "visitor": Client,
        "other_entrant": lambda: as_person(make_user()),
    }
    client = people[who]()
    leaks = {}
    opened = set()
    for path in juror_paths(planted):
        status, said = said_by(client, path)
        if status == 200:
            opened.add(path)
        if found := set(SECRET.findall(said.lower())):
            leaks[path] = found

    assert leaks == {}
    assert len(opened) >= 7  # the pages were really there to be searched
    assert b"Harbour" in said_by(client, f"/contests/{planted.entry.contest.slug}/gallery/")[1]


def named_pages() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Name and arguments of every page in the three rooms that answer people."""
    for room in ("moderation", "submissions", "matching"):
        for page in import_module(f"{room}.urls").urlpatterns:
            arguments = page.pattern.converters or page.pattern.regex.groupindex
            yield f"{room}:{page.name}", tuple(arguments)


def every_path(planted: Planted) -> Iterator[str]:
    """Every page there is, downloads included, asked for with all of this entry that an address may name."""
    list(closed_paths(planted))  # a signed copy, the report and an ingredient's picture lie there to be had
    artwork, entry, contest = planted.artwork, planted.entry, planted.entry.contest
    copy = SignedCopy.objects.get(artwork=artwork)
    findings = CheckResult.objects.filter(screening__entry=entry)
    child = findings.get(check_name="provenance").data["manifests"]["children"][0]
    values: dict[str, list[Any]] = {
        "slug": [contest.slug, contest.organization.slug],
        "public_id": [
            entry.public_id,
            artwork.public_id,
            copy.public_id,
            *entry.process_files.values_list("public_id", flat=True),
        ],
        "pk": [entry.pk, *findings.values_list("pk", flat=True), *entry.cases.values_list("pk", flat=True)],
        "finding": list(findings.values_list("pk", flat=True)),
        "work": [entry.public_id],
        "key": [child["picture"]],
        "size": ["display", "thumbnail"],
        "layer": ["outlines", "overlay"],
    }
    for name, arguments in named_pages():
        for chosen in itertools.product(*(values.get(each, ["1"]) for each in arguments)):
            with contextlib.suppress(NoReverseMatch):
                yield reverse(name, kwargs=dict(zip(arguments, chosen, strict=True)))


@pytest.mark.parametrize("who", ["juror", "visitor"])
def test_no_page_at_all_tells_who_made_it(planted: Planted, as_person: SignIn, who: str) -> None:
    juror = as_person(make_member(planted.entry.contest.organization, Role.JUROR))
    client = juror if who == "juror" else Client()

    answers = {path: said_by(client, path) for path in every_path(planted)}

    leaks = {path: found for path, (_, said) in answers.items() if (found := SECRET.findall(said.lower()))}
    assert leaks == {}
    assert len(answers) > 100
    assert sum(status == 200 for status, _ in answers.values()) >= 8
    assert {status for status, _ in answers.values()} <= {200, 302, 403, 404, 405}


@pytest.mark.parametrize("size", ["display", "thumbnail"])
def test_a_juror_loads_pictures_without_any_metadata(planted: Planted, as_person: SignIn, size: str) -> None:
    juror = as_person(make_member(planted.entry.contest.organization, Role.JUROR))

    response = juror.get(f"/pictures/{planted.artwork.public_id}/{size}")

    data = response.getvalue()
    with Image.open(io.BytesIO(data)) as image:
        assert set(image.info) <= {"loop", "background", "timestamp", "duration"}
        assert not image.getexif()
    assert not {b"EXIF", b"XMP ", b"C2PA", b"ICCP"} & {data[at : at + 4] for at in range(12, len(data) - 4)}
    assert planted.artwork.original_name not in str(dict(response.headers))


@pytest.mark.parametrize("who", ["juror", "visitor"])
def test_what_lies_behind_stays_shut(planted: Planted, as_person: SignIn, who: str) -> None:
    juror = make_member(planted.entry.contest.organization, Role.JUROR)
    organizer = make_member(planted.entry.contest.organization, Role.ORGANIZER)
    client = as_person(juror) if who == "juror" else Client()
    shut = list(closed_paths(planted))

    answers = {path: said_by(client, path) for path in shut}
    open_to_organizer = [path for path in shut if said_by(as_person(organizer), path)[0] == 200]

    assert {status for status, _ in answers.values()} == ({404} if who == "juror" else {302})
    assert not any(WORD.encode() in said.lower() for _, said in answers.values())
    assert len(open_to_organizer) == len(shut) - 1  # all but the entrant's own page


def test_a_label_is_all_that_visitors_learn_of_credentials(planted: Planted) -> None:
    Artwork.objects.filter(pk=planted.artwork.pk).update(credential_label="ai_generated")

    _, said = said_by(Client(), f"/contests/{planted.entry.contest.slug}/gallery/{planted.entry.public_id}/")

    assert b"AI-generated" in said
    assert WORD.encode() not in said.lower()


def test_a_pngs_texts_do_not_travel_either(as_person: SignIn) -> None:
    info = PngInfo()
    info.add_text("Author", secret("author"))
    info.add_itxt("parameters", f"{secret('prompt')}\nSteps: 20, Sampler: Euler, CFG scale: 7")
    content = as_file(draw(14, 320, 200), "PNG", pnginfo=info)
    contest = make_contest()
    entry = make_draft(contest=contest, title="Harbour")
    artwork = make_artwork(entry, content=content)
    make_statement(entry)
    Entry.objects.filter(pk=entry.pk).update(state=State.RECEIVED, submitted_at=entry.created)
    entry.refresh_from_db()
    run_stage(begin(entry), "screen")
    human = contest.categories.get(kind=CategoryKind.HUMAN)
    Entry.objects.filter(pk=entry.pk).update(state=State.HUNG, category=human)
    juror = as_person(make_member(contest.organization, Role.JUROR))

    said = [said_by(juror, path) for path in juror_paths(Planted(entry, artwork, content))]

    assert WORD.encode() in content
    assert not any(WORD.encode() in body.lower() for _, body in said)
    assert [status for status, _ in said].count(200) >= 8


# Reviewers who are not to know


@pytest.fixture
def waiting(planted: Planted) -> Case:
    """The same entry before a reviewer of a contest that is reviewed blindly, named secrets and all."""
    ReviewSettings.objects.create(contest=planted.entry.contest, blind=True)
    entry = planted.entry
    Interest.objects.create(
        entry=entry,
        named="Somebody",
        source=InterestSource.ENTRANT,
        reason=f"He knows {secret('name')}.",
        by=entry.entrant,
    )
    Entry.objects.filter(pk=entry.pk).update(state=State.RECEIVED, category=None)
    entry.refresh_from_db()
    looked = entry.screenings.get()
    said = {**CONTRADICTION.data, "signer_name": secret("certificate"), "author": secret("author")}
    CheckResult.objects.create(
        screening=looked,
        artwork=planted.artwork,
        check_name="statement",
        lane=CONTRADICTION.lane,
        outcome=CONTRADICTION.outcome,
        code=CONTRADICTION.code,
        data=said,
    )
    assert screening.conclude(looked) is not None
    entry.refresh_from_db()
    planted.entry = entry
    return Case.objects.open().get(entry=entry)


def reviewer_paths(planted: Planted) -> Iterator[str]:
    """Every door, once with and once without a signed copy, and the queues as they may be asked."""
    entry, artwork = planted.entry, planted.artwork
    yield from (f"/organize/queue/?queue={name}" for name in ("all", "contradictions", "unchecked"))
    yield from (f"/organize/case/{case}/" for case in entry.cases.values_list("pk", flat=True))
    values: dict[str, list[Any]] = {
        "slug": [entry.contest.slug, entry.contest.organization.slug],
        "public_id": [
            entry.public_id,
            artwork.public_id,
            *entry.process_files.values_list("public_id", flat=True),
        ],
        "pk": [entry.pk, *entry.cases.values_list("pk", flat=True)],
        "finding": list(CheckResult.objects.values_list("pk", flat=True)),
        "artwork": [artwork.public_id],
        "size": ["display", "thumbnail"],
        "kind": ["csv", "json"],
        "layer": ["ground", "work"],
        "key": [_child(planted)],
    }
    for name, arguments in named_pages():
        for chosen in itertools.product(*(values.get(each, ["1"]) for each in arguments)):
            with contextlib.suppress(NoReverseMatch):
                yield reverse(name, kwargs=dict(zip(arguments, chosen, strict=True)))


def _child(planted: Planted) -> str:
    data = CheckResult.objects.get(check_name="provenance", artwork=planted.artwork).data
    return str(data["manifests"]["children"][0]["picture"])


def leaks_to(client: Client, planted: Planted) -> dict[str, set[str]]:
    """The secrets that each door tells; and what was opened at all, under its own name."""
    found: dict[str, set[str]] = {}
    opened = 0
    for path in reviewer_paths(planted):
        status, said = said_by(client, path)
        opened += status == 200
        names = {one.decode().removeprefix(f"{WORD}-") for one in SECRET.findall(said.lower())}
        if hidden := names - EVIDENCE:
            found[path] = hidden
    assert opened >= 15
    return found


@pytest.mark.parametrize("role", [Role.ORGANIZER, Role.OWNER])
def test_no_door_tells_a_blind_reviewer_who_made_it(
    planted: Planted, waiting: Case, as_person: SignIn, role: Role
) -> None:
    client = as_person(make_member(planted.entry.contest.organization, role))

    page = client.get(f"/organize/case/{waiting.pk}/").content.decode()

    assert leaks_to(client, planted) == {}
    assert "Harbour" in page
    assert blind.MASK in page  # the statement is there, without the name
    assert secret("prompt") in page


def test_the_same_doors_tell_it_where_nobody_asked_for_blindness(
    planted: Planted, waiting: Case, as_person: SignIn
) -> None:
    ReviewSettings.objects.update(blind=False)
    client = as_person(make_member(planted.entry.contest.organization, Role.OWNER))

    told = set().union(*leaks_to(client, planted).values())

    assert told >= {"name", "filename", "certificate", "process", "layer", "camera", "exifartist", "byline"}


def test_a_decided_entry_stays_veiled_until_the_contest_is_judged(
    planted: Planted, waiting: Case, as_person: SignIn
) -> None:
    organization = planted.entry.contest.organization
    reviewer = make_member(organization)
    decisions.decide(waiting, by=reviewer, route=Route.HUMAN, reason=f"Seen what {secret('name')} sent.")
    planted.entry.refresh_from_db()
    client, owner = as_person(reviewer), as_person(make_member(organization, Role.OWNER))

    while_judged = leaks_to(client, planted)
    now = timezone.now()
    contest = planted.entry.contest
    contest.opens_at, contest.closes_at = now - timedelta(days=90), now - timedelta(days=60)
    contest.save()
    afterwards = leaks_to(owner, planted)

    assert while_judged == {}
    assert "name" in set().union(*afterwards.values())


def test_an_owner_lifts_it_for_one_case_on_the_record(
    planted: Planted, waiting: Case, as_person: SignIn
) -> None:
    organization = planted.entry.contest.organization
    reviewer = as_person(make_member(organization))
    owner = as_person(make_member(organization, Role.OWNER))
    page, lifting = f"/organize/case/{waiting.pk}/", f"/organize/case/{waiting.pk}/unveil/"

    by_reviewer = reviewer.post(lifting, {"reason": "I want to know."}).status_code
    without_reason = owner.post(lifting, {})
    before = reviewer.get(page).content.decode()
    owner.post(lifting, {"reason": "A minor has to be asked for consent."})
    after = reviewer.get(page).content.decode()

    assert (by_reviewer, without_reason.status_code) == (404, 302)
    assert secret("name") not in before
    assert secret("name") in after
    assert "A minor has to be asked for consent." in after


def test_times_are_told_by_the_day(planted: Planted, waiting: Case, as_person: SignIn) -> None:
    client = as_person(make_member(planted.entry.contest.organization))
    signed = planted.entry.disclosures.get().attested_at
    assert signed is not None
    moments = {signed, waiting.opened_at, waiting.due_at, *planted.entry.moves.values_list("at", flat=True)}
    hours = {one.isoformat()[:16] for one in moments}
    paths = [
        f"/organize/case/{waiting.pk}/",
        f"/organize/entry/{planted.entry.public_id}/",
        "/organize/queue/",
        f"/organize/contest/{planted.entry.contest.slug}/all/",
    ]

    def told() -> set[str]:
        pages = " ".join(client.get(path).content.decode() for path in paths)
        return {hour for hour in hours if hour in pages}

    veiled = told()
    ReviewSettings.objects.update(blind=False)

    assert veiled == set()
    assert told() != set()


def test_the_list_of_entries_tells_no_order_of_arrival(as_person: SignIn) -> None:
    contest = make_contest()
    ReviewSettings.objects.create(contest=contest, blind=True)
    client = as_person(make_member(contest.organization))
    for number in range(12):
        make_entry(contest=contest, state=State.HUNG, pictures=0, title=f"Work {number}")

    shown = [entry.title for entry in client.get(f"/organize/contest/{contest.slug}/all/").context["page"]]

    arrived = [f"Work {number}" for number in range(12)]
    assert sorted(shown) == sorted(arrived)
    assert shown not in (arrived, arrived[::-1])
