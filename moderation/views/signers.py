"""Whom an organization recognises beside the public lists. Organizers see it, owners change it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from moderation import health
from moderation.credentials import trusting
from moderation.forms.organizations import SignersForm
from moderation.views import doors
from moderation.wording.credentials import NOT_TRUSTABLE
from submissions.models import Organization
from submissions.people import signed_in


@login_required
def signers(request: HttpRequest, slug: str) -> HttpResponse:
    found = doors.organization(request, slug)
    form = SignersForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        doors.organization(request, slug, "moderation.manage_members")
        if form.is_valid() and _added(request, found, form):
            return redirect("moderation:signers", slug)
    context = {
        "organization": found,
        "own": found.trusted_authorities.filter(removed_at=None).select_related("added_by"),
        "removed": found.trusted_authorities.exclude(removed_at=None).select_related("removed_by"),
        "public": health.trust_lists(),
        "form": form,
        "may_manage": signed_in(request).has_perm("moderation.manage_members", found),
    }
    return render(request, "moderation/signers.html", context)


def _added(request: HttpRequest, organization: Organization, form: SignersForm) -> bool:
    pem = form.cleaned_data["file"].read(trusting.MAX_BYTES + 1)
    name = form.cleaned_data["name"]
    try:
        trusting.add(organization, name=name, pem=pem, by=signed_in(request))
    except trusting.NotTrustable as refused:
        form.add_error("file", str(NOT_TRUSTABLE[refused.why]))
        return False
    messages.success(request, _("Signers under “%(name)s” are recognised from now on.") % {"name": name})
    return True


@login_required
@require_POST
def remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = doors.organization(request, slug, "moderation.manage_members")
    authority = get_object_or_404(found.trusted_authorities, pk=pk)
    if trusting.remove(authority, by=signed_in(request)):
        messages.success(request, _("“%(name)s” is off the list.") % {"name": authority.name})
    return redirect("moderation:signers", slug)
