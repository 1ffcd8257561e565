"""Organizations and their members."""

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from moderation import contests, handling, queues, registrations
from moderation.forms.organizations import MemberForm, OrganizationForm
from moderation.panel import ORGANIZERS
from moderation.views import doors
from submissions.models import Contest, Organization, Role
from submissions.people import signed_in
from submissions.states import State

WAITING = Count("entries", filter=Q(entries__state=State.HELD))
IN_ALL = Count("entries", filter=~Q(entries__state__in=[State.DRAFT, State.WITHDRAWN]))


def home(request: HttpRequest) -> HttpResponse:
    """What waits for this person; for anyone else, what the desk offers to those who run a contest."""
    if not request.user.is_authenticated:
        return render(request, "moderation/welcome.html")
    user = signed_in(request)
    listed = Contest.objects.annotate(waiting=WAITING, received=IN_ALL).order_by("-closes_at")
    organizations = (
        Organization.objects.filter(memberships__user=user, memberships__role__in=ORGANIZERS)
        .prefetch_related(Prefetch("contests", queryset=listed))
        .order_by("name")
    )
    on_jury = Contest.objects.filter(
        organization__memberships__user=user, organization__memberships__role=Role.JUROR
    ).select_related("organization")
    context = {
        "organizations": organizations,
        "on_jury": on_jury.order_by("-closes_at"),
        "mentions": handling.unseen(user),
        "queues": queues.counts(user, queues.workable(user)),
        "own_cases": queues.own(user).count(),
        "later": registrations.unnoted(user).count(),
        "may_judge": registrations.may_judge(user),
    }
    return render(request, "moderation/home.html", context)


@login_required
def create(request: HttpRequest) -> HttpResponse:
    form = OrganizationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = contests.create_organization(form.cleaned_data["name"], by=signed_in(request))
        return redirect("moderation:organization", made.slug)
    return render(request, "moderation/organization_new.html", {"form": form})


@login_required
def organization(request: HttpRequest, slug: str) -> HttpResponse:
    """The members page: everybody who organizes sees it, owners change it."""
    found = doors.organization(request, slug)
    form = MemberForm(request.POST or None)
    may_manage = signed_in(request).has_perm("moderation.manage_members", found)
    if request.method == "POST":
        doors.organization(request, slug, "moderation.manage_members")
        if form.is_valid() and _within_limit(request, form) and _added(request, found, form):
            return redirect("moderation:organization", slug)
    context = {
        "organization": found,
        "contests": found.contests.annotate(waiting=WAITING, received=IN_ALL).order_by("-closes_at"),
        "memberships": found.memberships.select_related("user").order_by("role", "user__display_name"),
        "form": form,
        "may_manage": may_manage,
        "sole_owner": contests.sole_owner(found),
    }
    return render(request, "moderation/organization.html", context)


def _within_limit(request: HttpRequest, form: MemberForm) -> bool:
    """Whether this person may name another address yet: the answer tells whether an account has it."""
    allowed: bool = ratelimit.consume(request, action="add_member", user=request.user)
    if not allowed:
        form.add_error(None, _("That were many addresses within an hour. Try again later."))
    return allowed


def _added(request: HttpRequest, found: Organization, form: MemberForm) -> bool:
    email, role = form.cleaned_data["email"], Role(form.cleaned_data["role"])
    try:
        contests.add_member(found, email=email, role=role)
    except contests.NoSuchAccount:
        form.add_error("email", _("No account has this address. Ask the person to sign up first."))
    except contests.AlreadyMember:
        form.add_error("email", _("This person is a member already. Remove them first to give another role."))
    else:
        messages.success(request, _("%(email)s was added.") % {"email": email})
        return True
    return False


@login_required
@require_POST
def remove_member(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = doors.organization(request, slug, "moderation.manage_members")
    membership = get_object_or_404(found.memberships.select_related("user"), pk=pk)
    try:
        contests.remove_member(membership)
    except contests.LastOwner:
        messages.error(request, _("An organization needs an owner. This is the last one."))
    else:
        messages.success(request, _("%(person)s was removed.") % {"person": membership.user})
    return redirect("moderation:organization", slug)
