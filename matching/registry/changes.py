"""The numbered list of changes that every index follows."""

from django.db import connection

from matching.models import Change, Work

LOCK = 20_261


def note(work: Work, kind: Change.Kind) -> None:
    """Number a change of the registry, in a transaction. Numbers are given in the order of commits."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [LOCK])
    Change.objects.create(work=work, kind=kind)
