"""What an artist's own program sends: works, by a token; and what makers of data sets ask."""

from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import File, Form, NinjaAPI, Schema, Status
from ninja.errors import HttpError
from ninja.files import UploadedFile
from ninja.security import HttpBearer
from pydantic import Field

from matching import registry, terms
from matching.models import ApiToken, OnMatch, Work
from matching.registry import tokens

MOST_HASHES = 1000
MOST_KNOWN = 100  # in one address


class Token(HttpBearer):
    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        return tokens.holder(token)


class Told(Schema):
    """A work as its artist's program sees it."""

    work: UUID
    state: str
    sha256: str
    title: str
    file: str
    page: str
    new: bool = Field(description="Whether this request registered it; the same file twice is one work.")
    problem: str = ""


class About(Schema):
    title: str = Field("", max_length=300)
    year: str = Field("", max_length=20)
    source: str = Field("", max_length=500)
    rights: str = Field("", max_length=300)
    on_match: OnMatch | None = None
    share_percent: int | None = Field(None, ge=1, le=100)
    name: str = Field("", max_length=255)


class Hashes(Schema):
    sha256: list[str] = Field(max_length=MOST_HASHES)


class OptedOut(Schema):
    opted_out: list[str]


api = NinjaAPI(title="Vernissage", version="1", urls_namespace="api", docs_url=None)


@api.post("/works/", auth=Token(), response={201: Told, 200: Told}, summary="Register a work")
def register(request: HttpRequest, file: File[UploadedFile], about: Form[About]) -> Status[dict[str, Any]]:
    """One picture, as multipart form data. 201 where it is new, 200 where the portfolio has the file."""
    holder = _holder(request)
    wish = str(about.on_match.value) if about.on_match else ""
    if wish == OnMatch.SHARE_REVENUE and about.share_percent is None:
        raise HttpError(422, _("Say which share you ask for."))
    begun = timezone.now()
    try:
        work = registry.register(
            holder.artist,
            cast(Any, file.file),
            title=about.title,
            year=about.year,
            source=about.source,
            rights=about.rights,
            on_match=wish,
            share_percent=about.share_percent,
            name=about.name or file.name or "",
        )
    except registry.Refused as refused:
        raise HttpError(422, str(refused)) from refused
    is_new = work.registered >= begun
    return Status(201 if is_new else 200, _told(work, new=is_new))


@api.get("/works/known/", auth=Token(), response=list[str], summary="Which files are registered")
def known(request: HttpRequest, sha256: str) -> list[str]:
    """Of the fingerprints, separated by commas, those that the portfolio holds and need not be sent."""
    asked = [one.strip().lower() for one in sha256.split(",")[:MOST_KNOWN]]
    works = _holder(request).artist.works.kept().filter(sha256__in=asked)
    return list(works.values_list("sha256", flat=True))


@api.get("/works/{public_id}/", auth=Token(), response=Told, summary="How far a work is")
def show(request: HttpRequest, public_id: UUID) -> dict[str, Any]:
    work = _holder(request).artist.works.filter(public_id=public_id).defer("features").first()
    if work is None:
        raise HttpError(404, _("There is no such work."))
    return _told(work, new=False)


@api.post("/training/opt-outs/", response=OptedOut, summary="Which files may not be trained on")
def opt_outs(request: HttpRequest, hashes: Hashes) -> dict[str, list[str]]:
    """For whoever builds a data set: of these files, by SHA-256, those whose owners opted out."""
    asked = {one.strip().lower() for one in hashes.sha256}
    return {"opted_out": sorted(terms.opted_out(asked))}


def _holder(request: HttpRequest) -> ApiToken:
    holder = getattr(request, "auth", None)
    if not isinstance(holder, ApiToken):
        raise HttpError(401, "Unauthorized")
    return holder


def _told(work: Work, *, new: bool) -> dict[str, Any]:
    return {
        "work": work.public_id,
        "state": work.state,
        "sha256": work.sha256,
        "title": work.title,
        "file": work.original_name,
        "page": reverse("matching:work", args=[work.public_id]),
        "new": new,
        "problem": work.failure_sentence,
    }
