"""A draft: begun from a contest's page, filled in on one page, handed in or thrown away.

Every press of a button on that page first keeps all that can be kept, files included, and then does what the
button says.
"""

from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from submissions import attestation, intake, readings, trials
from submissions.completeness import Lack
from submissions.forms import FilesForm, SignatureForm, Statement, WorkForm, with_tool, without_tool
from submissions.models import Artwork, Contest, Entry, FileReading, ProcessFile, ProcessRole
from submissions.people import signed_in
from submissions.states import State
from submissions.uploads import Refused, take_picture, take_process_file

Stored = TypeVar("Stored", Artwork, ProcessFile)


@login_required
@require_POST
def start(request: HttpRequest, slug: str) -> HttpResponse:
    contest = get_object_or_404(Contest.objects.public(), slug=slug)
    try:
        entry = intake.start(contest, by=signed_in(request))
    except intake.ContestClosed:
        messages.error(request, _("This contest takes no entries now."))
        return redirect("submissions:contest", slug)
    return redirect("submissions:edit", entry.public_id)


@dataclass
class Sheet:
    """The parts of the one page, and what is wrong with them."""

    entry: Entry
    work: WorkForm
    statement: Statement
    files: FilesForm
    signature: SignatureForm
    problems: list[Lack] = field(default_factory=list)


@login_required
def edit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    entry = own_entry(request, public_id)
    if entry.state != State.DRAFT:
        return redirect("submissions:entry", public_id)
    if request.method == "POST":
        try:
            return _keep_and_act(request, entry)
        except intake.NotADraft:  # handed in from another window
            return redirect("submissions:entry", public_id)
    rows = request.GET.get("tools", "")
    statement = Statement(entry.disclosure, rows=int(rows) if rows.isdecimal() else 0)
    work = WorkForm(prefix="work", initial={"title": entry.title, "statement": entry.statement})
    return _page(request, Sheet(entry, work, statement, FilesForm(), SignatureForm(prefix="sign")))


def own_entry(request: HttpRequest, public_id: UUID) -> Entry:
    """The signed-in person's entry; anybody else's does not exist for them."""
    entries = Entry.objects.select_related("contest__organization", "category")
    return get_object_or_404(entries, public_id=public_id, entrant=signed_in(request))


def _page(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    entry = sheet.entry
    files = list(entry.process_files.order_by("pk"))
    read = readings.of(entry)
    trial = trials.latest(entry)
    context = {
        "sheet": sheet,
        "entry": entry,
        "contest": entry.contest,
        "artworks": entry.artworks.all(),
        "process_files": [file for file in files if file.role == ProcessRole.PROCESS],
        "references": [file for file in files if file.role == ProcessRole.REFERENCE],
        "readings": [reading for reading in read if reading.is_open],
        "reading_waits": any(reading.read_at is None for reading in read),
        "trial": trial,
        "trial_is_of_now": trial is not None and trial.fingerprint == trials.fingerprint_of(entry),
        "trials_left": trials.left(signed_in(request)),
        "attestation": attestation.current(),
    }
    return render(request, "submissions/edit.html", context)


def _keep_and_act(request: HttpRequest, entry: Entry) -> HttpResponse:
    act, _colon, target = request.POST.get("do", "save").partition(":")
    data: QueryDict = request.POST
    if act == "add-tool":
        data = with_tool(data)
    elif act == "remove-tool" and target.isdecimal():
        data = without_tool(data, int(target))
    sheet = Sheet(
        entry,
        WorkForm(data, prefix="work"),
        Statement(None, data),
        FilesForm(data, request.FILES),
        SignatureForm(data, prefix="sign"),
    )
    _keep(sheet)
    if act in FILE_ACTS:
        FILE_ACTS[act](entry, target)
    if act == "hand-in":
        return _hand_in(request, sheet)
    if act == "dry-run":
        _try(request, sheet)
    if sheet.problems:
        return _page(request, sheet)
    if act == "save":
        messages.success(request, _("Your draft is saved."))
    more = f"?tools={len(sheet.statement.tools.forms)}" if act == "add-tool" else ""
    anchor = ANCHORS.get(act, "")
    return redirect(reverse("submissions:edit", args=[entry.public_id]) + more + anchor)


def _keep(sheet: Sheet) -> None:
    """Store everything readable and note what is not. One wrong field or file takes no other with it."""
    intake.keep(
        sheet.entry, work=sheet.work.kept, statement=sheet.statement.facts, tools=sheet.statement.tool_facts
    )
    sheet.problems += sheet_problems(sheet.work, *sheet.statement.wrong)
    sheet.files.is_valid()
    for file in sheet.files.cleaned_data["pictures"]:
        _add(sheet, file, "files")
    for file in sheet.files.cleaned_data["process_files"]:
        _add(sheet, file, "process")
    for file in sheet.files.cleaned_data["references"]:
        _add(sheet, file, "references")


def sheet_problems(*parts: forms.Form) -> list[Lack]:
    """What could not be read in ``parts``, each with the field it stands in."""
    found = []
    for form in parts:
        for name, errors in form.errors.items():
            bound = form[name]
            found += [
                Lack(bound.id_for_label or bound.auto_id, f"{bound.label}: {error}") for error in errors
            ]
    return found


def _add(sheet: Sheet, file: "UploadedFile[bytes]", place: str) -> None:
    try:
        if place == "files":
            intake.add_file(sheet.entry, take_picture(file))
        else:
            role = ProcessRole.REFERENCE if place == "references" else ProcessRole.PROCESS
            intake.add_process_file(sheet.entry, take_process_file(file), role=role)
    except Refused as refused:
        sheet.problems.append(Lack(place, str(refused)))


def _hand_in(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    if not sheet.problems:
        try:
            intake.hand_in(sheet.entry, by=signed_in(request), signed=sheet.signature.signed)
        except intake.Incomplete as incomplete:
            sheet.problems = incomplete.lacks
        except intake.ContestClosed:
            sheet.problems = [Lack("content", _("The contest is closed. Your draft is kept."))]
        else:
            messages.success(request, _("Your entry is handed in. You will hear from us by e-mail."))
            return redirect("submissions:entry", sheet.entry.public_id)
    return _page(request, sheet)


def _try(request: HttpRequest, sheet: Sheet) -> None:
    try:
        trials.ask(sheet.entry, by=signed_in(request))
    except intake.Incomplete as incomplete:
        sheet.problems += incomplete.lacks
    except trials.TooMany:
        sheet.problems.append(Lack("trial", _("You have checked drafts as often as one may in a day.")))


def _remove(entry: Entry, target: str) -> None:
    intake.remove_file(_file(entry.artworks.select_related("entry"), target))


def _remove_process_file(entry: Entry, target: str) -> None:
    intake.remove_file(_file(entry.process_files.select_related("entry"), target))


def _earlier(entry: Entry, target: str) -> None:
    intake.shift_file(_file(entry.artworks.select_related("entry"), target), -1)


def _later(entry: Entry, target: str) -> None:
    intake.shift_file(_file(entry.artworks.select_related("entry"), target), 1)


def _accept(entry: Entry, target: str) -> None:
    readings.accept(_reading(entry, target))


def _decline(entry: Entry, target: str) -> None:
    readings.decline(_reading(entry, target))


def _reading(entry: Entry, target: str) -> FileReading:
    return get_object_or_404(FileReading, artwork=_file(entry.artworks.all(), target))


FILE_ACTS = {
    "remove": _remove,
    "remove-process": _remove_process_file,
    "earlier": _earlier,
    "later": _later,
    "accept": _accept,
    "decline": _decline,
}
# Where the page stands after a button was pressed.
ANCHORS = {
    "add-tool": "#tools",
    "remove-tool": "#tools",
    "accept": "#statement",
    "dry-run": "#trial",
    **dict.fromkeys(("remove", "earlier", "later", "decline"), "#files"),
    "remove-process": "#process",
}


def _file(files: QuerySet[Stored], target: str) -> Stored:
    try:
        return get_object_or_404(files, public_id=UUID(target))
    except ValueError as error:
        raise Http404 from error


@login_required
def discard(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Asks first; the bytes are gone afterwards."""
    entry = own_entry(request, public_id)
    if entry.state != State.DRAFT:
        return redirect("submissions:entry", public_id)
    if request.method == "POST":
        try:
            intake.discard(entry)
        except intake.NotADraft:
            return redirect("submissions:entry", public_id)
        messages.success(request, _("The draft is gone."))
        return redirect("submissions:desk")
    return render(request, "submissions/discard.html", {"entry": entry})
