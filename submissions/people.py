"""Who is at the door."""

from django.http import HttpRequest

from submissions.models import User


def signed_in(request: HttpRequest) -> User:
    """The person behind ``request``. For views that only signed-in people reach."""
    if not isinstance(request.user, User):
        raise TypeError("nobody is signed in")  # a view without login_required
    return request.user
