"""What neutral people decide about registrations, and what later registrations mean for open contests."""

import json
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from matching.models import Conflict, ConflictOutcome, Proof, ProofState
from matching.registry import conflicts as clashes
from matching.registry import proofs, standing
from matching.registry.standing import lift as lift_doubt
from moderation import ledger, policy, registrations, screening, sightings
from moderation.checks.registry import PERMITTED, party_of, stands
from moderation.evidence import Shown
from moderation.forms.registrations import ConflictForm, LiftForm, ProofForm
from moderation.models import CheckResult, Screening, Sighting
from moderation.verdicts import Finding, Lane, Outcome, Route
from moderation.views import doors
from moderation.views.matched import FENCED
from moderation.wording import labels
from submissions.people import signed_in

A_PAGE = 50


@login_required
def desk(request: HttpRequest) -> HttpResponse:
    """Proofs, doubts and conflicts that wait for a neutral person."""
    user = signed_in(request)
    if not registrations.may_judge(user):
        raise Http404
    context = {
        "proofs": registrations.open_proofs(user)[:A_PAGE],
        "conflicts": registrations.open_conflicts(user)[:A_PAGE],
        "doubts": registrations.doubts(user)[:A_PAGE],
        "vouched": registrations.vouched_by(user)[:A_PAGE],
        "suspensions": registrations.suspensions(user)[:A_PAGE],
    }
    return render(request, "moderation/registrations.html", context)


@login_required
@require_POST
def decide_proof(request: HttpRequest, public_id: UUID) -> HttpResponse:
    user = signed_in(request)
    proof = get_object_or_404(Proof.objects.select_related("artist"), public_id=public_id)
    if not registrations.open_proofs(user).filter(pk=proof.pk).exists():
        raise Http404
    form = ProofForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say accept or refuse, and in a word why."))
        return redirect("moderation:registrations")
    try:
        proofs.decide(
            proof, state=ProofState(form.cleaned_data["state"]), by=user, note=form.cleaned_data["note"]
        )
    except proofs.NotOpen:
        messages.warning(request, _("Somebody else was quicker."))
    else:
        messages.success(request, _("Noted."))
    return redirect("moderation:registrations")


@login_required
@require_POST
def revoke_proof(request: HttpRequest, public_id: UUID) -> HttpResponse:
    user = signed_in(request)
    proof = get_object_or_404(registrations.vouched_by(user), public_id=public_id)
    if proofs.revoke(proof, by=user, note=_("Taken back by %(person)s.") % {"person": user}):
        messages.success(request, _("Your organization no longer vouches for it."))
    return redirect("moderation:registrations")


@login_required
@require_POST
def lift(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a doubt is none."""
    user = signed_in(request)
    doubt = get_object_or_404(registrations.doubts(user), pk=pk)
    form = LiftForm(request.POST)
    if form.is_valid():
        lift_doubt(doubt, by=user, because=form.cleaned_data["because"])
        messages.success(request, _("The doubt is lifted."))
    else:
        messages.error(request, _("Say why."))
    return redirect("moderation:registrations")


@login_required
def conflict(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Both works side by side, what both said, and the decision."""
    user = signed_in(request)
    found = get_object_or_404(
        Conflict.objects.select_related("older__artist", "newer__artist"), public_id=public_id
    )
    if not registrations.may_decide(user, found):
        raise Http404
    form = ConflictForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            clashes.decide(
                found,
                by=user,
                outcome=ConflictOutcome(form.cleaned_data["outcome"]),
                reason=form.cleaned_data["reason"],
            )
        except clashes.NotOpen:
            messages.warning(request, _("The conflict was closed meanwhile."))
        else:
            messages.success(request, _("Decided. Both sides read your reason."))
        return redirect("moderation:registrations")
    sides = [
        (work, standing(work), _outline(found.data.get(region)))
        for work, region in ((found.older, "older_region"), (found.newer, "newer_region"))
    ]
    context = {
        "conflict": found,
        "sides": sides,
        "answers": found.answers.select_related("artist"),
        "form": form,
    }
    return render(request, "moderation/conflict.html", context)


@require_safe
@login_required
def conflict_picture(request: HttpRequest, public_id: UUID, side: str) -> FileResponse:
    """A work's picture for who decides; never the original."""
    found = get_object_or_404(
        Conflict.objects.select_related("older__artist", "newer__artist"), public_id=public_id
    )
    if not registrations.may_decide(signed_in(request), found):
        raise Http404
    work = found.older if side == "older" else found.newer
    stored = work.display or work.thumbnail
    if not stored:
        raise Http404
    try:
        file = stored.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(file, content_type="image/webp", headers=FENCED)


@dataclass(frozen=True)
class Later:
    """A work that came after the entry it was seen in, and what today's rules would say."""

    sighting: Sighting
    shown: Shown
    would: str


@login_required
def later(request: HttpRequest) -> HttpResponse:
    """Works registered after an entry was judged. Nothing changed; here one sees what would."""
    user = signed_in(request)
    everything = request.GET.get("all") == "yes"
    mine = registrations.seen_later(user) if everything else registrations.unnoted(user)
    rows = mine.select_related("artwork__entry__contest", "work__artist").distinct()
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "found": [_as_later(sighting) for sighting in page],
        "all": everything,
    }
    return render(request, "moderation/later.html", context)


@login_required
@require_POST
def note_later(request: HttpRequest, public_id: UUID) -> HttpResponse:
    found = get_object_or_404(
        Sighting.objects.select_related("artwork__entry__contest"), public_id=public_id, later=True
    )
    doors.entry(request, found.artwork.entry.public_id)
    if sightings.acknowledge(found, by=signed_in(request)):
        messages.success(request, _("Noted. Nothing else changed."))
    return redirect("moderation:later")


def _as_later(sighting: Sighting) -> Later:
    """With the work's standing and terms of today: a proof may have come since it was found."""
    entry = sighting.artwork.entry
    code, said_now = stands(sighting.work, party_of(entry))
    data = sighting.data | said_now
    finding = Finding(
        "registry",
        Lane.COPY,
        Outcome.CLEAR if code == PERMITTED else Outcome.FLAG,
        code,
        data,
        artwork=sighting.artwork_id,
    )
    shown = Shown(
        CheckResult(check_name="registry", code=code, outcome=finding.outcome, data=data),
        sighting.artwork,
    )
    last: Screening | None = entry.screenings.filter(abandoned_at=None).order_by("-number").first()
    if last is None:
        return Later(sighting, shown, "")
    rules = entry.contest.policy.rules
    said = policy.route([*screening.recorded(last), finding], screening.statement_of(last.disclosure), rules)
    return Later(sighting, shown, labels.label(labels.ROUTES, Route(said.route)))


@login_required
def shares(request: HttpRequest, slug: str) -> HttpResponse:
    """The ledger of revenue shares."""
    found = doors.organization(request, slug)
    page = Paginator(ledger.of_organization(found), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "moderation/ledger.html", {"organization": found, "page": page})


@login_required
@require_safe
def shares_file(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """The whole ledger as CSV or JSON."""
    found = doors.organization(request, slug)
    lines = ledger.of_organization(found)
    if kind == "csv":
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        response.write("\ufeff")  # spreadsheets take the file for UTF-8 by this mark
        ledger.write_csv(response, lines)
    else:
        rows = list(ledger.as_rows(lines))
        response = HttpResponse(json.dumps(rows, ensure_ascii=False), content_type="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="ledger.{kind}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _outline(region: object) -> str:
    return Shown(CheckResult(code="copy.verified", data={"region": region, "by": "geometry"}), None).outline
