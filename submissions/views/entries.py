"""The entrant's desk, and an entry on its way."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, Subquery
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from submissions import attestation, events, intake, previews, readings, reasons, versions
from submissions.completeness import Lack
from submissions.forms import SignatureForm, Statement, with_reading, with_tool, without_tool
from submissions.models import Artwork, Contest, Entry, ProcessRole
from submissions.people import signed_in
from submissions.states import MOVES, State
from submissions.transitions import StaleState
from submissions.views.drafts import own_entry, sheet_problems

ENTRIES_A_PAGE = 24


@login_required
def desk(request: HttpRequest) -> HttpResponse:
    first = Artwork.objects.filter(entry=OuterRef("pk")).exclude(thumbnail="").order_by("position", "pk")
    entries = (
        Entry.objects.filter(entrant=signed_in(request))
        .select_related("contest__organization", "category")
        .annotate(files=Count("artworks"), cover=Subquery(first.values("public_id")[:1]))
        .order_by("-created")
    )
    page = Paginator(entries, ENTRIES_A_PAGE).get_page(request.GET.get("page"))
    contests = Contest.objects.open().select_related("organization").order_by("closes_at")[:3]
    return render(request, "submissions/desk.html", {"page": page, "contests": contests})


@login_required
def entry(request: HttpRequest, public_id: UUID) -> HttpResponse:
    found = own_entry(request, public_id)
    if found.state == State.DRAFT:
        return redirect("submissions:edit", public_id)
    signed = versions.of(found)
    context = {
        "entry": found,
        "contest": found.contest,
        "artworks": found.artworks.all(),
        "process_files": previews.of(found.process_files.exclude(role=ProcessRole.APPEAL)),
        "events": events.of(found),
        "disclosure": signed[0].disclosure if signed else None,
        "versions": signed,
        "reasons": reasons.of(found, signed_in(request)),
        "can_amend": found.state in intake.AMENDABLE,
        "can_withdraw": State.WITHDRAWN in MOVES[State(found.state)],
    }
    return render(request, "submissions/entry.html", context)


@login_required
def withdraw(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Asks first: a withdrawn entry does not come back."""
    found = own_entry(request, public_id)
    if State.WITHDRAWN not in MOVES[State(found.state)] or found.state == State.DRAFT:
        return redirect("submissions:entry", public_id)
    if request.method == "POST":
        try:
            intake.withdraw(found, by=signed_in(request))
        except StaleState:
            messages.error(request, _("The entry moved in this moment. Look where it stands now."))
        else:
            messages.success(request, _("The entry is withdrawn."))
        return redirect("submissions:entry", public_id)
    return render(request, "submissions/withdraw.html", {"entry": found})


@login_required
def amend(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """State anew how the work was made, while the desk has it. Nothing is kept before it is signed."""
    found = own_entry(request, public_id)
    if found.state not in intake.AMENDABLE:
        return redirect("submissions:entry", public_id)
    if request.method != "POST":
        return _amend_page(request, found, Statement(found.disclosure), SignatureForm(prefix="sign"))
    act, _colon, target = request.POST.get("do", "").partition(":")
    data: QueryDict = request.POST
    if act == "add-tool":
        data = with_tool(data)
    elif act == "remove-tool" and target.isdecimal():
        data = without_tool(data, int(target))
    elif act == "accept":
        taken = next((one for one in readings.untaken(found) if str(one.artwork.public_id) == target), None)
        data = with_reading(data, taken) if taken else data.copy()
    statement, signature = Statement(None, data), SignatureForm(data, prefix="sign")
    problems = sheet_problems(*statement.wrong)
    if data is not request.POST or problems:
        return _amend_page(request, found, statement, signature, problems, data)
    try:
        intake.amend(
            found,
            by=signed_in(request),
            statement=statement.facts,
            tools=statement.tool_facts or [],
            signed=signature.signed,
        )
    except intake.Incomplete as incomplete:
        return _amend_page(request, found, statement, signature, incomplete.lacks, data)
    except StaleState:
        messages.error(request, _("The entry moved in this moment. Look where it stands now."))
    else:
        messages.success(request, _("Your new statement is handed in. The earlier one stays on record."))
    return redirect("submissions:entry", public_id)


def _amend_page(
    request: HttpRequest,
    found: Entry,
    statement: Statement,
    signature: SignatureForm,
    problems: Sequence[Lack] = (),
    data: QueryDict | None = None,
) -> HttpResponse:
    offered = readings.untaken(found)
    context = {
        "entry": found,
        "statement": statement,
        "signature": signature,
        "problems": problems,
        "attestation": attestation.current(),
        "readings": [one for one in offered if data is None or with_reading(data, one) != data],
    }
    return render(request, "submissions/amend.html", context)
