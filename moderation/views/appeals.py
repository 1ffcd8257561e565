"""An entrant's appeal: filed, and taken back."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from moderation.appeals import ending, filing, judgements
from moderation.appeals.forms import AppealForm
from submissions import reasons
from submissions.people import signed_in
from submissions.uploads import Refused
from submissions.views.drafts import own_entry


@login_required
def appeal(request: HttpRequest, public_id: UUID) -> HttpResponse:
    entry = own_entry(request, public_id)
    person = signed_in(request)
    judgement = judgements.in_force(entry)
    if judgement is None or judgement.bar is not None:
        messages.warning(request, _("There is no judgement that you could appeal now."))
        return redirect("submissions:entry", public_id)
    form = AppealForm(request.POST or None, request.FILES or None, judgement=judgement)
    if request.method == "POST" and form.is_valid():
        try:
            filing.file(entry, by=person, **form.appeal)
        except Refused as refused:
            form.add_error("evidence", str(refused))
        except filing.NotAppealable:
            messages.warning(request, _("There is no judgement that you could appeal now."))
            return redirect("submissions:entry", public_id)
        else:
            messages.success(request, _("Your appeal is filed. You will hear from us by e-mail."))
            return redirect("submissions:entry", public_id)
    context = {
        "entry": entry,
        "contest": entry.contest,
        "form": form,
        "judgement": judgement,
        "days": judgement.rules.clocks.appeal_decision,
        "reasons": reasons.of(entry, person),
    }
    return render(request, "moderation/appeal_new.html", context)


@login_required
def withdraw(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Asks first: the same judgement is not appealed twice."""
    entry = own_entry(request, public_id)
    appeal = entry.appeals.open().first()
    if appeal is None:
        return redirect("submissions:entry", public_id)
    if request.method == "POST":
        try:
            filing.withdraw(appeal, by=signed_in(request))
        except ending.AlreadyEnded:
            messages.warning(request, _("The appeal ended in this moment. Look where your entry stands now."))
        else:
            messages.success(request, _("Your appeal is taken back."))
        return redirect("submissions:entry", public_id)
    return render(request, "moderation/appeal_withdraw.html", {"entry": entry, "appeal": appeal})
